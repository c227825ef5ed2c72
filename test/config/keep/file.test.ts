// The configuration file on disk: atomic, with its mode and its links, and what is told where it cannot be written.
import { execFileSync } from 'node:child_process'
import {
  chmod,
  chown,
  link,
  mkdir,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { ConfigFile } from '../../../src/config/keep/file.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

const ROOT = process.getuid?.() === 0
const NOBODY = 65_534
/** Another device than that of temporary folders, on every Linux. */
const ELSEWHERE = '/dev/shm'

async function fileIn(folder: string, text?: string) {
  const file = join(folder, 'config.xml')
  if (text !== undefined) await writeFile(file, text)
  return { file, config: new ConfigFile(file) }
}

/** A file system of 64 kB, for whoever may mount one. */
async function smallDisk(): Promise<string> {
  const folder = await temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder])
  onTestFinished(() => void execFileSync('umount', [folder]))
  return folder
}

function mayMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Root may write everywhere; to be refused one has to be somebody else. */
async function asNobody<Result>(task: () => Promise<Result>): Promise<Result> {
  if (!ROOT) return task()
  process.seteuid?.(NOBODY)
  try {
    return await task()
  } finally {
    process.seteuid?.(0)
  }
}

test('a save replaces the text and leaves nothing beside it', async () => {
  const folder = await temporaryFolder()
  const { file, config } = await fileIn(folder, 'old')
  await config.write('new', 'old')
  expect(await readFile(file, 'utf8')).toBe('new')
  expect(await readdir(folder)).toEqual(['config.xml'])
})

test('mode and symbolic links are kept', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'real'))
  const real = join(folder, 'real', 'sluice.xml')
  await writeFile(real, 'old')
  await chmod(real, 0o640)
  const { file, config } = await fileIn(folder)
  await symlink(join('real', 'sluice.xml'), file)
  await config.write('new', 'old')
  expect(await readlink(file)).toBe(join('real', 'sluice.xml'))
  expect(await readFile(real, 'utf8')).toBe('new')
  expect((await stat(real)).mode & 0o777).toBe(0o640)
  expect(await readdir(join(folder, 'real'))).toEqual(['sluice.xml'])
})

test.runIf(ROOT)('a file of somebody else stays theirs', async () => {
  const { file, config } = await fileIn(await temporaryFolder(), 'old')
  await chown(file, NOBODY, NOBODY)
  await config.write('new', 'old')
  expect(await stat(file)).toMatchObject({ uid: NOBODY, gid: NOBODY })
})

test('a link to another device is followed: that file is replaced on its own device', async () => {
  const { file, config } = await fileIn(await temporaryFolder())
  const real = join(ELSEWHERE, `sluice-test-${process.pid}.xml`)
  onTestFinished(() => rm(real, { force: true }))
  await writeFile(real, 'old')
  await symlink(real, file)
  await config.write('new', 'old')
  expect(await readFile(real, 'utf8')).toBe('new')
  expect(await readlink(file)).toBe(real)
})

test('where a link leads to no file one is made there, and the link stays', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'real'))
  const { file, config } = await fileIn(folder)
  await symlink('second.xml', file)
  await symlink(join('real', 'sluice.xml'), join(folder, 'second.xml'))
  expect(await config.read()).toBeUndefined()
  await config.write('new', undefined)
  expect(await readlink(file)).toBe('second.xml')
  expect(await readFile(join(folder, 'real', 'sluice.xml'), 'utf8')).toBe('new')
})

test('links that lead in a circle are told of, by a read and by a save', async () => {
  const { file, config } = await fileIn(await temporaryFolder())
  await symlink('config.xml', file)
  await expect(config.read()).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  await expect(config.write('new', undefined)).rejects.toThrow(/ELOOP.*symbolic links lead nowhere/)
})

test('another name of the same file keeps the old text: a save makes a new file', async () => {
  const folder = await temporaryFolder()
  const { file, config } = await fileIn(folder, 'old')
  await link(file, join(folder, 'other.xml'))
  await config.write('new', 'old')
  expect(await readFile(join(folder, 'other.xml'), 'utf8')).toBe('old')
})

test('a file that did not exist is made for its owner alone', async () => {
  const { file, config } = await fileIn(await temporaryFolder())
  expect(await config.read()).toBeUndefined()
  await config.write('new', undefined)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('a file that is not what the caller believes is left alone', async () => {
  const folder = await temporaryFolder()
  const { file, config } = await fileIn(folder, 'edited meanwhile')
  await expect(config.write('new', 'old')).rejects.toMatchObject({ code: 'CONFIG_CONFLICT' })
  expect(await readFile(file, 'utf8')).toBe('edited meanwhile')
  expect(await readdir(folder)).toEqual(['config.xml'])
})

test('what a crash left behind of a save is in nobody’s way', async () => {
  const folder = await temporaryFolder()
  const { file, config } = await fileIn(folder, 'old')
  await writeFile(join(folder, '.config.xml.tmp'), 'ha', { mode: 0o644 })
  await config.write('new', 'old')
  expect(await readFile(file, 'utf8')).toBe('new')
  expect(await readdir(folder)).toEqual(['config.xml'])
})

test('a directory in the place of the temporary file is named, with what to do', async () => {
  const folder = await temporaryFolder()
  const { file, config } = await fileIn(folder, 'old')
  await mkdir(join(folder, '.config.xml.tmp'))
  await expect(config.write('new', 'old')).rejects.toThrow(
    /\.config\.xml\.tmp.*a directory is in the way, move it/,
  )
  expect(await readFile(file, 'utf8')).toBe('old')
})

test('a directory is no configuration, to be read or to be replaced', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'config.xml'))
  const { config } = await fileIn(folder)
  await expect(config.read()).rejects.toThrow(
    /^the file cannot be read: .*config\.xml is not a regular file; name one$/,
  )
  await expect(config.write('x', undefined)).rejects.toThrow(/config\.xml is not a regular file/)
  expect(await readdir(folder)).toEqual(['config.xml'])
})

