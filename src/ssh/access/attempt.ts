// What a client tries, from the form in which ssh2 hands it over to ours. It takes some signatures apart and
// leaves others as they came; here they become alike.
import type { AuthContext, PublicKeyAuthContext } from 'ssh2'
import type { RefusedLogin } from '../../access/login-notes.ts'
import type { Proof } from './key-login.ts'
import type { Attempt } from './login.ts'
import { fingerprintOf, readSignature, type Signature } from './public-keys.ts'
import { readWire, WireError } from './wire.ts'

/** A FIDO token appends a byte and a count to its signature. */
const TOKEN_BYTES = 5
/** Fits no key: what could not be read counts as a try with a wrong signature. */
const UNREADABLE: Signature = { algorithm: '', value: Buffer.alloc(0), form: 'ssh' }

/** A client that only asks whether a key would do has not tried anything yet. */
export function isQuestion(attempt: Attempt): boolean {
  return attempt.method === 'publickey' && attempt.proof === undefined
}

/** A try that was refused, as it is noted: never with the password. */
export function refusedLogin(
  attempt: Attempt,
  who: Pick<RefusedLogin, 'name' | 'address' | 'reason'>,
): RefusedLogin {
  const { method } = attempt
  const shown = method === 'publickey' ? { key: fingerprintOf(attempt.key) } : {}
  return { ...who, method, ...shown, isQuestion: isQuestion(attempt) }
}

/** How much of a try it is: a client with many keys asks for each of them, and every client asks what there is. */
export function costOf(context: AuthContext): number {
  const asks = context.method === 'publickey' && context.signature === undefined
  return asks || context.method === 'none' ? 0.5 : 1
}

/** What the client tries, in our words; undefined for what is never accepted (`none`, host-based). */
export async function attemptOf(
  context: AuthContext,
  closed: AbortSignal,
): Promise<Attempt | undefined> {
  switch (context.method) {
    case 'publickey': {
      const proof = proofOf(context)
      return { method: 'publickey', key: context.key.data, ...(proof && { proof }) }
    }
    case 'password':
      // It is an object when the client asks for a change of the password.
      if (typeof context.password !== 'string') return undefined
      return { method: 'password', password: context.password }
    case 'keyboard-interactive': {
      const prompted = new Promise<unknown>((resolve) => {
        context.prompt([{ prompt: 'Password: ', echo: false }], resolve)
        closed.addEventListener('abort', () => resolve([]))
      })
      // Answers are an Error when the client went on to something else.
      const answers = await prompted
      const [password] = Array.isArray(answers) ? answers : []
      return typeof password === 'string' ? { method: 'password', password } : undefined
    }
    default:
      return undefined
  }
}

function proofOf({ key, blob, signature, hashAlgo }: PublicKeyAuthContext): Proof | undefined {
  if (blob === undefined || signature === undefined) return undefined
  return { blob, signature: signatureOf(key.algo, signature, hashAlgo) }
}

function signatureOf(algorithm: string, bytes: Buffer, hash: string | undefined): Signature {
  if (algorithm.endsWith('-cert-v01@openssh.com')) {
    const read = readWire(bytes, readSignature)
    return read instanceof WireError ? UNREADABLE : read
  }
  if (algorithm.startsWith('sk-')) return tokenSignature(algorithm, bytes)
  // ssh2 calls every RSA signature ssh-rsa; without a hash it was made with SHA-1 and stays under that name.
  const name =
    algorithm === 'ssh-rsa' && hash !== undefined ? hash.replace('sha', 'rsa-sha2-') : algorithm
  return { algorithm: name, value: bytes, form: 'der' }
}

function tokenSignature(algorithm: string, bytes: Buffer): Signature {
  if (bytes.length <= TOKEN_BYTES) return UNREADABLE
  const told = bytes.subarray(-TOKEN_BYTES)
  return {
    algorithm,
    value: bytes.subarray(0, -TOKEN_BYTES),
    form: 'ssh',
    token: { flags: told.readUInt8(), counter: told.readUInt32BE(1) },
  }
}
