// The ways in for operators, ssh and the web, as far as the document opens them; and everybody who came in by either, as
// one list for the command table.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Log } from '../base/log.ts'
import type { Operators, OperatorView, Process } from '../commands/context.ts'
import { type SshServer, startSshServer } from '../ssh/server.ts'
import { startWebServer, type WebServer } from '../web/server.ts'

/** The page as it was built, beside the compiled program; run from source, there is one once it was built. */
const PAGE_FOLDER = fileURLToPath(new URL('../../dist/web/ui', import.meta.url))

export class Surfaces implements Operators {
  /** Each is undefined where the document does not enable it. */
  ssh: SshServer | undefined
  web: WebServer | undefined

  /** @throws BalancerError why nobody could log in over ssh */
  async openSsh(process: Process, log: Log, runFolder: string): Promise<SshServer> {
    const { balancer } = process
    this.ssh = await startSshServer({
      process,
      log,
      listen: balancer.settings.ssh.listen,
      keysFolder: () => balancer.settings.ssh.keys,
      historyFolder: join(runFolder, 'history'),
      prompt: {},
    })
    return this.ssh
  }

  /** @throws BalancerError why there is no page */
  async openWeb(process: Process, log: Log): Promise<WebServer> {
    const keysFolder = process.balancer.settings.ssh.keys
    this.web = await startWebServer({ process, log, pageFolder: PAGE_FOLDER, keysFolder })
    return this.web
  }

  /** Read keys and certificates anew. What cannot be read stays as it was, and is logged. */
  async reload(): Promise<void> {
    await this.ssh?.reload()
    await this.web?.reload()
  }

  list(): readonly OperatorView[] {
    const views = [...(this.ssh?.operators.list() ?? []), ...(this.web?.logins ?? [])]
    return views.toSorted((a, b) => a.id - b.id)
  }

  say(text: string, except?: number): number {
    return (this.ssh?.operators.say(text, except) ?? 0) + (this.web?.say(text, { except }) ?? 0)
  }

  tell(operator: string, text: string, except?: number): number {
    const atPrompts = this.ssh?.operators.tell(operator, text, except) ?? 0
    return atPrompts + (this.web?.say(text, { operator, except }) ?? 0)
  }

  logout(id: number, reason: string): boolean {
    return this.ssh?.operators.logout(id, reason) === true || this.web?.logout(id) === true
  }
}
