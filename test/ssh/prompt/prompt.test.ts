// The prompt in a real terminal: what an operator presses and what the screen shows.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SshBalancer, startSshBalancer } from '../../helpers/ssh-balancer.ts'
import { makeClientKey, type SshTarget } from '../../helpers/ssh-client.ts'
import { atPrompt, PROMPT, TestTerminal } from '../../helpers/terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-prompt-'))
const key = makeClientKey(folder, 'key')
let sluice: SshBalancer
let full: SshTarget
let view: SshTarget

beforeAll(async () => {
  const keys = [key.line]
  sluice = await startSshBalancer(
    [
      { name: 'op', access: 'full', keys },
      { name: 'view', access: 'readonly', keys },
      { name: 'brief', access: 'full', keys },
    ],
    { limits: { evaluationMs: 300 }, historyFolder: join(folder, 'history') },
  )
  full = { folder, port: sluice.port, user: 'op', key: key.file }
  view = { ...full, user: 'view' }
})

afterAll(async () => {
  await sluice.stop()
  rmSync(folder, { recursive: true })
})

test('the banner says what there is, and Ctrl-D leaves with status 0', async () => {
  await atPrompt(full, async (terminal) => {
    const screen = await terminal.shows(PROMPT)
    expect(screen).toMatch(
      /^Sluice 0\.1\.0, node engine: 1 service, 3 hosts ready\.\n"help" explains, TAB completes, Ctrl-D leaves\.\nsluice>/,
    )
    await terminal.press('C-d')
    await terminal.shows(/^status=0$/m)
  })
})

test('Tab completes the names of the live objects and the words of commands', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.type('services.web.enabledG')
    await terminal.press('Tab')
    await terminal.shows(/services\.web\.enabledGroup/)
    await terminal.press('C-c')
    await terminal.type('services.web.groups.main.hosts.')
    await terminal.pressUntil('Tab', /^services\.web\.groups\.main\.hosts\.a\b/m)
    await terminal.press('C-c')
    // SharedArrayBuffer begins like that as well, but in capitals.
    await terminal.type('sh')
    await terminal.press('Tab')
    await terminal.shows(/sluice> show/m)
    await terminal.type(' hos')
    await terminal.press('Tab')
    await terminal.shows(/sluice> +show +hosts/m)
  })
})

test('Tab on an empty line shows the commands and the live objects, not the language', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.pressUntil('Tab', /rebalance[\s\S]*services/)
    expect(await terminal.screen()).not.toContain('Uint8Array')
  })
})

test('exit leaves, unless it is a name of the operator', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.line('const quit = 7')
    await terminal.line('quit')
    await terminal.shows(/^7$/m)
    await terminal.line('exit')
    await terminal.shows(/status=0/)
  })
})

test('a stack ends where the line of the operator ends, in colours, too', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.line('nowhere')
    const screen = await terminal.shows(/nowhere is not defined\n +at REPL\d+:1:1[\s\S]*sluice>/)
    expect(screen).not.toContain('node:')
  })
})

test('a command runs at the prompt, and what looks like JavaScript is evaluated', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.line('show groups')
    await terminal.shows(/^GROUP[\s\S]*web\/main/m)
    await terminal.line('services.web.groups.main.hosts.c.weight = 6')
    await terminal.shows(/^6$/m)
    expect(sluice.balancer.service('web').group('main').host('c').weight).toBe(6)
    await terminal.line('await services.web.listen("127.0.0.1:8181").then((it) => it.state)')
    await terminal.shows(/^'open'$/m)
    await terminal.line('const save = "mine"')
    await terminal.line('save')
    await terminal.shows(/^'mine'$/m)
    await terminal.line('help')
    await terminal.shows(/Commands and JavaScript live at one prompt/)
  })
})

test('Ctrl-C gives up a wait, clears a line and does not leave', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.line('await new Promise(() => {})')
    await terminal.shows(/\{\}\)$/m)
    await terminal.press('C-c')
    await terminal.shows(/^Uncaught Interrupted$/m)
    await terminal.type('half a line')
    await terminal.press('C-c')
    await terminal.line('20 + 22')
    await terminal.shows(/^42$/m)
  })
})

