// A host as its route knows it: it lives as long as sessions or a table point at it, over any number of tables, and is the
// only place where a host's sessions are counted. Everything here is guarded by the lock of the route.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/address.h"
#include "core/counters.h"

namespace sluice {

inline constexpr int kNoHost = -1;

// `host_id` and `counters` never change. Only the main thread writes `index`, so it may read that without the lock.
struct Slot {
  uint64_t host_id = 0;
  std::string name;
  SocketAddress target;
  bool ready = false;
  bool suspect = false;
  uint32_t max_sessions = 0;
  CounterRow* counters = nullptr;
  // Its place in the table that serves now; kNoHost when it is in none.
  int index = kNoHost;
  // Sessions that point here. Not `counters->open`, which whoever writes to JavaScript's side may change.
  uint32_t sessions = 0;
  // The batch of events by which the main thread is told that it did not accept; 0: it always did.
  uint64_t failure_batch = 0;

  // May it get a new session now?
  bool open() const {
    return ready && (max_sessions == 0 || counters->open.get() < max_sessions);
  }
};

// Ids of the hosts that did not accept a client.
using Tried = std::vector<uint64_t>;

}  // namespace sluice
