// A command line taken apart without a shell: blanks part words, quotes keep blanks, a backslash keeps the next
// character. No variables, no wildcards, no pipes; who needs them names a script.

/** The words of `line`, or undefined where a quote or a backslash has no end. */
export function wordsOf(line: string): readonly string[] | undefined {
  const words: string[] = []
  let rest = line.trim()
  while (rest !== '') {
    const [word = ''] = WORD.exec(rest) ?? []
    const tail = rest.slice(word.length)
    if (word === '' || /^\S/.test(tail)) return undefined
    words.push(unquoted(word))
    rest = tail.trimStart()
  }
  return words
}

/** Pieces without a blank between them make one word: `--name="a b"`. */
const WORD = /^(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/s
const PIECE = /\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"/gs

function unquoted(word: string): string {
  return word.replace(PIECE, (_, escaped?: string, single?: string, double?: string) => {
    return escaped ?? single ?? (double ?? '').replace(/\\(["\\])/g, '$1')
  })
}