test('a loop is cut and says so, and the prompt is back', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.line('while (true) {}')
    await terminal.shows(/CutEvaluation: cut after 300ms/)
    await terminal.line('20 + 22')
    await terminal.shows(/^42$/m)
  })
})

test('a long line wraps at the window, also after it was resized', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.type(`"${'x'.repeat(100)}"`)
    await terminal.shows(/^sluice> "x{71}\nx{29}"$/m)
    await terminal.resize(60, 20)
    await terminal.shows(/^sluice> "x{51}\nx{49}"$/m)
    await terminal.press('C-c')
    await terminal.line('process.stdout === undefined')
    await terminal.shows(/^false$/m)
  })
})

test('many pasted lines run one after the other', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.type(
      'var n = 0\nawait new Promise((done) => setTimeout(done, 50))\nn += 1\nif (n) {\n  n += 10\n}\n',
    )
    await terminal.shows(/^11$/m)
  })
})

test('the editor takes many lines, and Ctrl-D ends it without leaving', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.line('.editor')
    await terminal.shows(/Entering editor mode/)
    await terminal.line('function twice(n) {')
    await terminal.line('return 2 * n }')
    await terminal.line('twice(21)')
    await terminal.press('C-d')
    await terminal.shows(/^42$/m)
    await terminal.line('.exit 3')
    await terminal.shows(/^status=3$/m)
  })
})

test('the file commands of the stock prompt are gone', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.line('.load /etc/passwd')
    await terminal.shows(/Invalid REPL keyword/)
    await terminal.line('.save /tmp/never')
    await terminal.shows(/Invalid REPL keyword[\s\S]*Invalid REPL keyword/)
  })
})

test('a late error shows above the line that is being typed', async () => {
  await atPrompt(full, async (terminal) => {
    const { showToPrompt } = await import('../../../src/ssh/server.ts')
    await terminal.line('var late = new Error("so late")')
    await terminal.shows(/Error\("so late"\)[\s\S]*sluice>\s*$/m)
    await terminal.type('half a line')
    await terminal.shows(/half a line$/m)
    const stack = sluice.log.of('ssh prompt input').at(-1)
    expect(stack).toMatchObject({ operator: 'op' })
    await terminal.press('C-c')
    await terminal.line(
      'setImmediate(() => { globalThis.caught = late }); late.stack.match(/REPL\\d+/)[0]',
    )
    const screen = await terminal.shows(/^'(REPL\d+)'$/m)
    const [, file] = /^'(REPL\d+)'$/m.exec(screen) ?? []
    await terminal.type('half a line')
    const error = new Error('out of a timer')
    error.stack = `Error: out of a timer\n    at ${file}:1:1`
    expect(showToPrompt(error)).toBe(true)
    await terminal.shows(/Uncaught \(async\) Error: out of a timer[\s\S]*sluice> half a line$/m)
    expect(showToPrompt(new Error('of the balancer'))).toBe(false)
  })
})

test('two sessions of one operator keep all their lines, in a file of their own, without secrets', async () => {
  const target = { ...full, user: 'brief' }
  const first = await TestTerminal.open(target)
  const second = await TestTerminal.open(target)
  try {
    await first.shows(PROMPT)
    await second.shows(PROMPT)
    await first.line('"one"')
    await first.shows(/^'one'$/m)
    await second.line('"two"')
    await second.shows(/^'two'$/m)
    await first.line('"three"')
    await first.shows(/^'three'$/m)
    await second.line('"my password"')
    await second.shows(/^'my password'$/m)
    const file = join(folder, 'history', 'brief')
    const kept = () =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    await expect.poll(kept).toEqual(['"one"', '"two"', '"three"'])
    expect(statSync(file).mode & 0o777).toBe(0o600)
  } finally {
    await first.close()
    await second.close()
  }
  await atPrompt(target, async (terminal) => {
    await terminal.press('Up', 'Up')
    await terminal.shows(/sluice> "two"$/m)
  })
})

