// What carries out a pick rule: given a client, which host is next? Knows hosts only by their slots, and nothing of
// sockets. Hosts that are not ready, full, or were already tried for this client are passed over. The same picks as
// src/engine/node/pick-*.ts; one contract tests both. Guarded by the lock of the route.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "core/settings.h"
#include "core/slot.h"
#include "core/table.h"

namespace sluice {

// What a pick may depend on.
struct PickClient {
  const Ip& ip;
  // nullptr while there are none.
  const Tried* tried = nullptr;
  // Hosts whose failure the main thread has not judged yet are passed over: those of a later batch than this.
  uint64_t judged_batch = UINT64_MAX;

  bool MayGet(const Slot& slot) const {
    return slot.open() && slot.failure_batch <= judged_batch && !HasTried(slot.host_id);
  }

  bool HasTried(uint64_t host_id) const {
    return tried != nullptr && std::find(tried->begin(), tried->end(), host_id) != tried->end();
  }
};

// 0 up to 1. Copies draw from the same source.
using Chance = std::function<double()>;

// A source of its own, seeded by the system; for one thread at a time.
Chance OwnChance();

class Picker {
 public:
  explicit Picker(RuleKind kind) : kind_(kind) {}
  virtual ~Picker() = default;
  Picker(const Picker&) = delete;
  Picker& operator=(const Picker&) = delete;

  RuleKind kind() const { return kind_; }

  // The place of the next host for this client, or kNoHost.
  virtual int Next(const PickClient& client) = 0;
  // The load of the host at this place changed, or whether it may be picked.
  virtual void Changed(int /*index*/) {}
  // Take over what an earlier picker of the same group knows, so that nobody is skipped or served twice.
  virtual void Succeed(const Picker& /*earlier*/) {}
  // How many turns of a round are done; -1 where there are no rounds.
  virtual int place() const { return -1; }

 private:
  const RuleKind kind_;
};

using Slots = std::vector<Slot*>;

// `rule` and `slots` stay the caller's and outlive the picker, except that a picker of an earlier table is only
// asked by Succeed, when its slots may be gone: it keeps what it needs for that.
std::unique_ptr<Picker> MakePicker(const Rule& rule, const Slots& slots, const Settings& settings,
                                   Chance chance);

// May the host at this place get the client now? False for a place that the table does not have.
inline bool MayPick(const Slots& slots, size_t index, const PickClient& client) {
  return index < slots.size() && client.MayGet(*slots[index]);
}

// The first host from `start` on, in order and around, that may be picked; kNoHost where there is none.
int FirstFrom(const Slots& slots, size_t start, const PickClient& client);

}  // namespace sluice
