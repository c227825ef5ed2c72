// Which view is shown at which place of the page. The only file that knows all views.
import type { Route } from '../route.ts'
import { AuditView } from './audit/audit.tsx'
import { ConfigView } from './configuration/config.tsx'
import { RevisionView } from './configuration/revision.tsx'
import { JobsView } from './jobs/jobs.tsx'
import { LogView } from './log/log.tsx'
import { MissingView } from './missing.tsx'
import { OperatorsView } from './operators/operators.tsx'
import { OverviewView } from './overview/overview.tsx'
import { ServiceView } from './service/service.tsx'
import { SessionsView } from './sessions/sessions.tsx'

export function ViewOf({ route }: { readonly route: Route }) {
  switch (route.view) {
    case 'overview':
      return <OverviewView />
    case 'service':
      return <ServiceView key={route.name} name={route.name} />
    case 'sessions':
      return <SessionsView key={route.scope ?? ''} scope={route.scope ?? ''} />
    case 'config':
      return <ConfigView />
    case 'revision':
      return <RevisionView key={route.number} number={route.number} />
    case 'audit':
      return <AuditView />
    case 'log':
      return <LogView />
    case 'jobs':
      return <JobsView />
    case 'operators':
      return <OperatorsView />
    default:
      return <MissingView />
  }
}
