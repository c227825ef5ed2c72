// Secrets in typed lines: what keeps a line out of the history, and what is blanked in the log. A guess by
// words, made on the safe side; what is changed is recorded elsewhere without any secret.

/** Characters of a line that the log keeps. */
const LOGGED_MAX = 1_000

const WORDS = /pass(word|wd|phrase)|secret|token|private.?key|scrypt\$/i
const HASH = /scrypt\$[\w$-]+/g
const QUOTED =
  /((?:pass(?:word|wd|phrase)?|secret|token)\w*["']?\s*[:=(,]?\s*)(["'`])(?:(?!\2).)*\2/gi
const FLAG = /(--?(?:pass\w*|secret|token)[=\s]+)[^\s"'`]+/gi

/** Is it better not to keep this line? */
export function looksSecret(line: string): boolean {
  return WORDS.test(line)
}

/** The line as the log may have it. */
export function masked(line: string): string {
  const blanked = line.replace(HASH, 'scrypt$…').replace(QUOTED, '$1$2…$2').replace(FLAG, '$1…')
  return blanked.trimEnd().slice(0, LOGGED_MAX)
}