test('a device is never replaced by a file', async () => {
  const { file, config } = await fileIn(await temporaryFolder())
  await symlink('/dev/null', file)
  await expect(config.write('x', '')).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
  expect((await stat('/dev/null')).isCharacterDevice()).toBe(true)
})

test('a directory that is lost is told of, and one that is back is written to', async () => {
  const folder = join(await temporaryFolder(), 'etc')
  await mkdir(folder)
  const { file, config } = await fileIn(folder, 'old')
  await rename(folder, `${folder}-away`)
  expect(await config.read()).toBeUndefined()
  await expect(config.write('new', undefined)).rejects.toThrow(
    /^the file cannot be written: .*etc\/config\.xml: ENOENT.*make its directory, it is tried again$/,
  )
  await rename(`${folder}-away`, folder)
  await config.write('new', 'old')
  expect(await readFile(file, 'utf8')).toBe('new')
})

test('a file that nobody may write is not written by root either', async () => {
  const { file, config } = await fileIn(await temporaryFolder(), 'old')
  await chmod(file, 0o444)
  await expect(config.write('new', 'old')).rejects.toThrow(
    /its mode lets nobody write it; allow it with chmod u\+w, or say sync="off" or --read-only-config/,
  )
  await chmod(file, 0o600)
  await config.write('new', 'old')
  expect(await readFile(file, 'utf8')).toBe('new')
})

test('a directory that may not be written is told of, and leaves the file as it was', async () => {
  const folder = await temporaryFolder()
  const { file, config } = await fileIn(folder, 'old')
  await chmod(file, 0o666)
  await chmod(folder, 0o555)
  await expect(asNobody(() => config.write('new', 'old'))).rejects.toThrow(
    /EACCES.*give this user the right to write it and its directory, it is tried again$/,
  )
  await chmod(folder, 0o777)
  expect(await readFile(file, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['config.xml'])
})

test.runIf(ROOT)('a file of somebody else that one may not write is told of', async () => {
  const folder = await temporaryFolder()
  const { file, config } = await fileIn(folder, 'old')
  await chmod(folder, 0o777)
  await chmod(file, 0o644)
  await expect(asNobody(() => config.write('new', 'old'))).rejects.toThrow(/EACCES/)
  expect(await readFile(file, 'utf8')).toBe('old')
})

test.runIf(mayMount())('a full disk keeps the old text and is given its room back', async () => {
  const folder = await smallDisk()
  const { file, config } = await fileIn(folder, 'old')
  await expect(config.write('x'.repeat(100_000), 'old')).rejects.toThrow(
    /ENOSPC.*the disk is full, make room, it is tried again$/,
  )
  expect(await readFile(file, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['config.xml'])
  await config.write('y'.repeat(10_000), 'old')
  expect((await stat(file)).size).toBe(10_000)
})

test.runIf(mayMount())('a file that is mounted by itself is told of', async () => {
  const folder = await temporaryFolder()
  const { file, config } = await fileIn(folder, 'old')
  execFileSync('mount', ['--bind', file, file])
  onTestFinished(() => void execFileSync('umount', [file]))
  await expect(config.write('new', 'old')).rejects.toThrow(/EBUSY.*mount its directory instead/)
  expect(await readFile(file, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['config.xml'])
})

test('of a file above the size limit no more is read than refuses it', async () => {
  const { config } = await fileIn(
    await temporaryFolder(),
    'x'.repeat(LIMITS.configBytesMax + 1_000),
  )
  expect((await config.read())?.length).toBe(LIMITS.configBytesMax + 1)
})

test('whoever reads during a save sees the old text or the new one', async () => {
  const { file, config } = await fileIn(await temporaryFolder(), '0'.repeat(100_000))
  let text = '0'.repeat(100_000)
  let saving = true
  const seen = new Set<string>()
  const reading = (async () => {
    while (saving) {
      const found = await readFile(file, 'utf8')
      seen.add(`${found.length} ${new Set(found).size}`)
    }
  })()
  for (let count = 1; count <= 9; count++) {
    const next = `${count}`.repeat(100_000)
    await config.write(next, text)
    text = next
  }
  saving = false
  await reading
  expect([...seen]).toEqual(['100000 1'])
})

test('a pipe in the place of the file is refused, and nobody waits for who writes to it', async () => {
  const folder = await temporaryFolder()
  execFileSync('mkfifo', [join(folder, 'config.xml')])
  const { config } = await fileIn(folder)
  await expect(config.read()).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringContaining('not a regular file') as string,
  })
})

test('devices and directories are refused', async () => {
  for (const file of ['/dev/zero', '/dev/null', '/tmp']) {
    await expect(new ConfigFile(file).read()).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  }
})

test('the command line reads a pipe to its end, and no more than refuses it', async () => {
  const folder = await temporaryFolder()
  const pipe = join(folder, 'config.xml')
  execFileSync('mkfifo', [pipe])
  const { config } = await fileIn(folder)
  for (const length of [3, 200_000, LIMITS.configBytesMax + 1]) {
    const [read] = await Promise.all([
      config.read({ pipes: true }),
      writeFile(pipe, 'x'.repeat(length)),
    ])
    expect(read?.length).toBe(length)
  }
})
