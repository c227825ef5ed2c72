// The one hash of the house, the same numbers as src/base/hash.ts: FNV-1a over the bytes, then the finaliser of
// MurmurHash3.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice {

inline uint32_t HashBytes(const uint8_t* bytes, size_t length, uint32_t seed) {
  uint32_t hash = 0x811c9dc5u ^ seed;
  for (size_t i = 0; i < length; i++) hash = (hash ^ bytes[i]) * 0x01000193u;
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
  return hash ^ (hash >> 16);
}

}  // namespace sluice
