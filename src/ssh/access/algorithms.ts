// What is offered to a client before anybody logs in: how to exchange keys, how to encrypt, how to seal. Two
// lists, one for clients of today and one that old clients need; neither has CBC, SHA-1 or 1024-bit groups.
import type { Algorithms } from 'ssh2'

export type AlgorithmChoice = 'modern' | 'old'

const MODERN = {
  // The name with @libssh.org must come first: ssh2 misreads a correctly guessed first packet of a key
  // exchange and hangs, and Dropbear's client guesses the other one. What ssh2 offers by itself includes
  // diffie-hellman-group-exchange-sha256, which it cannot do as a server.
  kex: ['curve25519-sha256@libssh.org', 'curve25519-sha256', 'diffie-hellman-group16-sha512'],
  // An RSA key is offered without SHA-1 by other means: see ssh2-private.ts.
  serverHostKey: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ],
  cipher: [
    'chacha20-poly1305@openssh.com',
    'aes256-gcm@openssh.com',
    'aes128-gcm@openssh.com',
    'aes256-ctr',
    'aes192-ctr',
    'aes128-ctr',
  ],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'],
  compress: ['none'],
} as const satisfies Algorithms

const OLD = {
  ...MODERN,
  kex: [
    ...MODERN.kex,
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group14-sha256',
  ],
  hmac: [...MODERN.hmac, 'hmac-sha2-256', 'hmac-sha2-512'],
} as const satisfies Algorithms

export const ALGORITHMS: Readonly<Record<AlgorithmChoice, Algorithms>> = {
  modern: MODERN as Algorithms,
  old: OLD as Algorithms,
}
