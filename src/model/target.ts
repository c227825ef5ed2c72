// Where a host is reached once its name was looked up. Engines connect there, and so do checks.

export type Target =
  | { readonly host: string; readonly port: number; readonly family: 4 | 6 }
  | { readonly path: string }

/** Why a host without a target is down. A host that is down for this reason is free again with the next address. */
export const NO_ADDRESS = 'its name has no address'
