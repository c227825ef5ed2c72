// The API under /api/v1: which routes there are. Each of them is a line of the command table in other clothes.
import type { FastifyInstance } from 'fastify'
import type { WebParts } from '../parts.ts'
import { accessRoutes } from '../access/routes.ts'
import { acceptDocuments, candidateRoutes } from './candidate-routes.ts'
import { commandRoutes } from './command-routes.ts'
import { configRoutes } from './config-routes.ts'
import { addDocument } from './document.ts'
import { jobRoutes } from './job-routes.ts'
import { Jobs } from './jobs.ts'
import { refuseOtherMedia } from './media.ts'
import { refuseOtherMethods, seeMethods } from './methods.ts'
import { objectRoutes } from './object-routes.ts'
import { sessionRoutes } from './session-routes.ts'

export { startDocument } from './document.ts'

export function addApi(app: FastifyInstance, parts: WebParts): void {
  const jobs = new Jobs()
  app.addHook('preClose', async () => jobs.stop())
  acceptDocuments(app)
  refuseOtherMedia(app)
  const seen = seeMethods(app)
  const routes = [
    ...accessRoutes(parts),
    ...objectRoutes(parts),
    ...sessionRoutes(parts, jobs),
    ...configRoutes(parts, jobs),
    ...candidateRoutes(parts, jobs),
    ...commandRoutes(parts, jobs),
    ...jobRoutes(jobs),
  ]
  for (const each of routes) app.route(each)
  parts.events.addRoutes(app)
  addDocument(app)
  refuseOtherMethods(app, seen)
}
