// Which hosts of a group have more open sessions than their share, and by how many. Pure figures.

export interface LoadedHost {
  readonly name: string
  readonly weight: number
  readonly wanted: boolean
  readonly health: string
  readonly counters: { readonly open: number }
}

/**
 * Sessions beyond the share of each host, by its name; hosts within theirs are left out. The open sessions of all
 * hosts that may serve are shared by weight. A host that may not is none of them: its sessions finish in their time.
 */
export function excessOf(hosts: readonly LoadedHost[]): Map<string, number> {
  const serving = hosts.filter(({ wanted, health }) => wanted && health !== 'down')
  const open = sum(serving.map(({ counters }) => counters.open))
  const weight = sum(serving.map((host) => host.weight))
  const excess = serving.map((host) => {
    const share = (open * host.weight) / weight
    return [host.name, Math.floor(host.counters.open - share)] as const
  })
  return new Map(excess.filter(([, sessions]) => sessions > 0))
}

/** The sessions of all hosts that are in `excess` together. */
export function totalOf(excess: ReadonlyMap<string, number>): number {
  return sum([...excess.values()])
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
