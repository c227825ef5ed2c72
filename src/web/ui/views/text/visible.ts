// What a stranger wrote, made harmless for a page: nothing in it can turn the direction of a line, hide in it or fill the
// window. Markup is no matter here, for text is only ever put in as text.

/** Characters of one value in a list; the rest is had by opening it. */
const SHOWN_MAX = 300

/** Characters of one value that are shown at all, however it is opened. */
export const OPENED_MAX = 20_000

/** `\u202e` in place of what steers instead of showing; line ends and tabs stay. */
export function visible(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (found) =>
    found === '\n' || found === '\t' ? found : escaped(found),
  )
}

/** The same in one line, and no longer than a list can show. */
export function visibleLine(text: string, most = SHOWN_MAX): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text
  return visible(cut).replaceAll('\n', '\\n').replaceAll('\t', ' ')
}

function escaped(found: string): string {
  const units = found.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'))
  return units.map((unit) => `\\u${unit}`).join('')
}
