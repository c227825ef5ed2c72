// Everybody who is logged in, as the command table sees it.
import type { Operators, OperatorView } from '../commands/context.ts'
import type { Login } from './channel.ts'
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
    return this.#show(text, ({ id }) => id !== except)
  }

  tell(operator: string, text: string, except?: number): number {
    return this.#show(text, (login) => login.operator === operator && login.id !== except)
  }

  logout(id: number, reason: string): boolean {
    const connection = this.#connections().find(({ login }) => login?.id === id)
    // It never rejects, and whoever ends a login does not wait for the client.
    void connection?.farewell(reason, 1)
    return connection !== undefined
  }

  #show(text: string, to: (login: Login) => boolean): number {
    return this.#connections()
      .filter(({ login }) => login !== undefined && to(login))
      .reduce((count, connection) => count + connection.say(text), 0)
  }
}
