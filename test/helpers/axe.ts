// What axe-core finds wrong with a page for people who do not see it, or see it otherwise: only what is serious or critical.
import axe from 'axe-core'
import type { Page } from 'playwright-core'

interface Violation {
  readonly id: string
  readonly impact: string
  readonly help: string
  readonly nodes: readonly {
    readonly target: readonly string[]
    readonly failureSummary?: string
  }[]
}

const RUN = `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)`

/** Elements of one fault that are told. */
const TOLD_MAX = 4

/** @returns a line for each fault and element */
export async function axeFaults(page: Page): Promise<string[]> {
  // Through the debugger, which the policy of the page does not concern.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source)
  const violations = await page.evaluate<Violation[]>(RUN)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes
        .slice(0, TOLD_MAX)
        .map(
          ({ target, failureSummary = '' }) =>
            `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`,
        ),
    )
}
