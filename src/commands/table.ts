// The one table of commands: whatever an operator can type, over ssh, at the prompt, in the page or
// through the API, is a row here. A new command is a new row.
import type { Command } from './command.ts'
import { addGroup, enableGroup, removeGroup, setGroup } from './groups.ts'
import { helpFor } from './help.ts'
import { addHost, disableHost, drainHost, enableHost, removeHost, setHost } from './hosts.ts'
import { listenAdd, listenMove, listenRemove, setListener } from './listeners.ts'
import { save, stop } from './process.ts'
import { addService, removeService, setService } from './services.ts'
import { setSetting } from './settings.ts'
import { showConfig } from './show-config.ts'
import { showGroups } from './show-groups.ts'
import { showHosts } from './show-hosts.ts'
import { showListeners } from './show-listeners.ts'
import { showEngine, showLog, showVersion } from './show-process.ts'
import { showServices } from './show-services.ts'
import { showSessions } from './show-sessions.ts'

const OBJECTS: readonly Command[] = [
  showServices,
  showListeners,
  showGroups,
  showHosts,
  showSessions,
  showConfig,
  showLog,
  showVersion,
  showEngine,
  addService,
  addGroup,
  addHost,
  removeService,
  removeGroup,
  removeHost,
  setService,
  setListener,
  setGroup,
  setHost,
  setSetting,
  enableGroup,
  enableHost,
  disableHost,
  drainHost,
  listenAdd,
  listenMove,
  listenRemove,
  save,
  stop,
]

export const COMMANDS: readonly Command[] = [...OBJECTS, helpFor(OBJECTS)]
