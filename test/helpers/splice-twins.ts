// Parts of the native core, to be held against their TypeScript twins.
import { ipBytes } from '../../src/base/address.ts'
import type { ProxyEnd } from '../../src/base/proxy-header.ts'
import { loadSplice } from '../../src/engine/splice/load.ts'

/** What the addon exports as `testing`; see native/addon/testing.h. */
export interface SpliceTwins {
  readonly parseProxyHeader: (bytes: Uint8Array, v2BytesMax: number) => NativeProxyHeader
  readonly formatProxyHeader: (
    version: 'v1' | 'v2',
    source?: ProxyEnd,
    destination?: ProxyEnd,
  ) => Buffer
  readonly hashBytes: (bytes: Uint8Array, seed: number) => number
  readonly parseIp: (text: string) => Buffer
  readonly formatIp: (bytes: Uint8Array) => string
  readonly networksOf: (networks: readonly string[]) => ((ip: string) => boolean) | undefined
}

export interface NativeProxyHeader {
  readonly state: 'incomplete' | 'invalid' | 'complete'
  /** 0 unless it is complete. */
  readonly length: number
  readonly source?: ProxyEnd
  readonly destination?: ProxyEnd
}

const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255]

const loaded = loadSplice()

/** The addon cannot be loaded here; only then are these comparisons skipped. */
export const addonMissing = 'reason' in loaded

export function spliceTwins(): SpliceTwins {
  if ('reason' in loaded) throw new Error(loaded.reason)
  const { testing } = loaded.addon as unknown as { readonly testing: SpliceTwins }
  return testing
}

/** 16 bytes, those of an IPv4 address in its IPv6 clothes. */
export function asIpv6(bytes: Uint8Array): Uint8Array {
  return bytes.length === 4 ? Uint8Array.from([...MAPPED_PREFIX, ...bytes]) : bytes
}

/** The bytes of an address as the native core keeps them: an IPv4 address in IPv6 clothes is IPv4. */
export function nativeIpBytes(ip: string): Uint8Array {
  const bytes = ipBytes(ip)
  const mapped = bytes.length === 16 && MAPPED_PREFIX.every((byte, i) => bytes[i] === byte)
  return mapped ? bytes.subarray(12) : bytes
}
