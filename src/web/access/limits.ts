// What bounds log-ins over the web: the rows of base/limits.ts that a test may replace in part, in one object.
import { LIMITS } from '../../base/limits.ts'

export const WEB_ACCESS_LIMITS = {
  sessionsMax: LIMITS.webSessionsMax,
  sessionsPerOperatorMax: LIMITS.webSessionsPerOperatorMax,
  sessionIdleMs: LIMITS.webSessionIdleMs,
  sessionMs: LIMITS.webSessionMs,
  sessionLookMs: LIMITS.webSessionLookMs,
  linksMax: LIMITS.webLinksMax,
  linksPerOperatorMax: LIMITS.webLinksPerOperatorMax,
  linkMs: LIMITS.webLinkMs,
  passwordsMax: LIMITS.webPasswordsMax,
  passwordsPerAddressMax: LIMITS.webPasswordsPerAddressMax,
  callsPerCallerMax: LIMITS.webCallsPerCallerMax,
  // A wrong password costs the same wherever it is tried.
  penaltyFailureMs: LIMITS.sshPenaltyFailureMs,
  penaltyThresholdMs: LIMITS.sshPenaltyThresholdMs,
  penaltyMsMax: LIMITS.sshPenaltyMsMax,
  penaltiesMax: LIMITS.sshPenaltiesMax,
} as const

export type WebAccessLimits = { readonly [Name in keyof typeof WEB_ACCESS_LIMITS]: number }
