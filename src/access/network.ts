// Strangers are counted by the network they come from, because one of them can have many addresses of it.
import { formatIpBytes, ipBytes } from '../base/address.ts'

/** What one stranger can have many of is counted as one: an IPv4 address, or an IPv6 network of 64 bits. */
export function networkOf(ip: string): string {
  const bytes = ipBytes(ip)
  if (bytes.length !== 16) return ip
  return formatIpBytes(
    Uint8Array.from({ length: 16 }, (_, index) => (index < 8 ? (bytes[index] ?? 0) : 0)),
  )
}
