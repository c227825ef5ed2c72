// What happened, on its way from the workers to the main thread. Bounded: when the main thread does not come for long,
// reports beyond the limits are counted and dropped; nothing waits for it. Any thread may push, one takes.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "core/records.h"
#include "core/settings.h"

namespace sluice {

struct EventBatch {
  uint64_t number = 0;
  std::vector<Event> events;
  // Reports dropped since the batch before.
  uint64_t lost = 0;
};

class EventQueue {
 public:
  // `wake` is called on the pushing thread when a batch begins; it must not block.
  EventQueue(const Settings& settings, std::function<void()> wake);

  // @returns the number of the batch that the event is in, also where it was dropped
  uint64_t Push(Event event);
  EventBatch Take();

  // The main thread has acted on every batch up to this one.
  void Judged(uint64_t batch) { judged_.store(batch, std::memory_order_relaxed); }
  uint64_t judged() const { return judged_.load(std::memory_order_relaxed); }

 private:
  const uint32_t records_max_;
  const uint32_t events_max_;
  const std::function<void()> wake_;
  std::atomic<uint64_t> judged_{0};
  std::mutex lock_;
  EventBatch batch_;
  // How much of each limit is taken.
  uint32_t records_ = 0;
  uint32_t others_ = 0;
};

}  // namespace sluice
