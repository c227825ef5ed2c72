// Who is there? Name and password, or the link that an operator with a key got over ssh.
import { useEffect, useState } from 'preact/hooks'
import { problemOf } from '../../api/problem.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { Page } from '../../parts/page.tsx'
import { Progress } from '../../parts/progress.tsx'
import { go } from '../../router.ts'
import { logIn } from '../../state/me.ts'
import { useStore } from '../../state/store.ts'
import { linkCode } from './link-code.ts'
import { linkCommand } from './login-link.ts'
import './login.css'

export function LogInView() {
  const code = useStore(linkCode)
  const byLink = useAction(async (_, link: string) => {
    await logIn({ link })
    go({ view: 'overview' })
  })
  useEffect(() => {
    if (code === undefined) return
    // It is good once, whatever comes of it.
    linkCode.set(undefined)
    void byLink.start(code)
  }, [code])
  return (
    <Page title="Log in">
      <div class="log-in">
        {byLink.busy ? <Progress label="Logging in by your link …" /> : <PasswordForm />}
        {byLink.problem && (
          <>
            <ProblemText problem={byLink.problem} />
            <p class="muted">A link is good once and for a short time. Get another one as below.</p>
          </>
        )}
        <LinkHelp />
      </div>
    </Page>
  )
}

function PasswordForm() {
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const action = useAction(async () => {
    try {
      await logIn({ user, password })
    } catch (error) {
      // One that was refused is of no use any more, and should not stay in the page.
      if (problemOf(error).status === 401) setPassword('')
      throw error
    }
  })
  const submit = (event: Event) => {
    event.preventDefault()
    void action.start()
  }
  return (
    <form class="log-in-form" onSubmit={submit}>
      <Field
        label="Operator"
        name="username"
        value={user}
        onInput={setUser}
        autoComplete="username"
        autoFocus
      />
      <Field
        label="Password"
        name="password"
        type="password"
        value={password}
        onInput={setPassword}
        autoComplete="current-password"
      />
      <ProblemText problem={action.problem} />
      <Button
        kind="primary"
        type="submit"
        busy={action.busy}
        disabled={user === '' || password === ''}
      >
        Log in
      </Button>
    </form>
  )
}

function LinkHelp() {
  return (
    <section class="log-in-help" aria-labelledby="log-in-help">
      <h2 id="log-in-help">With a key instead of a password</h2>
      <p>Get a link over ssh, and open it here. It is good once:</p>
      <pre class="boxed" tabIndex={0} aria-label="What to type">
        <code>{linkCommand(location.host)}</code>
      </pre>
      <p class="muted">
        Operators, their keys and roles are the same here as over ssh. The port is that of ssh in
        the configuration, 2222 unless it says something else.
      </p>
    </section>
  )
}
