// One edits the file, another one edits live over ssh, both all the time, on different fields and on the same ones. Nothing
// that only one of them touched is lost on either side; what both touched is the same in the end or a listed conflict.
// SLUICE_DUEL_SECONDS=300 makes it five minutes, SEED the same edits in the same order.
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Choices } from '../helpers/choices.ts'
import {
  attributeIn,
  FileEditor,
  isIn,
  withAttribute,
  withHost,
  withoutHost,
} from '../helpers/file-editor.ts'
import { seed } from '../helpers/seed.ts'
import { type SluiceProcess, startSluice } from '../helpers/sluice-process.ts'

const SECONDS = Number(process.env['SLUICE_DUEL_SECONDS'] ?? 20)
/** The last edits, and what is looked at in the end. */
const END_MS = 30_000
/** Nobody answers there: who is picked is not what this is about. A host that goes and one that comes at the same address
 * would be one that is renamed. */
const NOWHERE = '127.0.0.1:9'
const [IN_FILE, LIVE] = ['127.0.0.1:7', '127.0.0.1:11']

const COMMON = ['c0', 'c1', 'c2'] as const
/** That of them that there is a conflict about in the end. */
const SURELY = COMMON[0]
const DIFFERENT = ['d0', 'd1', 'd2', 'd3'] as const
const COMMENTS = ['the front door', 'one rack', ...COMMON, ...DIFFERENT].map(
  (of) => `<!-- ${of} -->`,
)

interface ConflictRow {
  readonly path: string
  readonly file: number
  readonly running: number
  readonly origin: string
}

/** What one side last said of each field: `d0 weight`; the name of a host alone says whether it is there. */
type Said = Map<string, string>

test(
  `${SECONDS} seconds of edits in the file and over ssh, seed ${seed}`,
  async () => {
    const sluice = await startSluice({
      services: service(),
      manager: '<configCheck interval="200ms" />',
    })
    const editor = new FileEditor(sluice.file, sluice.child.pid)
    const until = performance.now() + SECONDS * 1_000
    const [inFile, live] = await Promise.all([
      editAll(editor, new Choices(seed), until),
      commandAll(sluice, new Choices(seed + 1), until),
    ])
    await disagree(sluice, editor, [inFile.common, live.common])
    const conflicts = await sluice.show<ConflictRow>('conflicts')
    const [file, running] = [sluice.config, await runningText(sluice)]

    for (const text of [file, running]) {
      for (const [field, value] of [...inFile.own, ...live.own])
        expect({ field, value: valueIn(text, field) }).toEqual({ field, value })
      for (const comment of [...COMMENTS, ...inFile.comments]) expect(text).toContain(comment)
    }
    for (const host of COMMON) {
      const field = `${host} weight`
      const values = [file, running].map((text) => valueIn(text, field))
      const said = [inFile.common.get(field), live.common.get(field)]
      const conflict = conflicts.find(({ path }) => path === `web/main/${host}/weight`)
      expect({ host, values, said, conflict }).toSatisfy(isAccountedFor)
    }
    expect(conflicts.map(({ path }) => path)).toContain(`web/main/${SURELY}/weight`)
    expect(conflicts.length).toBeLessThanOrEqual(COMMON.length)
    const counts = `${inFile.edits} edits of the file (${editor.again} begun again), ${live.edits} live`
    process.stdout.write(`duel, seed ${seed}: ${counts}, ${conflicts.length} conflicts\n`)

    await sluice.command('set setting configCheck enable true')
    await sluice.command('resolve --all running')
    expect(await sluice.show('conflicts')).toEqual([])
    const settled = sluice.config
    for (const host of COMMON)
      expect(valueIn(settled, `${host} weight`)).toBe(valueIn(running, `${host} weight`))
    for (const comment of [...COMMENTS, ...inFile.comments]) expect(settled).toContain(comment)
    expect(settled).toBe(await runningText(sluice))
    expect(await sluice.show('summary')).toMatchObject({ unsaved: null, conflicts: 0 })
    await sluice.stop()
    expect(sluice.config).toBe(settled)
  },
  SECONDS * 1_000 + END_MS,
)

interface CommonField {
  /** In the file, and running. */
  readonly values: readonly (string | undefined)[]
  /** Last, by each of the two. */
  readonly said: readonly (string | undefined)[]
  readonly conflict: ConflictRow | undefined
}

/** Each side has its own value and that is a listed conflict, or both have what one of them said last. */
function isAccountedFor({ values, said, conflict }: CommonField): boolean {
  if (conflict === undefined) return values[0] === values[1] && said.includes(values[0])
  const listed = [conflict.file, conflict.running].map(String)
  return isSame(values, said) && isSame(listed, said) && conflict.origin === 'ssh:op'
}

