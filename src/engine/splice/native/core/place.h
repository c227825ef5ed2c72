// The part of a session that its route guards: the host that it was given, the terms, and its place in a queue. Touched
// under the lock of the route only, except for what says so.
#pragma once

#include <cstdint>
#include <memory>

#include "core/close_reason.h"
#include "core/slot.h"
#include "core/table.h"

namespace sluice {

struct Listener;
class Worker;
struct GroupLoad;

// What a session is given of the table by which it got its host; new tables do not change it.
struct Terms {
  uint32_t retries = 0;
  uint32_t connect_timeout_ms = 0;
  uint64_t idle_timeout_ms = 0;
  ProxyVersion proxy = ProxyVersion::kNone;
};

struct Place {
  enum class Waiting : uint8_t {
    kNo,
    kQueued,
    kHeld,
    kLetGo,  // the pause is over and its worker was told to choose; in line until then
    kGiven,  // was queued; has a host, or `refusal`; its worker was told
  };

  // Set once, when the session begins.
  uint64_t session = 0;
  Worker* worker = nullptr;
  Listener* listener = nullptr;
  // Of the client, as announced. Set by the worker before the first choice and not changed afterwards.
  Ip ip;

  Slot* slot = nullptr;
  // The group of the last host; counts as open there as long as `slot` is set, and keeps its name until the end.
  GroupLoad* load = nullptr;
  // Written under the lock whenever `slot` is; read without it by the worker of the session after it was given.
  Terms terms;
  Waiting waiting = Waiting::kNo;
  bool was_held = false;
  // Let go when a pause ended; its worker was told and has not asked yet.
  bool going = false;
  // Where it was decided that nobody will serve it; and others that waited at that moment.
  bool refused = false;
  CloseReason refusal = CloseReason::kNoHost;
  uint32_t waiting_beside = 0;
  uint32_t attempts = 0;
  std::unique_ptr<Tried> tried;
  // Neighbours in the queue or among the held.
  Place* previous = nullptr;
  Place* next = nullptr;
};

}  // namespace sluice
