// What an epoll event is about: a kind in the low bits of its tag, the address of the session or door above them, and in the
// upper 16 bits which of the sessions it was that had that memory one after the other. The system may tell of a descriptor
// that we have closed: a child of this process has it as well, from its fork to its exec.
#pragma once

#include <cstdint>

namespace sluice {

enum class Tag : uintptr_t { kClient = 0, kHost = 1, kDoor = 2, kInbox = 3 };

inline constexpr uintptr_t kTagBits = 3;
inline constexpr unsigned kAddressBits = 48;
static_assert(sizeof(uintptr_t) == 8, "the tag takes what an address leaves");

inline void* Tagged(const void* object, Tag tag, uint16_t generation = 0) {
  return reinterpret_cast<void*>(static_cast<uintptr_t>(generation) << kAddressBits |
                                 reinterpret_cast<uintptr_t>(object) | static_cast<uintptr_t>(tag));
}

inline Tag TagOf(const void* tagged) {
  return static_cast<Tag>(reinterpret_cast<uintptr_t>(tagged) & kTagBits);
}

inline uint16_t GenerationOf(const void* tagged) {
  return static_cast<uint16_t>(reinterpret_cast<uintptr_t>(tagged) >> kAddressBits);
}

template <typename Object>
Object& ObjectOf(void* tagged) {
  constexpr uintptr_t kAddress = (uintptr_t{1} << kAddressBits) - 1 - kTagBits;
  return *reinterpret_cast<Object*>(reinterpret_cast<uintptr_t>(tagged) & kAddress);
}

}  // namespace sluice
