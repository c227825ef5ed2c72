// `GET /metrics`: for callers, or for everybody who reaches the address where the configuration says so.
import type { FastifyInstance } from 'fastify'
import { requireCaller } from '../caller.ts'
import type { WebParts } from '../parts.ts'
import { Metrics } from './metrics.ts'

export function addMetrics(app: FastifyInstance, { process }: WebParts): void {
  const metrics = new Metrics(process)
  app.addHook('onClose', async () => metrics.stop())
  app.get(
    '/metrics',
    { config: { open: true }, schema: { hide: true } },
    async (request, reply) => {
      if (process.balancer.settings.web.metrics !== 'open') requireCaller(request)
      const { contentType, body } = await metrics.text()
      return reply.type(contentType).send(body)
    },
  )
}
