// The one table of commands: whatever an operator can type, over ssh, at the prompt, in the page or
// through the API, is a row here. A new command is a new row.
import { auditVerify, showAudit } from './verbs/audit.ts'
import { addCheck, removeCheck, setCheck } from './verbs/checks.ts'
import { apply } from './verbs/apply.ts'
import { batch } from './verbs/batch.ts'
import type { Command } from './command.ts'
import { diff } from './verbs/diff.ts'
import { confirm } from './verbs/confirm.ts'
import { drainHost } from './verbs/drain.ts'
import { explainHost } from './explain/host.ts'
import { explainPick } from './explain/pick.ts'
import { explainRefusal } from './explain/refusal.ts'
import { explainSession } from './explain/session.ts'
import { addGroup, enableGroup, removeGroup, setGroup } from './verbs/groups.ts'
import { helpFor } from './help.ts'
import { addHost, disableHost, enableHost, moveHost, removeHost, setHost } from './verbs/hosts.ts'
import {
  listenAdd,
  listenMove,
  listenRemove,
  renameListener,
  setListener,
} from './verbs/listeners.ts'
import { history, rollback, showRevision } from './verbs/history.ts'
import { killClient, killHost, killSession } from './verbs/kill.ts'
import { logLevel } from './verbs/log-level.ts'
import { logout, say, showOperators } from './verbs/operators.ts'
import { pauseService, resumeService } from './verbs/pause.ts'
import { rebalanceGroup } from './verbs/rebalance.ts'
import { reload, save, stop } from './verbs/process.ts'
import { renameGroup, renameHost, renameService } from './verbs/rename.ts'
import { resolve } from './verbs/resolve.ts'
import { retryHost } from './verbs/retry.ts'
import { addService, removeService, setService } from './verbs/services.ts'
import { setPath } from './verbs/set.ts'
import { setSetting } from './verbs/settings.ts'
import { showCandidates } from './show/candidates.ts'
import { showChecks } from './show/checks.ts'
import { showConfig } from './show/config.ts'
import { showConflicts } from './show/conflicts.ts'
import { showGroups } from './show/groups.ts'
import { showHosts } from './show/hosts.ts'
import { showLimits } from './show/limits.ts'
import { showListeners } from './show/listeners.ts'
import { showEngine, showLog, showVersion } from './show/process.ts'
import { showServices } from './show/services.ts'
import { showSessions } from './show/sessions.ts'
import { showSummary } from './show/summary.ts'
import { tailAudit, tailChanges, tailLog, tailSessions } from './verbs/tail.ts'
import { top } from './screen/top.ts'
import { undo } from './verbs/undo.ts'
import { keyAdd, keyList, keyRemove } from './verbs/user-keys.ts'
import { tokenCreate, tokenList, tokenRemove } from './verbs/tokens.ts'
import { userList } from './verbs/user-list.ts'
import { begin, commit, compare, discard, load } from './verbs/transactions.ts'
import { userAdd, userRemove, userSet } from './verbs/users.ts'
import { webLink } from './verbs/web-link.ts'

const OBJECTS: readonly Command[] = [
  showServices,
  showListeners,
  showGroups,
  showHosts,
  showSessions,
  showChecks,
  showCandidates,
  showSummary,
  showLimits,
  showConfig,
  showConflicts,
  showRevision,
  showLog,
  showAudit,
  showOperators,
  showVersion,
  showEngine,
  addService,
  addGroup,
  addHost,
  removeService,
  removeGroup,
  removeHost,
  moveHost,
  addCheck,
  removeCheck,
  renameService,
  renameGroup,
  renameHost,
  renameListener,
  setPath,
  setService,
  setListener,
  setGroup,
  setHost,
  setCheck,
  setSetting,
  enableGroup,
  enableHost,
  disableHost,
  drainHost,
  retryHost,
  pauseService,
  resumeService,
  rebalanceGroup,
  killSession,
  killHost,
  killClient,
  listenAdd,
  listenMove,
  listenRemove,
  userList,
  userAdd,
  userSet,
  userRemove,
  keyList,
  keyAdd,
  keyRemove,
  tokenCreate,
  tokenList,
  tokenRemove,
  webLink,
  top,
  undo,
  begin,
  load,
  compare,
  commit,
  confirm,
  discard,
  resolve,
  apply,
  history,
  diff,
  rollback,
  batch,
  explainHost,
  explainPick,
  explainSession,
  explainRefusal,
  tailLog,
  tailAudit,
  tailChanges,
  tailSessions,
  logLevel,
  auditVerify,
  say,
  logout,
  reload,
  save,
  stop,
]

export const COMMANDS: readonly Command[] = [...OBJECTS, helpFor(OBJECTS)]
