// `user list`: who may log in, with what, and who is logged in now. Neither keys nor hashes are shown.
import type { UserSnapshot } from '../../model/snapshot.ts'
import type { Column } from '../answer/columns.ts'
import type { Process } from '../context.ts'
import { listCommand } from '../answer/list.ts'

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'USER', of: ({ name }) => name, field: 'name' },
  { title: 'ROLE', of: ({ role }) => role },
  { title: 'AUTH', of: ({ auth }) => auth },
  { title: 'PASSWORD', of: ({ password }) => password },
  { title: 'KEYS', of: ({ keys }) => keys, right: true },
  { title: 'LOGINS', of: ({ logins }) => logins, right: true },
]

export const userList = listCommand({
  words: ['user', 'list'],
  role: 'full',
  looks: true,
  summary: 'list who may log in: role, what is asked for, keys in the configuration, logins now',
  examples: ['user list', 'user list --where role=full'],
  fields: ['name', 'role', 'auth', 'password', 'keys', 'logins'],
  columns: COLUMNS,
  run: (_, { process }) => process.balancer.users.map((user) => rowOf(user, process)),
  empty: () => 'nobody may log in; add somebody with: user add NAME\n',
})

function rowOf({ name, access: role, auth, password, keys }: UserSnapshot, process: Process) {
  const logins = process.operators.list().filter(({ operator }) => operator === name).length
  return { name, role, auth, password: password !== '', keys: keys.length, logins }
}
