// What code of a prompt may not do to the process, in the disguises that a slip or a copied line can have. The
// process of the tests stands for the one of the balancer: it must still be there, and be as it was.
import { PassThrough } from 'node:stream'
import vm from 'node:vm'
import { expect, test } from 'vitest'
import { withOrigin } from '../../../src/base/origin.ts'
import { guardedProcess, guardRealProcess } from '../../../src/ssh/prompt/guard.ts'

guardRealProcess()
const real = process
const context = vm.createContext({ process: guardedProcess(new PassThrough()), real })

/** As a prompt does: what it runs has a file name that tells it from everything else. */
const evaluate = (code: string): unknown =>
  vm.runInContext(code, context, { filename: 'REPL1000001' })

test.each([
  'process.exit(3)',
  'process.reallyExit(3)',
  'process._kill(process.pid, 9)',
  'process.kill(process.pid)',
  'process.emit("SIGTERM")',
  'process.removeAllListeners()',
  'process.exit = 1',
  'process.exitCode = 7',
  'delete process.exit',
  'Object.defineProperty(process, "exit", { value: 1 })',
  'Object.setPrototypeOf(process, null)',
  'Object.freeze(process)',
  'real.emit("SIGTERM")',
  'real.emit("exit", 3)',
  'real._kill(real.pid, 9)',
  'real.constructor.constructor("process.exit(3)")()',
  '[3].forEach(real.exit)',
])('%s is refused, with the right way', (code) => {
  expect(() => evaluate(code)).toThrow(/is refused at the prompt: /)
  expect(typeof real.exit).toBe('function')
  expect(typeof real.on).toBe('function')
  expect(real.exitCode).toBeUndefined()
})

test.each(['exit', 'reallyExit', 'abort'])(
  '%s handed over as it is still belongs to the operator',
  async (name) => {
    // On its own no frame of the stack tells who wanted it.
    const promised = withOrigin('ssh:alice', () => {
      const end = evaluate(`real.${name}`) as (status: number) => void
      return Promise.resolve(3).then(end)
    })
    await expect(promised).rejects.toThrow(/is refused at the prompt/)
  },
)

test('the environment at the prompt is a copy', () => {
  expect(evaluate('process.env.PATH')).toBe(real.env['PATH'])
  evaluate('process.env.TERM = "of-one-prompt"; delete process.env.PATH')
  expect(real.env['TERM']).not.toBe('of-one-prompt')
  expect(real.env['PATH']).toBeDefined()
})

test('what does no harm goes through', () => {
  expect(evaluate('process.pid')).toBe(real.pid)
  expect(evaluate('process.listenerCount("SIGTERM")')).toBe(real.listenerCount('SIGTERM'))
  expect(evaluate('real.emit("an event of somebody")')).toBe(false)
})
