// The built page in memory: every file of its folder, read once, with what a browser needs to keep it. No path that
// somebody asks for ever reaches the file system; it is looked up here.
import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { BalancerError, systemCodeOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'

export interface PageFile {
  readonly type: string
  readonly cacheControl: string
  readonly plain: PageBody
  /** Undefined where it would not be smaller. */
  readonly zipped: PageBody | undefined
}

export interface PageBody {
  readonly bytes: Buffer
  readonly etag: string
}

/** By their paths below the folder: `index.html`, `assets/index-4f2a.js`. */
export type PageFiles = ReadonlyMap<string, PageFile>

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
}

/** What has another name whenever it has another content. */
const HASHED = 'assets/'
const FOR_EVER = 'public, max-age=31536000, immutable'
const ASK_AGAIN = 'no-cache'

const zip = promisify(gzip)

/** None where there is no such folder. @throws BalancerError TOO_LARGE; what the system says of a file it cannot read */
export async function readPageFiles(folder: string): Promise<PageFiles> {
  const files = new Map<string, PageFile>()
  let left: number = LIMITS.webPageBytesMax
  for (const path of await filesIn(folder)) {
    const bytes = await readFile(path)
    left -= bytes.length
    if (left < 0) {
      const most = `the files of a page have ${LIMITS.webPageBytesMax} bytes at most`
      throw new BalancerError('TOO_LARGE', `${folder}: ${most}`)
    }
    const name = relative(folder, path).split(sep).join('/')
    files.set(name, await fileOf(name, bytes))
  }
  return files
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await entriesIn(folder)
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

async function entriesIn(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true })
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
}

async function fileOf(name: string, bytes: Buffer): Promise<PageFile> {
  const packed = await zip(bytes, { level: constants.Z_BEST_COMPRESSION })
  const hash = createHash('sha256').update(bytes).digest('base64url')
  return {
    type: TYPES[extname(name)] ?? 'application/octet-stream',
    cacheControl: name.startsWith(HASHED) ? FOR_EVER : ASK_AGAIN,
    plain: { bytes, etag: `"${hash}"` },
    // Other bytes, another tag.
    zipped: packed.length < bytes.length ? { bytes: packed, etag: `"${hash}-gzip"` } : undefined,
  }
}
