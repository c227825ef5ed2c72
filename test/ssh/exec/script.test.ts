// Input without a terminal (`ssh -T host < script`): lines in strict order, plain text out, and a status
// that says how it went.
import { readFileSync } from 'node:fs'
import ssh2 from 'ssh2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ssh, type SshTarget } from '../../helpers/ssh-client.ts'
import { type SshOperators, startSshOperators } from '../../helpers/ssh-operators.ts'

let sluice: SshOperators
let full: SshTarget
let view: SshTarget

beforeAll(async () => {
  sluice = await startSshOperators({ limits: { evaluationMs: 300 }, prompt: { answer: 42 } })
  ;({ full, view } = sluice)
})

afterAll(() => sluice.stop())

test.each([
  ['1+1\nthrow 1\n2+2\n', 1, '2\n', /^Uncaught 1\n$/],
  ['1\n.exit 7\n2\n', 7, '1\n', /^$/],
  ['.exit\n', 0, '', /^$/],
  ['await new Promise(r=>setTimeout(r,100,"a"))\n"b"\n', 0, "'a'\n'b'\n", /^$/],
  [
    'Promise.resolve(5)\nservices.web.listen("127.0.0.1:0").then(({ state }) => state)\n',
    0,
    "5\n'open'\n",
    /^$/,
  ],
  ['services.web.listen("127.0.0.1:99999")\n1\n', 1, '', /listen on ip:port/],
  ['if (1) {\n', 1, '', /in the middle of a statement/],
  ['if (1) {\r\n  7\r\n}\r\nlb.services.web.name', 0, "7\n'web'\n", /^$/],
  ['answer\n', 0, '42\n', /^$/],
  ['\ufeffshow groups | count\r\n\ufeff1', 0, '1\n1\n', /^$/],
  ['a b\n', 1, '', /^Uncaught REPL\d+:1\na b\n {2}\^\n\nSyntaxError: Unexpected identifier 'b'\n$/],
  ['const x = 1\nx + 1\n', 0, '2\n', /^$/],
  ['show groups | bad\n', 2, '', /./],
  ['process.exit(3)\n', 1, '', /RefusedExit: process\.exit\(\) is refused at the prompt.*Ctrl-D/],
  ['require("process").exit(3)\n', 1, '', /refused at the prompt/],
  ['process.kill(process.pid)\n', 1, '', /refused at the prompt/],
  ['process.abort()\n', 1, '', /refused at the prompt/],
  ['shwo groups\n1\n', 2, '', /no command "shwo", did you mean show\?/],
  ['resum\n', 2, '', /no command "resum", did you mean resume\?/],
  ['let sho = {\n  a: 1 }\nsho.a\n', 0, '1\n', /^$/],
  ['services.wbe\n1\n', 0, '1\n', /^undefined: services has web; did you mean web\?\n$/],
  [
    'services.web.groups.mian.hosts\n',
    1,
    '',
    /^undefined: groups has main; did you mean main\?\nUncaught TypeError/,
  ],
  ['services.web = 1\n', 1, '', /^refused: services\.web = 1: what it holds/],
  ['services.web.groups.main.hosts.a.counters.open = -3\n', 1, '', /it is counted, not set\n$/],
  ['const services = {}\nservices.mine = 1\nservices.other\nservices.mine\n', 0, '1\n1\n', /^$/],
  ['n = 5\nn + 1\n', 0, '5\n6\n', /^$/],
  ['process.stdout.write("to me\\n"); 0\n', 0, 'to me\n0\n', /^$/],
  ['if (true) {\n\tconst n = 1\n\tn + 1\n}\n', 0, '2\n', /^$/],
  ['typeof net, typeof cluster, typeof require\n', 0, "'function'\n", /^$/],
  [
    'while (true) { try { while (true) {} } catch {} finally { continue } }\n',
    1,
    '',
    /cut after 300ms/,
  ],
  ['({ get a() { while (true) {} } }).a\n', 1, '', /cut after 300ms/],
  [
    '({ [Symbol.for("nodejs.util.inspect.custom")]() { while (true) {} } })\n',
    0,
    /cannot be printed: cut/,
    /^$/,
  ],
  ['/(a+)+$/.test("a".repeat(40) + "b")\n', 1, '', /cut after 300ms/],
  ['lb.configure("hostCheck", { rise: 0 })\n', 1, '', /^.*hostCheck: rise is a whole number.*\n$/],
])('%j ends with status %d', async (input, status, printed, err) => {
  const out = typeof printed === 'string' ? exactly(printed) : printed
  const result = await ssh(full, ['-T'], input)
  expect(result.status).toBe(status)
  expect(result.out).toMatch(out)
  expect(result.err).toMatch(err)
})

test('commands and JavaScript mix, and the first command that fails ends it', async () => {
  const input =
    'set host web/main/a weight 9\nservices.web.groups.main.hosts.a.weight\nset host web/main/nowhere weight 1\n1\n'
  const { status, out, err } = await ssh(full, ['-T'], input)
  expect(status).toBe(4)
  expect(out).toMatch(/\n9\n$/)
  expect(err).toMatch(/nowhere/)
})

