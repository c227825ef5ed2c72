// The command table as the server has it: which command needs which role. The page only spares people buttons that would
// be refused; it is the server that refuses.
import { get } from '../api/call.ts'
import type { CommandRow, Role } from '../api/types.ts'
import { ROLES } from '../api/words.ts'
import { me } from './me.ts'
import { createStore, type Store, useStore } from './store.ts'

/** Empty until it was read. */
const commands: Store<ReadonlyMap<string, CommandRow>> = createStore<
  ReadonlyMap<string, CommandRow>
>(new Map())

export async function readCommands(): Promise<void> {
  const rows = await get<readonly CommandRow[]>('/commands')
  commands.set(new Map(rows.map((row) => [row.name, row])))
}

/** May I run this command? For components: `useMay`. */
export function may(name: string): boolean {
  return hasRole(me.get()?.role, commands.get().get(name)?.role)
}

export function useMay(name: string): boolean {
  const role = useStore(me)?.role
  return hasRole(role, useStore(commands).get(name)?.role)
}

export function hasRole(mine: Role | undefined, needed: Role | undefined): boolean {
  if (mine === undefined || needed === undefined) return false
  return ROLES.indexOf(mine) >= ROLES.indexOf(needed)
}
