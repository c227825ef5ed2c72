// One listening socket. All workers watch it; the engine (main thread) owns its descriptor and closes it when no worker
// watches it any more. Lives as long as it is open or a session came through it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/counters.h"
#include "core/fd.h"
#include "core/networks.h"

namespace sluice {

class Route;

// Who is let in, and how; immutable, replaced as a whole.
struct Admission {
  Networks allow;
  Networks deny;
  // A PROXY header is required.
  bool proxy = false;

  bool Admits(const Ip& ip) const;
};

struct Listener {
  uint32_t id = 0;
  // As it is shown to people.
  std::string address;
  Route* route = nullptr;
  UniqueFd socket;
  // IP listeners only: a client of a Unix socket has no address.
  bool unix_socket = false;

  // Guarded by the lock of the route.
  CounterRow* counters = nullptr;
  uint32_t max_sessions = 0;
  uint32_t sessions = 0;
};

}  // namespace sluice
