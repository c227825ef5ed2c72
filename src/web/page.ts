// Serves the built page to whoever asks, log-in or not: it holds nothing that a stranger may not know. Everything else a
// browser wants to show ends at the page as well, which finds its way by what stands behind the `#`.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { factsOf } from '../base/errors.ts'
import { type PageFile, type PageFiles, readPageFiles } from './page-files.ts'
import type { WebParts } from './parts.ts'

const INDEX = 'index.html'
const NOT_BUILT = 'The page is not built. To build it: npm run build\n'
/** What programs ask is answered to programs. */
const NOT_OURS = /^\/(?:api|metrics)(?:[/?]|$)/

export class Page {
  #files: PageFiles = new Map()

  /** @throws BalancerError TOO_LARGE; what the system says of a file it cannot read */
  async load(folder: string): Promise<void> {
    this.#files = await readPageFiles(folder)
  }

  /** The page itself. */
  sendIndex(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const index = this.#files.get(INDEX)
    if (index !== undefined) return sendFile(index, request, reply)
    return reply.code(404).type('text/plain; charset=utf-8').send(NOT_BUILT)
  }

  /** Answer what no route does, where a browser shows what comes. @returns undefined where that is not so */
  answer(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
    const { method, url, headers } = request
    if ((method !== 'GET' && method !== 'HEAD') || NOT_OURS.test(url)) return undefined
    const [path = ''] = url.split('?', 1)
    const file = this.#files.get(path.slice(1))
    if (file !== undefined) return sendFile(file, request, reply)
    const isShown = headers.accept?.includes('text/html') === true
    return isShown && this.#files.has(INDEX) ? this.sendIndex(request, reply) : undefined
  }

  /** One of the files that the page is made of. */
  sendAsset(name: string, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const file = this.#files.get(`assets/${name}`)
    if (file === undefined) {
      reply.callNotFound()
      return reply
    }
    return sendFile(file, request, reply)
  }
}

/** @returns what also answers requests that no route does */
export function addPage(app: FastifyInstance, { log, pageFolder }: WebParts): Page {
  const page = new Page()
  app.addHook('onReady', async () => {
    // Without it everything else is still of use.
    await page.load(pageFolder).catch((error: unknown) => {
      log.error('web page not served', { folder: pageFolder, ...factsOf(error) })
    })
  })
  const config = { open: true } as const
  app.route({
    method: ['GET', 'HEAD'],
    url: '/',
    config,
    handler: async (...given) => page.sendIndex(...given),
  })
  app.route<{ Params: { '*': string } }>({
    method: ['GET', 'HEAD'],
    url: '/assets/*',
    config,
    handler: async (request, reply) => page.sendAsset(request.params['*'], request, reply),
  })
  return page
}

function sendFile(file: PageFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { headers, method } = request
  const takesZipped = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(
    String(headers['accept-encoding'] ?? ''),
  )
  const isZipped = takesZipped && file.zipped !== undefined
  const { bytes, etag } = (isZipped ? file.zipped : undefined) ?? file.plain
  reply.headers({ 'cache-control': file.cacheControl, etag, vary: 'accept-encoding' })
  if (isKnown(headers['if-none-match'], etag)) return reply.code(304).send()
  reply.type(file.type).header('content-length', bytes.length)
  if (isZipped) reply.header('content-encoding', 'gzip')
  return reply.send(method === 'HEAD' ? undefined : bytes)
}

function isKnown(tags: string | undefined, etag: string): boolean {
  if (tags === undefined) return false
  const known = tags.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known.includes(etag) || known.includes('*')
}
