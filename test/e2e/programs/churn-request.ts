// The first bytes of a connection, by which a client of the churn says what its host shall do.

export const WISHES = ['echo', 'download', 'greet', 'reset'] as const
export type Wish = (typeof WISHES)[number]

export interface Request {
  readonly wish: Wish
  /** How many it wants, where it wants any. */
  readonly bytes: number
}

export const REQUEST_BYTES = 5

export function requestBytes({ wish, bytes }: Request): Buffer {
  const head = Buffer.alloc(REQUEST_BYTES)
  head.writeUInt8(WISHES.indexOf(wish))
  head.writeUInt32BE(bytes, 1)
  return head
}

export function requestOf(head: Buffer): Request {
  const wish = WISHES[head.readUInt8()]
  if (wish === undefined) throw new Error(`not a request: ${head.toString('hex')}`)
  return { wish, bytes: head.readUInt32BE(1) }
}
