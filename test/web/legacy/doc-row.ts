// A row of the tables in docs/legacy-api.md, as the tables of calls have it.
import type { Accepted } from '../../../src/web/legacy/arguments.ts'

export function legacyRow(
  name: string,
  { required, optional = [], oneOf = [], summary }: Accepted & { readonly summary: string },
): string {
  const one = oneOf.length === 0 ? [] : [oneOf.map((each) => `\`${each}\``).join(' or ')]
  const names = [
    ...required.map((each) => `\`${each}\``),
    ...one,
    ...optional.map((each) => `[\`${each}\`]`),
  ]
  return `| \`${name}\` | ${names.join(', ') || '-'} | ${summary} |`
}