test('two thousand lines run in order', async () => {
  const input = `let n = 0\n${'n += 1\n'.repeat(2_000)}`
  const { status, out } = await ssh(full, ['-T'], input)
  expect(status).toBe(0)
  const expected = Array.from({ length: 2_000 }, (_, index) => `${index + 1}\n`).join('')
  expect(out).toBe(expected)
})

test('roles below full run commands and evaluate nothing', async () => {
  expect(await ssh(view, ['-T'], 'show groups\n')).toMatchObject({ status: 0, err: '' })
  for (const line of [
    'process.pid',
    '1',
    '.editor',
    '.load /etc/passwd',
    '.break',
    'js 1',
    'services.web',
    'lb',
    '"show"',
  ]) {
    const { status, out } = await ssh(view, ['-T'], `${line}\n`)
    expect({ line, status, out }).toEqual({ line, status: 2, out: '' })
  }
})

test('one session sees nothing of the names of another, and both see the balancer', async () => {
  await ssh(
    full,
    ['-T'],
    'globalThis.mine = 1\nObject.prototype.stray = 1\nlb.services.web.groups.main.hosts.b.weight = 3\n',
  )
  const { out } = await ssh(
    full,
    ['-T'],
    'typeof mine + typeof {}.stray\nlb.services.web.groups.main.hosts.b.weight\n',
  )
  expect(out).toBe("'undefinedundefined'\n3\n")
})

test('a result as large as memory prints bounded', async () => {
  const { status, out } = await ssh(
    full,
    ['-T'],
    'Array.from({ length: 1e4 }, () => "x".repeat(1e4))\n',
  )
  expect(status).toBe(0)
  expect(out.length).toBeLessThan(1_000_000)
})

test('everything that a script prints arrives, at the pace of the client, while keys are renewed', async () => {
  const input =
    'for (let n = 0; n < 90; n++) console.log(String(n).padEnd(99_999, "."))\n"between"\nconsole.log("last")\n'
  const fresh = { ...full, options: ['RekeyLimit=1M'] }
  const { status, out, err } = await ssh(fresh, ['-T'], input)
  expect({ status, err, length: out.length }).toEqual({ status: 0, err: '', length: 9_000_015 })
  expect(out.endsWith("'between'\nlast\n")).toBe(true)
  const once = await ssh(full, ["js 'console.log(String(1).padEnd(8_000_000)); 5'"])
  expect({ status: once.status, length: once.out.length }).toEqual({ status: 0, length: 8_000_003 })
})

test('a statement that prints without end fails and says so', async () => {
  const input = 'for (let n = 0; n < 900; n++) console.log("x".repeat(100_000))\n1\n'
  const { status, out, err } = await ssh(full, ['-T'], input)
  expect(status).toBe(1)
  expect(out).not.toMatch(/\n1\n$/)
  expect(err).toMatch(/^refused: one statement printed more than \d+ bytes; put an await/)
})

test('results and messages arrive whole and once at a client that makes both wait', async () => {
  const client = new ssh2.Client()
  const channel = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
    client.on('error', reject)
    client.on('ready', () => {
      client.shell(false, (error, opened) =>
        error === undefined ? resolve(opened) : reject(error),
      )
    })
    const privateKey = readFileSync(sluice.key.file)
    client.connect({ host: '127.0.0.1', port: sluice.port, username: 'op', privateKey })
  })
  const grant = windowInHand(client, channel)
  const expected = `'${'x'.repeat(9_000)}'\n`.repeat(300)
  channel.end(`${'"x".repeat(9_000)\n'.repeat(300)}null.late\n`)
  const texts = Promise.all([textOf(channel), textOf(channel.stderr)])
  let received = 0
  channel.on('data', (bytes: Buffer) => {
    received += bytes.length
  })
  await expect.poll(() => received, { timeout: 8_000 }).toBe(WINDOW_BYTES)
  // Exactly the rest of the results fits, so that the message has to wait a second time.
  grant(expected.length - WINDOW_BYTES)
  const failing = () =>
    sluice.log.of('ssh prompt input').some((facts) => facts.line === 'null.late')
  await expect.poll(failing, { timeout: 8_000 }).toBe(true)
  grant(100_000)
  const [out, err] = await texts
  expect(out === expected).toBe(true)
  expect(err).toMatch(/^Uncaught TypeError/)
  const closed = new Promise((resolve) => client.on('close', () => resolve(undefined)))
  client.end()
  await closed
})

/** What a client of ssh2 grants at first. */
const WINDOW_BYTES = 2 * 1_024 * 1_024

/** Take the window of a channel out of the client's hands. @returns grants so many bytes more */
function windowInHand(client: ssh2.Client, channel: ssh2.ClientChannel): (bytes: number) => void {
  const { _protocol: protocol } = client as unknown as {
    readonly _protocol: { channelWindowAdjust(id: number, bytes: number): void }
  }
  const { outgoing } = channel as unknown as { readonly outgoing: { readonly id: number } }
  const adjust = protocol.channelWindowAdjust.bind(protocol)
  protocol.channelWindowAdjust = () => {}
  return (bytes) => adjust(outgoing.id, bytes)
}

/** An expression for this text and no other. */
function exactly(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}$`)
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
