// Words of a request that mean the same on every route that takes them, as schemas.
import type { Schema } from './schema.ts'

export const DRY_RUN: Schema = {
  type: 'boolean',
  description: 'Only say what would be answered and changed; nothing is done.',
}

export const SCOPE: Schema = {
  type: 'string',
  description: 'Path of an object: it and everything below, as in `web` or `web/main`.',
}

export const FORCE: Schema = {
  type: 'boolean',
  description: 'Even where nobody is left to serve then.',
}

export const IF_MATCH: Schema = {
  type: 'string',
  description:
    'ETag of the version that was seen; `*` for any. Where it is another one by now: 412, with what is there now.',
}

export const IF_NONE_MATCH: Schema = {
  type: 'string',
  description: '`*`: only where nothing is there yet.',
}

export const PREFER: Schema = {
  type: 'string',
  description: '`respond-async`: answer with a job at once.',
}

/** Of a 204. */
export const NOTHING: Schema = { type: 'null', description: 'Done; there is nothing to say.' }
