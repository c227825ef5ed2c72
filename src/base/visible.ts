// What a stranger wrote, made harmless: it stays on its line and cannot steer a terminal.

/** JSON leaves some characters as they are that could, such as U+009B and U+202E. */
export function visible(json: string): string {
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  return json.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (found) => found.split('').map(escape).join(''))
}
