// Who is here, who may get in, and with what: log-ins, operators with their keys, and tokens of programs.
import { Page } from '../../parts/page.tsx'
import { useMay } from '../../state/commands.ts'
import { Keys } from './keys.tsx'
import { Logins } from './logins.tsx'
import { Tokens } from './tokens.tsx'
import { Users } from './users.tsx'
import './operators.css'

export function OperatorsView() {
  const maySeeAll = useMay('user-list')
  return (
    <Page title="Operators">
      <Logins />
      {maySeeAll ? (
        <>
          <Users />
          <Keys />
          <Tokens />
        </>
      ) : (
        <p class="muted">Who may log in, keys and tokens are shown to role full.</p>
      )}
    </Page>
  )
}
