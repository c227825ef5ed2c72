// Lines of the log as the page shows them: an event, its facts, and how severe it is.
import { OPENED_MAX, visibleLine } from '../text/visible.ts'

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface LogLine {
  readonly time: string
  readonly level: LogLevel
  readonly event: string
  readonly facts: Readonly<Record<string, unknown>>
  /** Lines left out right before it, because they came faster than they could be sent. */
  readonly lost?: number
}

/** At least as severe as `least`. */
export function isSevere({ level }: LogLine, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(least)
}

/** Does the event or a fact hold this text? '' is in all. */
export function isAbout(line: LogLine, text: string): boolean {
  return (
    text === '' || `${line.event} ${wholeFacts(line)}`.toLowerCase().includes(text.toLowerCase())
  )
}

/** `service=web host=a reason="no route to host"` */
export function factsText(line: LogLine): string {
  return visibleLine(wholeFacts(line))
}

/** The same, all of it, a line for each fact. */
export function openedFacts({
  facts,
}: LogLine): readonly (readonly [name: string, value: string])[] {
  return Object.entries(facts).map(([name, value]) => [name, plain(value).slice(0, OPENED_MAX)])
}

/** Lines have no number; what is the same in all of this is the same line. */
export function keyOf({ time, event, facts }: LogLine): string {
  return `${time} ${event} ${JSON.stringify(facts)}`
}

export function levelOf(word: string): LogLevel {
  return LOG_LEVELS.find((level) => level === word) ?? 'debug'
}

function wholeFacts({ facts }: LogLine): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}=${quoted(plain(value))}`)
    .join(' ')
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
}

function quoted(text: string): string {
  return /^[^\s"]+$/.test(text) ? text : JSON.stringify(text)
}
