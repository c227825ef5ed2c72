// What bounds an ssh login: the rows of base/limits.ts that a test may replace in part, in one object. Those that no
// test replaces are read from there.
import { LIMITS } from '../base/limits.ts'

export const SSH_LIMITS = {
  unauthenticatedMax: LIMITS.sshUnauthenticatedMax,
  unauthenticatedDropFrom: LIMITS.sshUnauthenticatedDropFrom,
  unauthenticatedDropPercent: LIMITS.sshUnauthenticatedDropPercent,
  unauthenticatedPerAddressMax: LIMITS.sshUnauthenticatedPerAddressMax,
  acceptsPerSecond: LIMITS.sshAcceptsPerSecond,
  acceptsBurst: LIMITS.sshAcceptsBurst,
  graceMs: LIMITS.sshGraceMs,
  triesMax: LIMITS.sshTriesMax,
  penaltyFailureMs: LIMITS.sshPenaltyFailureMs,
  penaltyGraceMs: LIMITS.sshPenaltyGraceMs,
  penaltyThresholdMs: LIMITS.sshPenaltyThresholdMs,
  penaltyMsMax: LIMITS.sshPenaltyMsMax,
  penaltiesMax: LIMITS.sshPenaltiesMax,
  loginsMax: LIMITS.sshLoginsMax,
  channelsMax: LIMITS.sshChannelsMax,
  outputBytesMax: LIMITS.sshOutputBytesMax,
  inputBytesMax: LIMITS.promptInputBytesMax,
  evaluationMs: LIMITS.promptEvaluationMs,
  keepaliveMs: LIMITS.sshKeepaliveMs,
  keepaliveMisses: LIMITS.sshKeepaliveMisses,
  rekeyMs: LIMITS.sshRekeyMs,
  idleMs: LIMITS.sshIdleMs,
  goodbyeMs: LIMITS.sshGoodbyeMs,
} as const

export type SshLimits = { readonly [Name in keyof typeof SSH_LIMITS]: number }
