// Keys that live in a FIDO token. The token is played here: by OpenSSH's description of what one signs, behind an
// agent of our own for the real client.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { attemptOf } from '../../../src/ssh/access/attempt.ts'
import { parseKeyLine } from '../../../src/ssh/access/key-line.ts'
import { judge, type Verdict, type Visit } from '../../../src/ssh/access/login.ts'
import type { Signature } from '../../../src/ssh/access/public-keys.ts'
import { WireReader, wireString } from '../../../src/ssh/access/wire.ts'
import { startSshBalancer } from '../../helpers/ssh-balancer.ts'
import { ssh } from '../../helpers/ssh-client.ts'

interface Token {
  readonly type: string
  readonly line: string
  readonly data: Buffer
  readonly privateKey: KeyObject
}

const MESSAGE = Buffer.from('session id and request')
const TOUCHED = 1
const VERIFIED = 4
const tokens = [ed25519Token(), ecdsaToken()]

test.each(tokens.map((token) => [token.type, token] as const))('%s', async (_type, token) => {
  expect(await verdictOf(token, '', TOUCHED)).toMatchObject({ kind: 'in' })
  expect(await verdictOf(token, '', TOUCHED | VERIFIED)).toMatchObject({ kind: 'in' })
  expect(await verdictOf(token, '', 0)).toMatchObject({
    reason: expect.stringMatching(/not touched$/),
  })
  expect(await verdictOf(token, 'no-touch-required', 0)).toMatchObject({ kind: 'in' })
  expect(await verdictOf(token, 'verify-required', TOUCHED)).toMatchObject({ kind: 'refused' })
  const verified = await verdictOf(token, 'verify-required', TOUCHED | VERIFIED)
  expect(verified).toMatchObject({ kind: 'in' })
})

test.each(tokens.map((token) => [token.type, token] as const))(
  '%s: what the token said cannot be changed afterwards',
  async (_type, token) => {
    const signature = signedBy(token, 0)
    for (const flags of [TOUCHED, TOUCHED | VERIFIED]) {
      const told = Buffer.from(signature)
      told.writeUInt8(flags, told.length - 5)
      expect(await verdictWith(token, '', told)).toMatchObject({ kind: 'refused' })
    }
    const counted = signedBy(token, TOUCHED)
    counted.writeUInt32BE(8, counted.length - 4)
    expect(await verdictWith(token, '', counted)).toMatchObject({ kind: 'refused' })
    for (let length = 0; length < signature.length; length++) {
      const cut = await verdictWith(token, 'no-touch-required', signature.subarray(0, length))
      expect(cut).toMatchObject({ kind: 'refused' })
    }
  },
)

test('a signature of the key itself, without the form of a token, is none', async () => {
  const [token] = tokens
  if (token === undefined) throw new TypeError('no token')
  const raw = sign(undefined, MESSAGE, token.privateKey)
  const signature: Signature = { algorithm: token.type, value: raw, form: 'ssh' }
  const attempt = {
    method: 'publickey',
    key: token.data,
    proof: { blob: MESSAGE, signature },
  } as const
  expect(await judge(VISIT, attempt, directoryOf(token, ''))).toMatchObject({ kind: 'refused' })
})

test.each(tokens.map((token) => [token.type, token] as const))(
  '%s logs in with the real client, and not without a touch',
  async (type, token) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-fido-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'token.pub')
    writeFileSync(file, `${token.line}\n`, { mode: 0o600 })
    const sluice = await startSshBalancer([{ name: 'op', access: 'full', keys: [token.line] }])
    onTestFinished(() => sluice.stop())
    for (const [flags, status] of [
      [TOUCHED, 0],
      [0, 255],
    ] as const) {
      const agent = await agentOf(token, flags, join(folder, `agent${flags}`))
      const options = [`IdentityAgent=${agent}`, `PubkeyAcceptedAlgorithms=${type}`]
      const target = { folder, port: sluice.port, user: 'op', key: file, options }
      expect(await ssh(target, ['show groups'])).toMatchObject({ status })
    }
  },
)

