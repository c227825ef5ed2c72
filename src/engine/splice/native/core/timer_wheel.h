// Deadlines of one worker: a hashed wheel (Varghese and Lauck, SOSP 1987, scheme 6). Adding and taking away cost the same
// whatever there is; a deadline is met up to one tick late. Touched by its worker only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace sluice {

// Part of whatever has a deadline; at most one at a time. Not in a wheel while `due_us` is 0.
struct Timer {
  Timer* previous = nullptr;
  Timer* next = nullptr;
  uint64_t due_us = 0;

  bool set() const { return due_us != 0; }
};

class TimerWheel {
 public:
  static constexpr uint64_t kTickMicros = 10'000;
  static constexpr size_t kSlots = 1024;

  explicit TimerWheel(uint64_t now_us);
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  // Set it anew, also where it is set already. What is due already is due at the next tick.
  void Set(Timer& timer, uint64_t due_us);
  void Clear(Timer& timer);

  // Take out everything that is due and tell of each. `expired` may set and clear any timer, but not advance.
  void Advance(uint64_t now_us, const std::function<void(Timer&)>& expired);

  // How long nothing can become due, in milliseconds, rounded up to the next tick; -1: nothing is set.
  int SleepMs(uint64_t now_us) const;

  size_t count() const { return count_; }

 private:
  void Unlink(Timer& timer);
  void TakeOut(Timer& timer);
  void CollectDue(size_t slot, uint64_t tick);
  // Slots from here on, and around, up to the next one that is occupied.
  size_t SlotsUntilOccupied(size_t slot) const;

  // Heads of rings. A deadline is in the slot of its tick, whatever round that is in.
  std::array<Timer, kSlots> slots_;
  // A bit for each slot that has any.
  std::array<uint64_t, kSlots / 64> occupied_{};
  // Head of those that are due and were not told of yet; outside of Advance there are none.
  Timer due_;
  // The last one that was looked at.
  uint64_t tick_;
  size_t count_ = 0;
};

}  // namespace sluice