function isSame(some: CommonField['said'], others: CommonField['said']): boolean {
  return some.every((value, at) => value === others[at])
}

/** Both touch the same field between two looks at the file, so that there is a conflict whatever chance did. */
async function disagree(
  sluice: SluiceProcess,
  editor: FileEditor,
  [inFile, live]: readonly [Said, Said],
): Promise<void> {
  await sluice.command('set setting configCheck enable false')
  await sluice.command('reload')
  await editor.edit((text) => withAttribute(text, SURELY, 'weight', '201'), 'rename')
  await sluice.command(`set host web/main/${SURELY} weight 202`)
  await sluice.command('reload')
  inFile.set(`${SURELY} weight`, '201')
  live.set(`${SURELY} weight`, '202')
}

/** As with vi: weights of all, hosts that come and go, comments. */
async function editAll(editor: FileEditor, choices: Choices, until: number) {
  const [own, common]: readonly [Said, Said] = [new Map(), new Map()]
  const comments: string[] = []
  let edits = 0
  const edit = async (change: (text: string) => string) => {
    await editor.edit(change, choices.oneOf(['rename', 'in place']))
    edits++
    await pause(100 + choices.below(500))
  }
  while (performance.now() < until) {
    const weight = String(1 + choices.below(200))
    const mine = choices.oneOf(DIFFERENT)
    await edit((text) => withAttribute(text, mine, 'weight', weight))
    own.set(`${mine} weight`, weight)
    await edit((text) => {
      const edited = withAttribute(text, mine, 'maxSessions', weight)
      return COMMON.reduce((all, host) => withAttribute(all, host, 'weight', weight), edited)
    })
    for (const host of COMMON) common.set(`${host} weight`, weight)
    own.set(`${mine} maxSessions`, weight)
    const isThere = own.get('f') === 'yes'
    await edit((text) => (isThere ? withoutHost(text, 'f') : withHost(text, 'f', IN_FILE)))
    own.set('f', isThere ? 'no' : 'yes')
    const comment = `<!-- note ${comments.length} -->`
    await edit((text) => text.replace('<!-- one rack -->', (first) => `${first} ${comment}`))
    comments.push(comment)
  }
  return { own, common, comments, edits }
}

/** As an operator: weights of some, states, hosts that come and go, how often the file is looked at. */
async function commandAll(sluice: SluiceProcess, choices: Choices, until: number) {
  const [own, common]: readonly [Said, Said] = [new Map(), new Map()]
  let edits = 0
  const command = async (line: string) => {
    await sluice.command(line)
    edits++
    await pause(100 + choices.below(500))
  }
  while (performance.now() < until) {
    const weight = String(1 + choices.below(200))
    const mine = choices.oneOf(DIFFERENT)
    const ours = choices.oneOf(COMMON)
    const drain = choices.below(2) === 0
    await command(`${drain ? 'drain' : 'disable'} host web/main/${mine}`)
    own.set(`${mine} state`, drain ? 'draining' : 'disabled')
    await command(`set host web/main/${ours} weight ${weight}`)
    common.set(`${ours} weight`, weight)
    await command(`set host web/main/${ours} maxSessions ${weight}`)
    own.set(`${ours} maxSessions`, weight)
    const isThere = own.get('l') === 'yes'
    await command(isThere ? 'remove host web/main/l' : `add host web/main/l ${LIVE}`)
    own.set('l', isThere ? 'no' : 'yes')
    await command(`set setting configCheck interval ${100 + choices.below(900)}ms`)
  }
  return { own, common, edits }
}

function valueIn(text: string, field: string): string | undefined {
  const [host = '', name] = field.split(' ')
  if (name !== undefined) return attributeIn(text, host, name)
  return isIn(text, host) ? 'yes' : 'no'
}

/** What a save would write if all conflicts were settled for what runs. */
async function runningText(sluice: SluiceProcess): Promise<string> {
  const { running } = JSON.parse(await sluice.ssh('show config --json').then(({ out }) => out))
  return String(running)
}

function service(): string {
  const host = (name: string) => `      <host name="${name}"   ip="${NOWHERE}" /> <!-- ${name} -->`
  return `
  <!-- the front door -->
  <service name="web">
    <group name="main" scheduler='roundrobin' enable="true"> <!-- one rack -->
${[...COMMON, ...DIFFERENT].map(host).join('\n')}
    </group>
  </service>`
}
