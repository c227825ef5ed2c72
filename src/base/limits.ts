// Every limit of the house, in one place: what it bounds, its unit, and what happens beyond it.
// Nothing in Sluice is unlimited; a queue, buffer, table or retry without a row here is a fault.

export const LIMITS = {
  /** Largest weight of a host. The range of HAProxy, so that figures carry over. */
  weightMax: 256,
  /** Largest session limit that may be set on a listener, group or host; also the meaning of "none". */
  sessionsMax: 1_000_000,
  /** Hosts of one group. */
  groupHostsMax: 10_000,
  /** Checks of one group. */
  groupChecksMax: 100,
  /** Keys of one operator, and operators, that commands add up to. */
  userKeysMax: 100,
  usersMax: 1_000,
  /** Tokens of programs that commands add up to; beyond it `token create` is refused. */
  tokensMax: 1_000,
  /** Characters of a token that a program shows; a longer one is unknown without being looked at. */
  tokenLengthMax: 512,
  /** Services, groups of a service, or listeners of a service. */
  namesMax: 1_000,
  /** Characters of a name. */
  nameLengthMax: 64,
  /** Clients that may be set to wait in the queue of one group. */
  queueMax: 65_536,
  /**
   * Clients of one paused service that are held, and no more than a third of the descriptors of the process; one
   * beyond that is closed as `queue-full`.
   */
  heldMax: 65_536,
  /** Clients that go in one turn of the loop when a pause is over; the others go in the next ones. */
  letGoAtOnce: 64,
  /** Longest pause of a service, in milliseconds; then it resumes by itself. */
  maxHoldMsMax: 10 * 60_000,
  /** Sessions that are ended or looked at in one turn of the loop, where many are; the others are in the next ones. */
  endedAtOnce: 256,
  /** Steps of one rebalance, and the least pause between two of them, in milliseconds. */
  rebalanceStepsMax: 60,
  rebalanceStepMs: 1_000,
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
  /** Rows of counters (hosts that serve, and listeners), and rows of figures (services), that an engine shares with its threads; a table or listener that needs more is refused. */
  counterRowsMax: 262_144,
  /** Threads that the splice engine may be told to have; more are refused. */
  engineThreadsMax: 64,
  /** Clients that wait in the kernel to be accepted, for one listener; the system may allow fewer. */
  listenBacklog: 4_096,
  /** How long a client may go on sending to a host that has ended and takes no more, in milliseconds. */
  lingerMs: 2_000,
  /**
   * How long a port of the splice engine still takes those whose handshake has begun when it closes, in milliseconds;
   * whoever begins later is refused afterwards.
   */
  listenerGraceMs: 100,
  /** Events of one turn of a thread of the splice engine, and orders and questions to it that it carries out in between. */
  engineEventsAtOnce: 256,
  engineCommandsAtOnce: 64,
  /** Clients that a thread accepts from one listener before it looks at everybody else. */
  engineAcceptsAtOnce: 16,
  /** How long a thread accepts nobody after the system had no descriptor left for a client, in milliseconds. */
  engineAcceptPauseMs: 100,
  /** Bytes of the buffer of a thread through which small exchanges go; one direction of a session holds no more of it. */
  engineBufferBytes: 64 * 1_024,
  /**
   * Kernel pipes of one thread, and bytes of each: what Linux lets anybody have. A direction that streams while all are
   * lent goes on without.
   */
  kernelPipesMax: 64,
  kernelPipeBytes: 1_024 * 1_024,
  /** Full reads in a row after which a direction is given a kernel pipe, and small ones after which it gives it back. */
  fullReadsToStream: 2,
  smallReadsToCalm: 8,
  /** Bytes that one direction moves before other sessions of its thread have their turn. */
  engineTurnBytes: 1_024 * 1_024,
  /** Ended sessions, and all other events, that wait for a busy control plane; of more only their number is told. */
  endReportsMax: 16_384,
  engineReportsMax: 16_384,
  /** How often counters that nobody names any more are looked for, in milliseconds. */
  counterSweepMs: 5_000,
  /** Groups of one service whose place in a round is remembered while another one serves; the oldest is forgotten. */
  placesKept: 8,
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
  /** Least pause between two faults of the `ask` functions of one service that are logged, in milliseconds. */
  askFaultMs: 1_000,
  /** Bytes of a configuration file. */
  configBytesMax: 8 * 1_024 * 1_024,
  /** Depth of elements in a configuration file. */
  configDepthMax: 32,
  /** Milliseconds that reading or writing a document takes at once; then everything else that waits goes first. */
  turnMs: 8,
  /** How long a configuration file that is empty may be in the middle of being written, in milliseconds; then it counts as empty. */
  configEmptyMs: 200,
  /** Faults that are reported for one configuration file before reading gives up. */
  configFaultsMax: 50,
  /** Hosts in a configuration file, all groups together; one more refuses the file. */
  configHostsMax: 100_000,
  /** Elements of a configuration file, notes included; one more refuses the file. */
  configElementsMax: 250_000,
  /** Characters of the name of an element or attribute in a configuration file; a longer one refuses the file. */
  configNameLengthMax: 256,
  /** Host names that one `sluice check` looks up, how many at once, and how long that may take in all, in milliseconds. */
  checkNamesMax: 1_000,
  checkLookupsAtOnceMax: 4,
  checkNamesMs: 5_000,
  /** Revisions of the document that are kept, and bytes of all of them together; the oldest are forgotten first. */
  revisionsKept: 100,
  revisionsBytesMax: 64 * 1_024 * 1_024,
  /** Changes that one revision lists; one with more keeps its text alone. */
  revisionChangesMax: 1_000,
  /** Bytes of all that is known of one revision besides its text; where the changes make it more, they are left out. */
  revisionFactsBytesMax: 256 * 1_024,
  /** Origins that one revision names; the others are left out. */
  revisionOriginsMax: 100,
  /** Lines that come or go in one `diff --text`; where there are more, all that is between the first and the last goes and comes. */
  lineEditsMax: 400,
  /** Characters of the comment of a commit. */
  commentLengthMax: 1_000,
  /** Live edits whose author is known when they meet an edit of the file; older ones are nobody's. */
  authorsKept: 10_000,
  /** Steps of the sync in a row that begin anew because the file was edited before it could be saved. */
  syncAttemptsMax: 5,
  /** Conflicts that are listed at once. */
  conflictsListed: 1_000,
  /** Operators who have a candidate open at the same time; one more is refused. */
  candidatesMax: 16,
  /** How long a candidate may lie untouched, in milliseconds: a day. Then it is discarded, and its owner told. */
  candidateIdleMs: 24 * 3_600_000,
  /** How often untouched candidates are looked for, in milliseconds. */
  candidateLookMs: 60_000,
  /** Longest time in which a commit may be confirmed, and the shortest, in milliseconds. */
  confirmMsMax: 24 * 3_600_000,
  confirmMsMin: 1_000,
  /** How long before the deadline of a commit all prompts are told once more, in milliseconds; not where that is most of the time. */
  confirmWarnMs: 60_000,
  /** First and longest pause before a commit that could not be undone is undone again, in milliseconds; it doubles. */
  confirmRetryMsMin: 1_000,
  confirmRetryMsMax: 60_000,
  /** Bytes of the file that remembers a commit to be confirmed: two documents. A longer one was not written by Sluice. */
  confirmFileBytesMax: 4 * 8 * 1_024 * 1_024,
  /** How often traffic is looked at to tell whether a commit made it worse, and how far back, in milliseconds. */
  trafficLookMs: 5_000,
  trafficBeforeMs: 10 * 60_000,
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
  /** How often `top` looks and paints, and a watched line that a slow terminal left out is painted, in milliseconds. */
  topPaintMs: 1_000,
  /** Looks that `top` remembers of each object: its sparklines are a minute long. */
  topLooksKept: 60,
  /** Open sessions that `top` looks at each time; beyond it bytes are counted as sessions end, and the oldest are shown. */
  topSessionsMax: 2_000,
  /** Acts (typed lines, evaluations) that `undo` can take back; the oldest is forgotten first. */
  actsKept: 500,
  /** Objects that one act may change and still be undone; one that changes more cannot be. */
  actChangesMax: 20_000,
  /** Changed objects of all acts that are kept; beyond it the oldest acts are forgotten. */
  journalChangesMax: 100_000,
  /** Lines of the audit log that `show audit` finds without reading files; older ones are in the files. */
  auditLinesKept: 1_000,
  /** Bytes of one file of the audit log; the next line begins a new one. */
  auditFileBytesMax: 16 * 1_024 * 1_024,
  /** Earlier files of the audit log; the oldest is removed when there is one more. */
  auditFilesKept: 20,
  /** Characters of a typed line or of a value in the audit log; beyond it, it is cut and its SHA-256 is written. */
  auditTextMax: 16_384,
  /** Characters of anything else in a line of the audit log; the rest is cut. */
  auditWordMax: 1_024,
  /** Bytes of a line that `audit verify` reads; a longer one was not written by Sluice. */
  auditLineBytesMax: 1_024 * 1_024,
  /** Faults that `audit verify` tells of; the others are counted. */
  auditFaultsShown: 20,
  /** Refused logins a second that the audit log has a line for each; the others of that second are counted in one. */
  auditRefusalsPerSecond: 10,
  /** Sessions that never reached a host, of which `explain refusal` can tell; the oldest is forgotten first. */
  refusalsKept: 1_000,
  /** Results of one check of one host that are known, and that `show checks` prints; the oldest is forgotten first. */
  checkResultsKept: 100,
  checkResultsShown: 10,
  /** Lines, changes or sessions that wait for one slow reader of `tail`; the oldest are dropped, and that is said. */
  tailItemsMax: 1_000,
  /** How often a command that waits looks whether it is time, in milliseconds. */
  waitLookMs: 200,
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
  /** From this many on, a new one is dropped by chance: with this percentage here, with certainty at the limit. */
  sshUnauthenticatedDropFrom: 16,
  sshUnauthenticatedDropPercent: 30,
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
  /** What a wrong password or signature, and a login that is never made, add to the penalty of an address, in ms. */
  sshPenaltyFailureMs: 5_000,
  sshPenaltyGraceMs: 10_000,
  /** Above this penalty an address is shut out until it has run out; no penalty gets longer than the second. */
  sshPenaltyThresholdMs: 15_000,
  sshPenaltyMsMax: 600_000,
  /** Addresses (IPv6: networks of 64 bits) whose penalty is remembered; beyond it the oldest is forgotten. */
  sshPenaltiesMax: 4_096,
  /** New ssh connections a second, and how many may come at once: a token bucket. */
  sshAcceptsPerSecond: 10,
  sshAcceptsBurst: 50,
  /** An ssh client that answers nothing for this long, so many times in a row, is gone. */
  sshKeepaliveMs: 15_000,
  sshKeepaliveMisses: 3,
  /** Age at which a long ssh connection gets fresh keys; clients ask for them by volume. */
  sshRekeyMs: 3_600_000,
  /**
   * A prompt at which nobody typed, a command, sftp or json-rpc that waited for input, or a login that opened
   * nothing, for this long is closed, in milliseconds.
   */
  sshIdleMs: 3_600_000,
  /** How long the last words to an ssh client may take before its socket is destroyed, in milliseconds. */
  sshGoodbyeMs: 2_000,
  /** Different faults in keys of operators that are told of; a later one is told by `sluice check` only. */
  sshKeyFaultsTold: 1_000,
  /** Environment variables that an ssh client may set on one channel. */
  sshEnvMax: 32,
  /** Characters of one environment variable, name and value together. */
  sshEnvLengthMax: 1_024,
  /** Tunnels to the web page at once on one ssh connection. */
  sshTunnelsMax: 32,
  /** How long the web page may take to accept a tunnel, in milliseconds. */
  sshTunnelConnectMs: 2_000,
  /** Bytes of one packet of sftp, the figure of OpenSSH; a larger one ends the session. */
  sftpPacketBytesMax: 256 * 1_024,
  /** Bytes that one answer to a read holds; a client asks again for the rest. */
  sftpReadBytesMax: 32 * 1_024,
  /** Files and folders that one sftp session has open at once. */
  sftpHandlesMax: 32,
  /** Bytes that the open files of one sftp session hold in memory; beyond it no more can be opened or written. */
  sftpOpenBytesMax: 32 * 1_024 * 1_024,
  /** Characters of a path that an sftp client names; a longer one is no file. */
  sftpPathMax: 1_024,
  /** Bytes of one line of the subsystem json-rpc; a longer one ends it. */
  rpcLineBytesMax: 1_024 * 1_024,
  /** Lines of one `batch --atomic`, which are all read before the first one runs. */
  batchLinesMax: 10_000,
  /** Password hashes that are computed at the same time. */
  passwordHashesAtOnce: 2,
  /** Characters of a password. */
  passwordLengthMax: 1_024,
  /** Bytes of one typed line or exec command. */
  commandBytesMax: 64 * 1_024,
  /** Pipes behind one command. */
  pipesMax: 16,
  /** Rows that `| head` and `| last` may be asked for; so many are held until the end by `| last`. */
  pipeRowsMax: 10_000,
  /** Comparisons in one `--where`. */
  comparisonsMax: 16,
  /** Shortest pause between two rounds of `| watch`, in milliseconds. */
  watchMsMin: 500,
  /** Bytes of output that wait for a slow ssh client before more is dropped. */
  sshOutputBytesMax: 4 * 1_024 * 1_024,
  /** Bytes that may wait for a terminal before a full-screen command leaves frames out. */
  screenBehindBytesMax: 32 * 1_024,
  /** Bytes that one statement of a piped script may print while nobody could take them; then the script fails. */
  scriptOutputBytesMax: 64 * 1_024 * 1_024,
  /** Characters of an escape sequence of a key; what is longer is dropped. */
  keySequenceMax: 32,
  /** Lines said to an operator while a command fills the screen; of more, the newest are shown afterwards. */
  promptUnshownMax: 20,
  /** Characters of what one operator says to the others. */
  saidMax: 500,
  /** Bytes of input that wait at a prompt while an earlier line runs. */
  promptInputBytesMax: 64 * 1_024,
  /** Lines of history kept for one operator. */
  promptHistoryMax: 1_000,
  /** How long one evaluation at a prompt may hold the process, in milliseconds. */
  promptEvaluationMs: 5_000,
  /** Changes that the trial of an edit tells of; the others are made on its copy all the same. */
  trialChangesMax: 1_000,
  /** Connections to the web surface at once; one more is closed as it comes. */
  webConnectionsMax: 1_024,
  /** Bytes of a request's body; a document that is uploaded may be as large as a file. */
  webBodyBytesMax: 1_024 * 1_024,
  /** The same of a log-in, which a stranger sends. */
  webLoginBytesMax: 16 * 1_024,
  /** Values of one body that a refusal names; of the others it says nothing. */
  webFaultsMax: 20,
  /** Calls of one operator or token that are under way or whose answers are not taken yet; one more is refused. */
  webCallsPerCallerMax: 64,
  /** Bytes of the header of a request, its address included. */
  webHeaderBytesMax: 16 * 1_024,
  /** How long a client may take for its header, and for its whole request, in milliseconds. */
  webHeaderMs: 10_000,
  webRequestMs: 30_000,
  /** How long a connection without a request is kept open, in milliseconds. */
  webKeepAliveMs: 65_000,
  /** How long a client may take nothing of its answer before its connection is closed, in milliseconds. */
  webStuckMs: 60_000,
  /** How long answers under way may take when the web surface stops, in milliseconds. */
  webStopMs: 2_000,
  /** Log-ins at the page at once, in all and of one operator; one more ends the one that was idle longest. */
  webSessionsMax: 256,
  webSessionsPerOperatorMax: 16,
  /** How long a log-in lasts without a request under way, and at most, in milliseconds; how often that is looked at. */
  webSessionIdleMs: 3_600_000,
  webSessionMs: 12 * 3_600_000,
  webSessionLookMs: 10_000,
  /** One-time addresses of the page that were not used yet, in all and of one operator; the oldest is forgotten first. */
  webLinksMax: 64,
  webLinksPerOperatorMax: 4,
  /** How long a one-time address lets in, in milliseconds. */
  webLinkMs: 60_000,
  /** Passwords that are looked at or wait for it, in all and of one address; one more is told to come back. */
  webPasswordsMax: 16,
  webPasswordsPerAddressMax: 4,
  /** How often the certificate of the page is looked at, and how long before its end a self-made one is replaced, in ms. */
  webCertificateLookMs: 3_600_000,
  webCertificateRenewMs: 30 * 24 * 3_600_000,
  /** Days for which a self-made certificate is good. */
  webCertificateDays: 730,
  /** How long a list that was made for one page is given to others, in milliseconds, and how many are kept. */
  webSharedReadMs: 250,
  webSharedReadsMax: 64,
  /** How long a call waits for what it asked for before it is answered with the address of a job, in milliseconds. */
  webAnswerMs: 1_000,
  /** Calls under way at once that change or may take long; one more is refused. */
  webJobsMax: 64,
  /** Jobs that are over and can still be asked for, and for how long, in milliseconds; the oldest is forgotten first. */
  webJobsKept: 100,
  webJobKeptMs: 600_000,
  /** Lines of progress that a job keeps; the oldest are dropped. */
  webJobNotesMax: 100,
  /** Bytes of the pieces of one answer that comes piece by piece; beyond it the call is refused. */
  webPiecesBytesMax: 16 * 1_024 * 1_024,
  /** Streams of events at once, in all and of one log-in (or token); one more is told to come again later. */
  webStreamsMax: 512,
  webStreamsPerLoginMax: 16,
  /** Bytes that wait for a slow page beyond which figures are left out; the next ones say it all anew. */
  webStreamFiguresBytesMax: 64 * 1_024,
  /** Bytes that wait for a slow page beyond which changes and lines of logs are dropped, and that is said. */
  webStreamBytesMax: 256 * 1_024,
  /** How long a page may take nothing of what waits for it before its stream is ended, in milliseconds. */
  webStreamStuckMs: 60_000,
  /** How often pages are told figures, and that somebody is there, in milliseconds. */
  webFiguresMs: 1_000,
  webHeartBeatMs: 15_000,
  /** Open sessions from which on none is looked at for those figures: then their bytes count as they end. */
  webOpenSessionsMax: 1_000,
  /** Least pause between two batches of changes and lines of logs for pages, in milliseconds. */
  webBatchMs: 100,
  /** Changes that a page which lost its connection is told afterwards; one that missed more loads everything anew. */
  webChangesKept: 1_000,
  /** Bytes of the built page, all files together; a larger one is not served. */
  webPageBytesMax: 16 * 1_024 * 1_024,
  /** Lines of metrics that are written at once; then everything else that waits may go first. */
  webMetricsAtOnce: 500,
  /** How long an answer of metrics is given again to whoever asks, in milliseconds; then they are collected anew. */
  webMetricsFreshMs: 250,
  /** Array items and characters that one result prints. */
  promptArrayMax: 200,
  promptStringMax: 10_000,
} as const

export type LimitName = keyof typeof LIMITS