const VISIT: Visit = { name: 'op', address: '127.0.0.1', now: 0, earlier: undefined }

function verdictOf(token: Token, options: string, flags: number): Promise<Verdict> {
  return verdictWith(token, options, signedBy(token, flags))
}

/** Through the door by which ssh2 hands it over: without the name and the length in front. */
async function verdictWith(token: Token, options: string, signature: Buffer): Promise<Verdict> {
  const context = {
    method: 'publickey',
    key: { algo: token.type, data: token.data },
    blob: MESSAGE,
    signature,
  }
  const given = context as unknown as Parameters<typeof attemptOf>[0]
  const attempt = await attemptOf(given, new AbortController().signal)
  if (attempt === undefined) throw new TypeError('no attempt')
  return judge(VISIT, attempt, directoryOf(token, options))
}

function directoryOf({ line }: Token, options: string) {
  const key = parseKeyLine(`${options} ${line}`)
  if (typeof key === 'string') throw new TypeError(key)
  const user = { name: 'op', access: 'full', password: '', auth: 'any', keys: [] } as const
  return { users: [user], keysOf: async () => [key] }
}

/** An ssh-agent that lists one key and signs with it. @returns its socket */
async function agentOf(token: Token, flags: number, path: string): Promise<string> {
  const answer = (request: Buffer): Buffer => {
    const reader = new WireReader(request)
    if (reader.byte() !== 13) {
      const one = Buffer.from([12, 0, 0, 0, 1])
      return Buffer.concat([one, wireString(token.data), wireString('token')])
    }
    reader.string()
    const signature = signedBy(token, flags, reader.string())
    const [value, told] = [signature.subarray(0, -5), signature.subarray(-5)]
    const whole = Buffer.concat([wireString(token.type), wireString(value), told])
    return Buffer.concat([Buffer.from([14]), wireString(whole)])
  }
  const server = createServer((socket: Socket) => {
    let waiting = Buffer.alloc(0)
    socket.on('data', (bytes: Buffer) => {
      waiting = Buffer.concat([waiting, bytes])
      while (waiting.length >= 4 && waiting.length >= 4 + waiting.readUInt32BE()) {
        const end = 4 + waiting.readUInt32BE()
        socket.write(wireString(answer(waiting.subarray(4, end))))
        waiting = waiting.subarray(end)
      }
    })
  })
  server.listen(path)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return path
}

/** The signature of a token that saw what the flags say. */
function signedBy({ type, privateKey }: Token, flags: number, message: Buffer = MESSAGE): Buffer {
  const told = Buffer.from([flags, 0, 0, 0, 7])
  const text = Buffer.concat([sha256('ssh:'), told, sha256(message)])
  if (type.includes('ed25519')) return Buffer.concat([sign(undefined, text, privateKey), told])
  const pair = sign('sha256', text, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const numbers = [pair.subarray(0, 32), pair.subarray(32)].map((number) =>
    wireString(mpint(number)),
  )
  return Buffer.concat([...numbers, told])
}

function ed25519Token(): Token {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  return tokenOf('sk-ssh-ed25519@openssh.com', [Buffer.from(x, 'base64url')], privateKey)
}

function ecdsaToken(): Token {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const [a, b] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]
  const point = Buffer.concat([Buffer.from([4]), a, b])
  const fields = [Buffer.from('nistp256'), point]
  return tokenOf('sk-ecdsa-sha2-nistp256@openssh.com', fields, privateKey)
}

function tokenOf(type: string, fields: readonly Buffer[], privateKey: KeyObject): Token {
  const data = Buffer.concat([Buffer.from(type), ...fields, Buffer.from('ssh:')].map(wireString))
  return { type, line: `${type} ${data.toString('base64')} token`, data, privateKey }
}

function mpint(number: Buffer): Buffer {
  const first = number.findIndex((byte) => byte !== 0)
  const bytes = number.subarray(first)
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes
}

function sha256(content: Buffer | string): Buffer {
  return createHash('sha256').update(content).digest()
}
