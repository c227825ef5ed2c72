// The question before sessions are ended: how many there are is asked of the server at that moment.
import { command, get } from '../../api/call.ts'
import { Problem } from '../../api/problem.ts'
import type { HostRow } from '../../api/types.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { notice } from '../../state/notices.ts'
import { counted } from '../../text/format.ts'
import type { Told } from '../../parts/action.tsx'
import {
  clientIp,
  commandOf,
  consequenceOf,
  endedIn,
  type KillAim,
  onlyGone,
  type SessionsPage,
} from './session-filter.ts'

interface KillConfirmProps {
  readonly aim: KillAim
  readonly onClose: () => void
  /** Something was ended. */
  readonly onDone: () => Promise<void>
}

export function KillConfirm({ aim, onClose, onDone }: KillConfirmProps) {
  const run = async (told: Told) => {
    notice({ tone: 'good', text: `${counted(await kill(aim, told), 'session')} ended.` })
    // The list catches up behind the dialog.
    void onDone()
  }
  return (
    <Confirm
      title={TITLES[aim.kind]}
      sentence={() => sentenceOf(aim)}
      act={aim.kind === 'session' ? 'End the session' : 'End them'}
      run={run}
      onClose={onClose}
    />
  )
}

const TITLES = {
  session: 'End this session?',
  shown: 'End the sessions of this page?',
  host: 'End all sessions of this host?',
  client: 'End all sessions of this client?',
} as const

/** Sessions that are looked through to count those of a client. */
const COUNTED_MAX = 10_000

/** What ends, counted at this moment. @throws Problem */
async function sentenceOf(aim: KillAim): Promise<string> {
  switch (aim.kind) {
    case 'session':
      return consequenceOf(aim, 1)
    case 'shown':
      return consequenceOf(aim, aim.ids.length)
    case 'host': {
      const [host] = await get<readonly HostRow[]>(`/hosts?scope=${encodeURIComponent(aim.path)}`)
      return consequenceOf(aim, host?.open ?? 0)
    }
    case 'client': {
      const query = `client=${encodeURIComponent(aim.client)}&limit=${COUNTED_MAX}`
      const { sessions, next } = await get<SessionsPage>(`/sessions?${query}`)
      // The address of another client may begin with this one.
      const own = sessions.filter(({ client }) => clientIp(client) === aim.client)
      return consequenceOf(aim, own.length, next !== null)
    }
    default:
      return aim satisfies never
  }
}

/** @returns how many were ended @throws Problem */
async function kill(aim: KillAim, told: Told): Promise<number> {
  const { name, values } = commandOf(aim)
  try {
    return endedIn((await command<unknown>(name, values, told)).result)
  } catch (error) {
    const pieces = error instanceof Problem ? error.fields['pieces'] : undefined
    // Those that ended by themselves meanwhile are what was wanted.
    if (onlyGone(pieces)) return endedIn(pieces)
    throw error
  }
}