test('colours come with a terminal and go with NO_COLOR', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.line('42')
    await terminal.shows(/^42$/m)
    expect(await terminal.coloredScreen()).toContain('\u001b[33m42')
  })
  const asked = { ...full, options: ['SendEnv=NO_COLOR'] }
  await atPrompt(
    asked,
    async (terminal) => {
      await terminal.line('42')
      await terminal.shows(/^42$/m)
      expect(await terminal.coloredScreen()).not.toContain('\u001b[33m42')
    },
    { environment: { NO_COLOR: '1' } },
  )
})

test('a dumb terminal gets no escape codes and can still work', async () => {
  await atPrompt(
    full,
    async (terminal) => {
      await terminal.line('20 + 22')
      await terminal.shows(/^42$/m)
      expect(await terminal.screen()).not.toMatch(/\[\d+[GJ]/)
      await terminal.press('C-d')
      await terminal.shows(/^status=0$/m)
    },
    { type: 'dumb' },
  )
})

test('the other roles have a prompt for commands, and nothing is evaluated at it', async () => {
  await atPrompt(view, async (terminal) => {
    await terminal.line('show groups')
    await terminal.shows(/^GROUP[\s\S]*web\/main/m)
    await terminal.line('process.pid')
    await terminal.shows(/not understood/)
    expect(await terminal.screen()).not.toContain(String(process.pid))
    await terminal.type('sho')
    await terminal.press('Tab')
    await terminal.shows(/sluice> show/m)
    await terminal.press('C-c')
    await terminal.line('exit')
    await terminal.shows(/^status=0$/m)
  })
})

test('a slip is answered with what was meant', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.line('shwo hosts')
    await terminal.shows(/no command "shwo", did you mean show\?/)
    await terminal.line('services.web.groups.mian')
    await terminal.shows(/^undefined: groups has main; did you mean main\?$/m)
    await terminal.line('services.web = 1')
    await terminal.shows(/^refused: services\.web = 1: /m)
    await terminal.line('services.web.groups.main.hosts.a.wieght = 3')
    await terminal.shows(/there is no wieght,[\s\S]*weight\?/)
    await terminal.line('process.on("SIGINT", () => {})')
    await terminal.shows(/RefusedExit: process\.on\(\) of SIGINT is refused/)
  })
})

test('nothing is evaluated before Enter, and a cleared context has its names again', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.type('(() => { globalThis.ran = true; while (true) {} })()')
    await terminal.shows(/while \(true\) \{\} \}\)\(\)$/m)
    await terminal.press('C-c')
    await terminal.line('typeof ran')
    await terminal.shows(/^'undefined'$/m)
    await terminal.line('.clear')
    await terminal.shows(/Clearing context/)
    await terminal.line('lb.services.web.name + typeof setTimeout + typeof net')
    await terminal.shows(/^'webfunctionundefined'$/m)
  })
})

test('pasted code that is indented with tabs is not completed', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.type('if (true) {\n\tvar sho = 1\n\tsho + 1\n}\n')
    await terminal.shows(/^2$/m)
  })
})

test('no words of the stock prompt evaluate anything for the other roles', async () => {
  await atPrompt(view, async (terminal) => {
    for (const line of ['.editor', '.load /etc/passwd', '.help', 'js 40 + 2', 'lb.version']) {
      await terminal.line(line)
      await terminal.shows(
        new RegExp(`not understood[^\\n]*${line.split(' ')[0]?.replace('.', '\\.')}`),
      )
    }
    await terminal.line('.pager')
    await terminal.shows(/^Pager on\./m)
  })
})

test('a user who is removed or changes role is told and logged out', async () => {
  const { users } = sluice.balancer
  await atPrompt(view, async (terminal) => {
    sluice.balancer.setUsers(
      users.map((user) => (user.name === 'view' ? { ...user, access: 'operate' } : user)),
    )
    await terminal.shows(/Your access is operate now; log in again\.\n\s*status=1/)
  })
  await atPrompt(view, async (terminal) => {
    sluice.balancer.setUsers(users.filter((user) => user.name !== 'view'))
    await terminal.shows(/Your access was removed\.\n\s*status=1/)
  })
  sluice.balancer.setUsers(users)
})
