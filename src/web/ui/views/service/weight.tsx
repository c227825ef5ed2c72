// The weight of a host as a slider. It is sent when it is let go; with the keyboard, when the keys rest, at Enter, or when
// one goes on. Esc takes it back.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { HostRow } from '../../api/types.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Can } from '../../parts/can.tsx'
import { edit } from '../../state/edit.ts'
import { oneByOne } from '../../state/one-by-one.ts'

const KEYS_REST_MS = 700

interface WeightProps {
  readonly host: HostRow
  /** Weight at the right end. */
  readonly end: number
}

export function Weight({ host, end }: WeightProps) {
  return (
    <Can command="set-host" otherwise={host.weight}>
      <Slider host={host} end={end} />
    </Can>
  )
}

function Slider({ host, end }: WeightProps) {
  const { draft, problem, onInput, commit, onKey, onPointer, drop } = useDraft(host)
  const shown = draft ?? host.weight
  return (
    <span class="weight">
      <input
        type="range"
        min={0}
        max={Math.max(end, shown)}
        value={shown}
        aria-label={`Weight of ${host.path}`}
        aria-valuetext={`weight ${shown}`}
        onPointerDown={onPointer}
        onInput={({ currentTarget }) => onInput(Number(currentTarget.value))}
        onChange={commit}
        onBlur={drop}
        onKeyDown={onKey}
      />
      <output class={draft === undefined ? '' : 'draft'}>{shown}</output>
      <ProblemText problem={problem} />
    </span>
  )
}

function useDraft({ path, weight }: HostRow) {
  const [draft, setDraft] = useState<number>()
  const setting = useAction(async (_told, value: number) => {
    const body = { target: path, field: 'weight', value: String(value) }
    const { candidate } = await edit('set-host', body)
    // What is shown is what runs.
    if (candidate) setDraft(undefined)
  })
  const wait = useRef(0)
  const isSent = useRef(false)
  const isByPointer = useRef(false)
  // A timer that goes off, and an answer that comes, ask what is wanted then.
  const now = useRef({ draft, weight, setting })
  now.current = { draft, weight, setting }
  // What was sent is shown until the row says so, or until it was refused. What is not sent yet is not lost to that.
  useEffect(() => {
    if (isSent.current) setDraft(undefined)
  }, [weight])
  useEffect(() => () => clearTimeout(wait.current), [])
  // One at a time, so that the one that was chosen last is the one that stays.
  const sent = useMemo(() => {
    return oneByOne(async () => {
      const { draft: value, weight: before, setting: action } = now.current
      isSent.current = true
      const isDone = value !== undefined && value !== before && (await action.start(value))
      if (!isDone && isSent.current) setDraft(undefined)
    })
  }, [])
  const send = async () => {
    clearTimeout(wait.current)
    await sent()
  }
  return {
    draft,
    problem: setting.problem,
    onPointer: () => {
      isByPointer.current = true
    },
    onInput: (value: number) => {
      setting.clear()
      isSent.current = false
      setDraft(value)
    },
    commit: () => {
      clearTimeout(wait.current)
      wait.current = window.setTimeout(() => void send(), isByPointer.current ? 0 : KEYS_REST_MS)
      isByPointer.current = false
    },
    drop: () => {
      if (draft !== undefined && !isSent.current) void send()
    },
    onKey: ({ key }: { readonly key: string }) => {
      if (key === 'Enter') void send()
      if (key !== 'Escape') return
      clearTimeout(wait.current)
      setDraft(undefined)
    },
  }
}
