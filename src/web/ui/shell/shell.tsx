// The frame of every view: who is here, where one can go, and what concerns the whole. Strangers see the log-in instead.
import { useEffect, useState } from 'preact/hooks'
import { listen } from '../api/events.ts'
import { type Problem, problemOf } from '../api/problem.ts'
import { ProblemText } from '../parts/action.tsx'
import { Button } from '../parts/button.tsx'
import { Notices } from '../parts/notice.tsx'
import { focusTitle } from '../parts/page.tsx'
import { Loading } from '../parts/progress.tsx'
import { hrefOf } from '../route.ts'
import { useRoute } from '../router.ts'
import { readCommands } from '../state/commands.ts'
import { followOwnChanges } from '../state/edit.ts'
import { me, readDoor, readMe } from '../state/me.ts'
import { notice } from '../state/notices.ts'
import { followConfig } from '../state/services.ts'
import { useStore } from '../state/store.ts'
import { followTraffic } from '../state/traffic.ts'
import { JobsCorner } from '../views/jobs/corner.tsx'
import { linkCode } from '../views/login/link-code.ts'
import { LogInView } from '../views/login/login.tsx'
import { ViewOf } from '../views/view-of.tsx'
import { Banners, InsecureBanner } from './banners.tsx'
import { Guarded } from './guarded.tsx'
import { Header } from './header.tsx'
import './shell.css'

export function Shell() {
  const who = useStore(me)
  const begin = useBegin()
  return (
    <>
      {who === undefined && <Starting {...begin} />}
      {who === null && (
        <>
          <InsecureBanner />
          <LogInView />
        </>
      )}
      {who && <Inside key={who.login} />}
      <Notices />
    </>
  )
}

/** For one who is logged in. */
function Inside() {
  const route = useRoute()
  useEffect(() => {
    const read = () => void readCommands().catch(tellNothingCanBePressed)
    read()
    const ends = [followTraffic(), followConfig(), followOwnChanges(), listen('reset', read)]
    return () => ends.forEach((end) => end())
  }, [])
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <Header route={route} />
      <Banners />
      <Guarded key={hrefOf(route)}>
        <ViewOf route={route} />
      </Guarded>
      <JobsCorner />
    </>
  )
}

function tellNothingCanBePressed(error: unknown): void {
  const text = `Which commands there are is not known, so nothing can be pressed: ${problemOf(error).detail}`
  const action = { label: 'Load the page again', run: () => location.reload() }
  notice({ tone: 'bad', text, stays: true, action })
}

// The part behind # is where one is in the page, so the browser cannot be left to do it.
function skip(event: Event): void {
  event.preventDefault()
  focusTitle()
}

interface Begin {
  readonly problem: Problem | undefined
  readonly again: () => void
}

function useBegin(): Begin {
  const [problem, setProblem] = useState<Problem>()
  const again = () => {
    setProblem(undefined)
    const failed = (error: unknown) => setProblem(problemOf(error))
    if (linkCode.get() === undefined) return void readMe().catch(failed)
    // A link that was opened counts, whoever the cookie says.
    me.set(null)
    readDoor().catch(failed)
  }
  useEffect(again, [])
  return { problem, again }
}

function Starting({ problem, again }: Begin) {
  if (problem === undefined) return <Loading what="who you are" />
  return (
    <main id="main">
      <h1>Sluice</h1>
      <ProblemText problem={problem} />
      <Button onPress={again}>Try again</Button>
    </main>
  )
}
