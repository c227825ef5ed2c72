// The log as it is written: by level and by text, paused and gone on, each line opened with all its facts.
import { useMemo, useState } from 'preact/hooks'
import { command } from '../../api/call.ts'
import { Badge, type BadgeTone } from '../../parts/badge.tsx'
import { Button, IconButton } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Field } from '../../parts/field.tsx'
import { Page } from '../../parts/page.tsx'
import { moment } from '../../text/format.ts'
import { Facts } from '../lists/facts.tsx'
import { KEPT_MAX } from '../lists/kept.ts'
import { KeptList } from '../lists/kept-list.tsx'
import { LineTime } from '../lists/line-time.tsx'
import { useKeptLines } from '../live/kept-lines.ts'
import { visibleLine } from '../text/visible.ts'
import {
  factsText,
  isAbout,
  isSevere,
  keyOf,
  levelOf,
  LOG_LEVELS,
  type LogLevel,
  type LogLine,
  openedFacts,
} from './log-line.ts'

export function LogView() {
  const [level, setLevel] = useState<LogLevel>('debug')
  const [text, setText] = useState('')
  const [opened, setOpened] = useState<LogLine>()
  const kept = useKeptLines({
    event: 'log',
    earlier: async () =>
      (await command<readonly LogLine[]>('show-log', { lines: KEPT_MAX })).result,
    itemOf: (event): LogLine => ({ ...event, level: levelOf(event.level) }),
    keyOf,
  })
  const lines = useMemo(
    () => kept.items.filter((line) => isSevere(line, level) && isAbout(line, text)),
    [kept.items, level, text],
  )
  return (
    <Page title="Log">
      <div class="filter" role="search" aria-label="Find lines">
        <Field
          label="At least as severe as"
          value={level}
          onInput={(word) => setLevel(levelOf(word))}
          options={LOG_LEVELS}
        />
        <Field label="With this text" type="search" value={text} onInput={setText} />
      </div>
      <KeptList
        what="the log"
        kept={kept}
        lines={lines}
        row={(line, index) => <Line key={index} line={line} onOpen={setOpened} />}
        empty={
          <Empty
            title={kept.items.length === 0 ? 'Nothing was logged yet.' : 'No line is like that.'}
          />
        }
      />
      {opened && <Opened line={opened} onClose={() => setOpened(undefined)} />}
    </Page>
  )
}

const TONES: Readonly<Record<LogLevel, BadgeTone>> = {
  error: 'bad',
  warn: 'warn',
  info: 'accent',
  debug: 'neutral',
}

interface LineProps {
  readonly line: LogLine
  readonly onOpen: (line: LogLine) => void
}

function Line({ line, onOpen }: LineProps) {
  const { time, level, event, lost = 0 } = line
  return (
    <div class={`line ${level}`}>
      <LineTime time={time} />
      <Badge tone={TONES[level]}>{level}</Badge>
      <strong>{visibleLine(event)}</strong>
      <span class="line-text">
        {lost > 0 && <em>{lost} left out before it; </em>}
        {factsText(line)}
      </span>
      <IconButton
        icon="more"
        label={`All of ${visibleLine(event, 80)}`}
        onPress={() => onOpen(line)}
      />
    </div>
  )
}

function Opened({ line, onClose }: { readonly line: LogLine; readonly onClose: () => void }) {
  const { time, level, event } = line
  return (
    <Dialog
      title={visibleLine(event)}
      wide
      onClose={onClose}
      actions={<Button onPress={onClose}>Close</Button>}
    >
      <p>
        <Badge tone={TONES[level]}>{level}</Badge> {moment(time)}
      </p>
      <Facts facts={openedFacts(line)} />
    </Dialog>
  )
}
