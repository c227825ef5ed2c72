// Redis behind Sluice: pipelines, and subscribers that stay.
import { expect, test } from 'vitest'
import { redisCli, runRedisCli, startRedis } from '../helpers/redis.ts'
import { serviceOf, startSluice } from '../helpers/sluice-process.ts'

const COMMANDS = 10_000
const MESSAGES = 200

test('a pipeline of 10,000 commands is carried out in order', async () => {
  const redis = await startRedis()
  const sluice = await startSluice({ services: serviceOf('cache', [redis.port]) })
  const port = sluice.portOf('cache')
  const sets = Array.from({ length: COMMANDS }, (_, i) => respOf('SET', `key:${i}`, `value ${i}`))
  const appends = Array.from({ length: COMMANDS }, (_, i) => respOf('APPEND', 'order', `${i},`))
  const piped = await runRedisCli(port, ['--pipe'], [...sets, ...appends].join(''))
  expect(piped).toMatchObject({ status: 0, err: '' })
  expect(piped.out).toContain(`errors: 0, replies: ${2 * COMMANDS}`)

  const order = Array.from({ length: COMMANDS }, (_, i) => `${i},`).join('')
  expect((await runRedisCli(port, ['GET', 'order'])).out).toBe(`${order}\n`)
  for (const question of [['GET', 'order'], ['DBSIZE'], ['MGET', 'key:0', 'key:9999']]) {
    expect(await runRedisCli(port, question)).toEqual(await runRedisCli(redis.port, question))
  }
  await sluice.stop()
})

test('a subscriber stays for every message while others come and go', async () => {
  const redis = await startRedis()
  const sluice = await startSluice({ services: serviceOf('cache', [redis.port]) })
  const port = sluice.portOf('cache')
  const subscriber = redisCli(port, ['SUBSCRIBE', 'news'])
  await subscriber.says(/subscribe\nnews\n1\n/)

  const publish = (from: number) =>
    Array.from({ length: MESSAGES }, (_, i) => `PUBLISH news message-${from + i}.`).join('\n')
  await runRedisCli(port, [], publish(0))
  // What changes about the group does not touch the session that is there.
  await sluice.command(`add host cache/main/b 127.0.0.1:${redis.port}`)
  await sluice.command('drain host cache/main/a')
  await runRedisCli(port, [], publish(MESSAGES))
  await subscriber.says(new RegExp(`message-${2 * MESSAGES - 1}\\.`))

  const heard = [...subscriber.out.matchAll(/message-(\d+)\./g)].map(([, number]) => Number(number))
  expect(heard).toEqual(Array.from({ length: 2 * MESSAGES }, (_, i) => i))
  expect(await sluice.show('hosts')).toMatchObject([
    { name: 'a', intent: 'draining', open: 1 },
    { name: 'b', open: 0, total: 1 },
  ])
  await subscriber.stop()
  await sluice.stop()
})

/** A command as Redis reads it. */
function respOf(...words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
  return `*${words.length}\r\n${parts.join('')}`
}
