// The OpenAPI document of the API, made of the very schemas that requests are checked by, and the page on which it can be
// browsed and tried.
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { route, sendJson } from './answers.ts'
import { addSchemas } from './schemas.ts'

const DESCRIPTION = `Everything that an operator can type can be called. Fields are named as in the answers of --json.

Who calls: a program with \`Authorization: Bearer TOKEN\` (\`token create\`), or a page with the cookie of its log-in and
the header \`x-sluice-csrf\`. What a caller may do is what its role may do over ssh.

Refusals are problem details (RFC 9457) with the code of docs/errors.md.`

/** Before any route is added: it looks at each as it comes. */
export function startDocument(app: FastifyInstance, version: string): void {
  addSchemas(app)
  // Answers are texts by then: a serialiser made of each schema would cost time at the start, and drop what it lacks.
  app.setSerializerCompiler(() => JSON.stringify)
  app.register(swagger, {
    hideUntagged: true,
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Sluice', version, description: DESCRIPTION },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          page: { type: 'apiKey', in: 'cookie', name: 'sluice' },
        },
      },
      security: [{ token: [] }, { page: [] }],
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => {
        return typeof json.$id === 'string' ? json.$id : `schema-${index}`
      },
    },
  })
}

/** Of the one style that the page writes into its markup: it hides the shapes of its signs. */
const OWN_STYLE = "'unsafe-hashes' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='"

/** The browser may ask nobody but this server. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' ${OWN_STYLE}`,
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export function addDocument(app: FastifyInstance): void {
  let text: string | undefined
  const shown = () => {
    text ??= JSON.stringify(app.swagger())
    return text
  }
  app.route(
    route(
      'GET',
      '/openapi.json',
      {
        tag: 'commands',
        operationId: 'getDocument',
        summary: 'this document',
        answers: { 200: { type: 'object', description: 'OpenAPI 3.1' } },
      },
      async (_, reply) => sendJson(reply, shown()),
    ),
  )
  app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: CONTENT_SECURITY_POLICY,
    uiConfig: { docExpansion: 'none', deepLinking: true },
    theme: { title: 'Sluice' },
  })
}
