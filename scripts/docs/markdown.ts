// The little Markdown that the generated pages need.

/** A table; cells may hold Markdown, but no line ends. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, titles.map(() => '---'), ...rows].map((cells) => {
    return `| ${cells.map(escaped).join(' | ')} |`
  })
  return lines.join('\n')
}

// A bar would end the cell, and `<key>` in plain text would be taken for HTML.
function escaped(cell: string): string {
  return cell.replaceAll('|', String.raw`\|`).replace(/(?<!`)<(\w+)>/g, '`<$1>`')
}

/** A block of code. */
export function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text.replace(/\n$/, '')}\n\`\`\``
}

export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``
}

/** Parts with an empty line between them, and one line end at the end. */
export function page(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** Says where a page comes from, so that nobody edits it by hand. */
export function madeFrom(source: string): string {
  return `<!-- Written by \`npx tsx scripts/docs.ts\` out of ${source}; edits here are lost. -->`
}
