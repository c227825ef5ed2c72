// Everybody who is logged in, as the command table sees it.
import type { Operators, OperatorView } from '../commands/context.ts'
import type { SshConnection } from './connection.ts'

export class LoggedIn implements Operators {
  readonly #connections: () => readonly SshConnection[]

  constructor(connections: () => readonly SshConnection[]) {
    this.#connections = connections
  }

  list(): readonly OperatorView[] {
    const views = this.#connections().flatMap(({ view }) => view ?? [])
    return views.toSorted((a, b) => a.id - b.id)
  }

  say(text: string, except?: number): number {
    return this.#connections()
      .filter(({ login }) => login !== undefined && login.id !== except)
      .reduce((count, connection) => count + connection.say(text), 0)
  }

  logout(id: number, reason: string): boolean {
    const connection = this.#connections().find(({ login }) => login?.id === id)
    // It never rejects, and whoever ends a login does not wait for the client.
    void connection?.farewell(reason, 1)
    return connection !== undefined
  }
}
