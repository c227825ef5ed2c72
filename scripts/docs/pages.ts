// The list of generated pages: each file and the function that makes its text out of the source.
import { commandsPage } from './commands.ts'
import { configurationPage } from './configuration.ts'
import { errorsPage } from './errors.ts'
import { limitsPage } from './limits.ts'
import { metricsPage } from './metrics.ts'
import { schema } from './schema.ts'

export const PAGES: readonly (readonly [file: string, page: () => string])[] = [
  ['docs/commands.md', commandsPage],
  ['docs/configuration.md', configurationPage],
  ['docs/errors.md', errorsPage],
  ['docs/limits.md', limitsPage],
  ['docs/metrics.md', metricsPage],
  ['etc/sluice.xsd', schema],
]
