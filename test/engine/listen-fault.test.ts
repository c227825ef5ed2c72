// Why a port could not be opened: each code of the system becomes an error with the next step in it.
import { expect, test } from 'vitest'
import { listenFault } from '../../src/engine/listen-fault.ts'

const at = { address: '127.0.0.1:80', message: 'listen failed' }

test.each([
  ['EADDRINUSE', 'PORT_TAKEN', 'find the owner with: ss -ltnp'],
  ['EACCES', 'PORT_DENIED', '127.0.0.1:80 needs a right that this process lacks'],
  ['EADDRNOTAVAIL', 'PORT_DENIED', '127.0.0.1:80 is no address of this machine'],
  ['EMFILE', 'PORT_DENIED', '127.0.0.1:80: listen failed'],
  [undefined, 'PORT_DENIED', '127.0.0.1:80: listen failed'],
])('%s is %s', (code, expected, words) => {
  const cause = new Error('of the system')
  const fault = listenFault(code, { ...at, cause })
  expect(fault).toMatchObject({ code: expected, cause })
  expect(fault.message).toContain(words)
})
