// What the main thread is told: views of sessions, and events. Plain data, owned by whoever has it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/address.h"
#include "core/close_reason.h"

namespace sluice {

// The names and the order of SessionStep in src/model/session-view.ts; a test compares them.
enum class Step : uint8_t { kHeader, kChoosing, kHeld, kQueued, kConnecting, kRelaying };
inline constexpr const char* kStepNames[] = {"header", "choosing",   "held",
                                             "queued", "connecting", "relaying"};

// One session as it is, or as it was when it ended. Times in microseconds.
struct SessionRecord {
  uint64_t id = 0;
  Step step = Step::kChoosing;
  CloseReason reason = CloseReason::kDone;  // where it has ended
  uint32_t listener_id = 0;
  uint64_t host_id = 0;  // 0 while no host was chosen
  std::string service;
  std::string listener;
  std::string group;
  std::string host;
  End client;
  End local;   // our end towards the host, where peers are tracked
  End target;  // the host's end
  uint64_t since_us = 0;  // on the clock of NowMicros; EpochMicros makes it a date
  uint64_t idle_us = 0;
  int64_t connect_us = -1;  // from accept to a connected host
  uint64_t duration_us = 0;
  int64_t left_us = -1;  // for the present step; -1 without a deadline
  uint64_t idle_timeout_ms = 0;
  uint64_t bytes_from_client = 0;
  uint64_t bytes_from_host = 0;
  uint32_t attempts = 0;
  uint32_t retries = 0;
  std::vector<uint64_t> tried;
};

// What was to be had for a session that ended without a host.
struct RefusedRecord {
  SessionRecord session;
  // The group that served, also where the session was given none.
  std::string group;
  uint32_t hosts = 0;
  uint32_t ready = 0;
  uint32_t retries = 0;
  uint32_t waiting = 0;
  uint32_t queue = 0;
  uint64_t queue_timeout_ms = 0;
  uint32_t listener_open = 0;
  uint32_t listener_max = 0;
};

struct HostFailed {
  uint64_t host_id;
  int error;  // an errno value
};
struct HostAnswered {
  uint64_t host_id;
};
struct SessionClosed {
  SessionRecord session;
};
struct SessionRefused {
  RefusedRecord refusal;
};
// A function of the operator is asked. Answered by Engine::Answer, or not.
struct Asked {
  uint64_t session;
  std::string service;
  std::string group;
  std::string client;
  // Hosts that may be named.
  std::vector<uint64_t> host_ids;
};
// The number of clients that wait or are held changed; look at Engine::StateOf.
struct WaitingChanged {
  std::string service;
};
struct ListenerFailed {
  uint32_t listener_id;
  int error;
};
// No session is left.
struct Emptied {};

using Event = std::variant<HostFailed, HostAnswered, SessionClosed, SessionRefused, Asked, WaitingChanged,
                           ListenerFailed, Emptied>;

}  // namespace sluice
