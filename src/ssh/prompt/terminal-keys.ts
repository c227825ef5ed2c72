// Bytes of a terminal into keys. Bytes are the client's and may be anything: an escape sequence that is not
// known, too long or cut off is dropped, and nothing is ever kept beyond one unfinished sequence.
import { StringDecoder } from 'node:string_decoder'
import { LIMITS } from '../../base/limits.ts'
import type { Key } from '../../commands/screen/screen.ts'

const ESCAPE = '\x1b'

/** Control sequences (`ESC [ 5 ~`) and keypad keys (`ESC O A`), as xterm and those that follow it send them. */
const SEQUENCE = new RegExp(`^${ESCAPE}(?:\\[([0-?]*)[ -/]*([@-~])|O([@-~]))`)
const UNFINISHED = new RegExp(`^${ESCAPE}(?:\\[[0-?]*[ -/]*|O)$`)

const FINAL: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
}

const NUMBERED: Readonly<Record<string, string>> = {
  1: 'home',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
}

const CONTROL: Readonly<Record<string, string>> = {
  '\r': 'return',
  '\n': 'return',
  '\t': 'tab',
  '\b': 'backspace',
  '\x7f': 'backspace',
}

export class KeyDecoder {
  readonly #decoder = new StringDecoder('utf8')
  #unfinished = ''

  /** Tell `press` of every key in these bytes. */
  decode(bytes: Buffer, press: (key: Key) => void): void {
    let text = this.#unfinished + this.#decoder.write(bytes)
    this.#unfinished = ''
    while (text !== '') {
      if (UNFINISHED.test(text)) {
        // Terminals send a sequence in one piece, but a packet may end in the middle of it.
        if (text.length < LIMITS.keySequenceMax) this.#unfinished = text
        return
      }
      const { length, key } = nextKey(text)
      text = text.slice(length)
      if (key !== undefined) press(key)
    }
  }
}

function nextKey(text: string): { readonly length: number; readonly key: Key | undefined } {
  const [sequence, parameters = '', final = '', keypad = ''] = SEQUENCE.exec(text) ?? []
  if (sequence !== undefined) {
    const number = /^\d+/.exec(parameters)?.[0] ?? ''
    const name = final === '~' ? NUMBERED[number] : FINAL[final || keypad]
    return { length: sequence.length, key: name === undefined ? undefined : named(name) }
  }
  const character = String.fromCodePoint(text.codePointAt(0) ?? 0)
  return { length: character.length, key: keyOf(character) }
}

function keyOf(character: string): Key {
  // On its own: nothing that belongs to a sequence came with it.
  if (character === ESCAPE) return named('escape')
  const name = CONTROL[character]
  if (name !== undefined) return named(name)
  if (character >= ' ') return { text: character, name: character, ctrl: false }
  const letter = String.fromCharCode(character.charCodeAt(0) + 0x60)
  return { text: '', name: letter, ctrl: true }
}

function named(name: string): Key {
  return { text: '', name, ctrl: false }
}
