// The buckets into which sessions are sorted by how long something of them took, once: engines count by these bounds, and
// whoever shows the counts names them.

/**
 * Upper bounds in milliseconds, each included, rising. There are as many of either kind: a row of the native engine has room
 * for those, and it does not start with more or fewer.
 */
export const CONNECT_BOUNDS_MS: readonly number[] = [
  1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000,
]
export const SESSION_BOUNDS_MS: readonly number[] = [
  10, 50, 100, 500, 1_000, 5_000, 30_000, 60_000, 300_000, 1_800_000, 3_600_000, 21_600_000,
]
