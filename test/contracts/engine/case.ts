// One case of the engine contract: an engine of its own, hosts of its own, everything stopped at the end.
import { onTestFinished } from 'vitest'
import { type TestClient, connectTo } from '../../helpers/clients.ts'
import { type CreateEngine, type Rig, createRig } from '../../helpers/engine-rig.ts'

export interface Case extends Rig {
  /** Close it when the test is over. */
  until<Closable extends { close(): Promise<void> }>(closable: Promise<Closable>): Promise<Closable>
  /** A client that is gone when the test is over. */
  client(address: string): Promise<TestClient>
}

export function startCase(createEngine: CreateEngine): Case {
  const rig = createRig(createEngine)
  onTestFinished(() => rig.stop())
  const until: Case['until'] = async (closable) => {
    const opened = await closable
    onTestFinished(() => opened.close())
    return opened
  }
  const client = async (address: string) => {
    const connected = await connectTo(address)
    onTestFinished(async () => {
      connected.socket.destroy()
      await connected.closed()
    })
    return connected
  }
  // The prototype keeps the rig's getters alive, which a copy would not.
  return Object.assign(Object.create(rig) as Rig, { until, client })
}
