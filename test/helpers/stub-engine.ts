// An engine without sockets that remembers what it was told.
import type { Engine } from '../../src/engine/contract.ts'
import type { ListenerTable, RoutingTable } from '../../src/engine/table.ts'

export class StubEngine implements Engine {
  readonly name: Engine['name'] = 'node'
  readonly sessionCount = 0
  readonly threads = []
  /** `table web 1`, `no table web`, `open web 127.0.0.1:80`, `update …`, `close 7` in their order. */
  readonly told: string[] = []
  readonly tables = new Map<string, RoutingTable>()
  readonly listeners = new Map<number, ListenerTable>()

  async openListener(table: ListenerTable): Promise<string> {
    this.told.push(`open ${table.service} ${table.address}`)
    this.listeners.set(table.id, table)
    return table.address
  }

  updateListener(table: ListenerTable): void {
    this.told.push(`update ${table.service} ${table.address}`)
    this.listeners.set(table.id, table)
  }

  async closeListener(id: number): Promise<void> {
    this.told.push(`close ${this.listeners.get(id)?.address}`)
    this.listeners.delete(id)
  }

  setTable(table: RoutingTable): void {
    this.told.push(`table ${table.service}`)
    this.tables.set(table.service, table)
  }

  removeTable(service: string): void {
    this.told.push(`no table ${service}`)
    this.tables.delete(service)
  }

  renameService(from: string, to: string): void {
    this.told.push(`service ${from} is ${to}`)
    const table = this.tables.get(from)
    this.tables.delete(from)
    if (table !== undefined) this.tables.set(to, { ...table, service: to })
  }

  renameGroup(service: string, from: string, to: string): void {
    this.told.push(`group ${service}/${from} is ${to}`)
  }

  sessions(): readonly [] {
    return []
  }

  session(): undefined {
    return undefined
  }

  explainPick(): undefined {
    return undefined
  }

  figuresOf(): undefined {
    return undefined
  }

  killSession(): boolean {
    return false
  }

  killSessions(): number {
    return 0
  }

  behind(): undefined {
    return undefined
  }

  async stop(): Promise<number> {
    return 0
  }
}
