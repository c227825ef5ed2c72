// Secrets in typed lines: what keeps a line out of the history, and what is blanked in the logs. A guess by
// words, made on the safe side; what is changed is recorded elsewhere without any secret.

/** Characters of a line that the log keeps. */
const LOGGED_MAX = 1_000

/** What stands behind a verb about tokens is the name of one. */
const TOKEN_WORD = String.raw`token(?!\s+(?:create|list|remove)(?:\s|$))`
/** What a token looks like (a name of a metric has no capital), and the hash of one. */
const TOKEN = /sluice_(?=[\w-]{0,60}[A-Z])[\w-]{20,}/g
const TOKEN_HASH = /sha256:[0-9a-f]{32,}/g
const OF_TOKEN = new RegExp(`${TOKEN.source}|${TOKEN_HASH.source}`)
const NAME = new RegExp(`pass(word|wd|phrase)|secret|${TOKEN_WORD}|private.?key`, 'i')
const WORDS = new RegExp(String.raw`${NAME.source}|scrypt\$`, 'i')
const HASH = /scrypt\$[\w$-]+/g
/** A word that names a secret, also where it is mistyped: `pasword`, `passwrd`, `passwordHash`. */
const SECRET = String.raw`(?:pas{1,3}w\w{0,20}(?:-hash)?|pas{1,3}(?:phr\w{0,20})?|secret\w{0,20}|token\w{0,20})`
/** All between quotes, those that a backslash takes along; to the end where they are not closed. */
const IN_QUOTES = String.raw`(["'\`])(?:\\.|(?!\2).)*(?:\2|$)`
// Counted repeats: a line of nothing but such words must not take seconds to look at.
const ASSIGNED = new RegExp(
  `(${SECRET}["'\`]?\\]?\\s{0,9}[:=(,?|&]{1,3}\\s{0,9})${IN_QUOTES}`,
  'gis',
)
/** `user set alice password "hunter 2"` */
const QUOTED = new RegExp(`(\\b${SECRET}["']?\\s{1,9})${IN_QUOTES}`, 'gis')
const FLAG = /(--?(?:pass\w{0,20}(?:-hash)?|secret|token)[=\s]\s{0,9})[^\s"'`]+/gi
/** `user set alice password hunter2`, `password=hunter2`: the word after it, unless that is a flag or an operator of JavaScript. */
const TYPED = new RegExp(
  String.raw`(\b(?:pas{1,3}w\w{0,20}|passphrase|secret|${TOKEN_WORD})(?:\s{1,9}|=))(?!-|=|[=!<>+*/&|?:]{1,3}\s)[^\s"'\x60]+`,
  'gi',
)

/** Is it better not to keep this line? */
export function looksSecret(line: string): boolean {
  return WORDS.test(line) || OF_TOKEN.test(line)
}

/** Does a text hold a token itself? */
export function showsToken(text: string): boolean {
  return new RegExp(TOKEN.source).test(text)
}

/** The line as the log may have it. */
export function masked(line: string): string {
  return blanked(line).trimEnd().slice(0, LOGGED_MAX)
}

/** All of a text, without what looks like a secret. */
export function blanked(text: string): string {
  return text
    .replace(HASH, 'scrypt$…')
    .replace(TOKEN, 'sluice_…')
    .replace(TOKEN_HASH, 'sha256:…')
    .replace(ASSIGNED, '$1$2…$2')
    .replace(QUOTED, '$1$2…$2')
    .replace(FLAG, '$1…')
    .replace(TYPED, '$1…')
}

/** Is this the name of a field that holds a secret? */
export function isSecretName(name: string): boolean {
  return NAME.test(name) || name === 'hash'
}
