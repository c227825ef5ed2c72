// The PROXY protocol header, versions 1 and 2, as src/base/proxy-header.ts reads and writes it (HAProxy's
// doc/proxy-protocol.txt). Bytes in and out: no socket, no clock.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/address.h"
#include "core/table.h"

namespace sluice {

struct ProxyHeader {
  enum class State : uint8_t {
    kIncomplete,  // all bytes so far fit; more are needed
    kInvalid,     // no more bytes can make it right
    kComplete,    // `length` bytes are the header
  };
  State state = State::kIncomplete;
  size_t length = 0;
  // Not known where the connection's own addresses count.
  End source;
  End destination;
};

// Read the header at the beginning of `bytes`. `v2_bytes_max` bounds a header of version 2.
ProxyHeader ParseProxyHeader(const uint8_t* bytes, size_t length, size_t v2_bytes_max);

// No header that we write is longer.
inline constexpr size_t kProxyHeaderWrittenMax = 108;

// Write the header for a relayed connection. Where an end is not known it is `UNKNOWN` in version 1 and LOCAL in
// version 2. @returns its length; 0 for ProxyVersion::kNone
size_t FormatProxyHeader(ProxyVersion version, const End& source, const End& destination,
                         uint8_t (&bytes)[kProxyHeaderWrittenMax]);

}  // namespace sluice
