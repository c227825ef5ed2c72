// PostgreSQL behind Sluice: long results and long input over a protocol of many small messages.
import { expect, test } from 'vitest'
import { psql, startPostgres } from '../helpers/postgres.ts'
import { serviceOf, startSluice } from '../helpers/sluice-process.ts'

const ROWS = 100_000
const MEGABYTES = 5 * 1024 * 1024

test('psql queries, copies some megabytes out and in, and gets what it gets directly', async () => {
  const postgres = await startPostgres()
  const sluice = await startSluice({ services: serviceOf('db', [postgres.port]) })
  const port = sluice.portOf('db')

  const create = `CREATE TABLE t AS SELECT n, repeat(md5(n::text), 2) AS text FROM generate_series(1, ${ROWS}) n`
  expect(await psql(port, create)).toEqual({ status: 0, out: '', err: '' })
  const count = 'SELECT count(*), sum(n), md5(string_agg(text, $$|$$ ORDER BY n)) FROM t'
  const counted = await psql(port, count)
  expect(counted.out).toMatch(/^100000\|5000050000\|[0-9a-f]{32}\n$/)
  expect(counted).toEqual(await psql(postgres.port, count))

  const copied = await psql(port, 'COPY t TO STDOUT')
  expect(copied.out.length).toBeGreaterThan(MEGABYTES)
  expect(copied.out === (await psql(postgres.port, 'COPY t TO STDOUT')).out).toBe(true)

  await psql(port, 'CREATE TABLE u (LIKE t)')
  expect(await psql(port, 'COPY u FROM STDIN', copied.out)).toEqual({ status: 0, out: '', err: '' })
  expect(await psql(port, count.replace('FROM t', 'FROM u'))).toEqual(counted)
  await sluice.stop()
})

test('an error of PostgreSQL reaches psql as it is', async () => {
  const postgres = await startPostgres()
  const sluice = await startSluice({ services: serviceOf('db', [postgres.port]) })
  const through = await psql(sluice.portOf('db'), 'SELECT * FROM nowhere')
  expect(through).toEqual(await psql(postgres.port, 'SELECT * FROM nowhere'))
  expect(through).toMatchObject({ status: 1, out: '' })
  expect(through.err).toContain('relation "nowhere" does not exist')
  await sluice.stop()
})
