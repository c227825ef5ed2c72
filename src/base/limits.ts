// Every limit of the house, in one place: what it bounds, its unit, and what happens beyond it.
// Nothing in Sluice is unlimited; a queue, buffer, table or retry without a row here is a fault.

export const LIMITS = {
  /** Largest weight of a host. The range of HAProxy, so that figures carry over. */
  weightMax: 256,
  /** Largest session limit that may be set on a listener, group or host; also the meaning of "none". */
  sessionsMax: 1_000_000,
  /** Hosts of one group. */
  groupHostsMax: 10_000,
  /** Services, groups of a service, or listeners of a service. */
  namesMax: 1_000,
  /** Characters of a name. */
  nameLengthMax: 64,
  /** Clients that may be set to wait in the queue of one group. */
  queueMax: 65_536,
  /** Other hosts to try for one client. */
  retriesMax: 255,
  /** Longest time-out that may be set, in milliseconds: 7 days. */
  timeoutMsMax: 7 * 24 * 3_600_000,
  /** Failed attempts in a row that may be asked for before a host is taken out, and check streaks. */
  streakMax: 100,
  /** Turns of one round of a `cycle` rule; beyond it weights are scaled down, to one turn at least. */
  cycleMax: 65_536,
  /** Slots of a `hash` rule: a prime (Maglev, NSDI 2016, section 5.3 uses the same size). */
  hashSlots: 65_537,
  /** Slots that a `hash` rule looks at for one client before it takes the next ready host in order. */
  hashProbesMax: 32,
  /** Hosts that are drawn by chance for one client before all of them are looked at. */
  chanceDrawsMax: 16,
  /** Clients that wait in the kernel to be accepted, for one listener; the system may allow fewer. */
  listenBacklog: 4_096,
  /** How long a client may go on sending to a host that has ended and takes no more, in milliseconds. */
  lingerMs: 2_000,
  /** How often deadlines of connecting and waiting clients are looked at, in milliseconds. */
  sweepMs: 50,
  /** How often idle sessions are looked for at most, in milliseconds. */
  idleSweepMs: 10_000,
  /** Bytes of a PROXY protocol v1 line, with its line end (the specification's figure). */
  proxyV1BytesMax: 107,
  /** Bytes of a PROXY protocol v2 header that are accepted: 16 fixed, addresses and extensions. */
  proxyV2BytesMax: 16 + 2_048,
  /** How long a client may take for its PROXY header, in milliseconds. */
  proxyHeaderMs: 5_000,
  /** How long an answer of an `ask` function is waited for, in milliseconds. */
  askMs: 250,
  /** Bytes of a configuration file. */
  configBytesMax: 8 * 1_024 * 1_024,
  /** Depth of elements in a configuration file. */
  configDepthMax: 32,
  /** Faults that are reported for one configuration file before reading gives up. */
  configFaultsMax: 50,
  /** Earlier versions of the configuration file that are kept beside it. */
  configBackupsMax: 20,
  /** Bytes of a key file, of one `keys/NAME.pub`, or of a check's answer that are looked at. */
  keyFileBytesMax: 64 * 1_024,
  /** Bytes of a host's answer that an http check reads. */
  checkBodyBytesMax: 64 * 1_024,
  /** Bytes of output of an exec check that are kept. */
  checkOutputBytesMax: 4_096,
  /** Checks under way at the same time. */
  checksAtOnceMax: 64,
  /** Resolved host names that are remembered. */
  resolvedNamesMax: 10_000,
  /** How long a resolved name is used before it is looked up again, in milliseconds. */
  resolvedNameMs: 5_000,
  /** Look-ups of names under way at once. Each holds one of the four threads that files and hashes need, too. */
  lookupsAtOnceMax: 2,
  /** How long the opening of a port waits for the names of hosts to be looked up, in milliseconds. */
  namesBeforePortMs: 1_000,
  /** Sessions that one answer of `show sessions` holds. */
  sessionsShownMax: 10_000,
  /** Pause between two probes of a group in panic, and how long one may take, in milliseconds. */
  panicProbeMs: 1_000,
  /** Lines of the log that `show log` can see. */
  logLinesKept: 1_000,
  /** Bytes of log lines that wait for a slow disk or reader before more is dropped. */
  logBacklogBytesMax: 8 * 1_024 * 1_024,
  /** Bytes of one question on the control socket. */
  controlLineBytesMax: 1_024,
  /** Connections to the control socket at once. */
  controlClientsMax: 64,
  /** How long a connection to the control socket may say nothing, in milliseconds. */
  controlIdleMs: 60_000,
  /** How long open sessions may finish after a stop was asked for, in milliseconds. */
  stopMs: 30_000,
  /** ssh connections at once that have not logged in, in all. */
  sshUnauthenticatedMax: 32,
  /** ssh connections at once that have not logged in, from one address. */
  sshUnauthenticatedPerAddressMax: 8,
  /** ssh connections at once that have logged in. */
  sshLoginsMax: 100,
  /** Channels (prompts and commands) at once on one ssh connection. */
  sshChannelsMax: 10,
  /** How long an ssh client may take to log in, in milliseconds. */
  sshGraceMs: 20_000,
  /** Log-in attempts on one ssh connection. */
  sshTriesMax: 6,
  /** New ssh connections a second, and how many may come at once: a token bucket. */
  sshAcceptsPerSecond: 10,
  sshAcceptsBurst: 50,
  /** An ssh client that answers nothing for this long, so many times in a row, is gone. */
  sshKeepaliveMs: 15_000,
  sshKeepaliveMisses: 3,
  /** Age at which a long ssh connection gets fresh keys; clients ask for them by volume. */
  sshRekeyMs: 3_600_000,
  /** A prompt at which nobody typed for this long is closed, in milliseconds. */
  sshIdleMs: 3_600_000,
  /** How long the last words to an ssh client may take before its socket is destroyed, in milliseconds. */
  sshGoodbyeMs: 2_000,
  /** Environment variables that an ssh client may set on one channel. */
  sshEnvMax: 32,
  /** Characters of one environment variable, name and value together. */
  sshEnvLengthMax: 1_024,
  /** Password hashes that are computed at the same time. */
  passwordHashesAtOnce: 2,
  /** Characters of a password. */
  passwordLengthMax: 1_024,
  /** Bytes of one typed line or exec command. */
  commandBytesMax: 64 * 1_024,
  /** Bytes of output that wait for a slow ssh client before more is dropped. */
  sshOutputBytesMax: 4 * 1_024 * 1_024,
  /** Bytes of input that wait at a prompt while an earlier line runs. */
  promptInputBytesMax: 64 * 1_024,
  /** Lines of history kept for one operator. */
  promptHistoryMax: 1_000,
  /** How long one evaluation at a prompt may hold the process, in milliseconds. */
  promptEvaluationMs: 5_000,
  /** Array items and characters that one result prints. */
  promptArrayMax: 200,
  promptStringMax: 10_000,
} as const

export type LimitName = keyof typeof LIMITS
