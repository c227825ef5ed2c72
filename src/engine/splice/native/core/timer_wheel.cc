// The wheel: 1024 rings of 10 ms each. A deadline further away than one round stays in its ring and
// is passed over until its round has come.
#include "core/timer_wheel.h"

#include <algorithm>

namespace sluice {
namespace {

constexpr uint64_t kMicrosPerMilli = 1000;
constexpr size_t kWordBits = 64;

void MakeRing(Timer& head) { head.previous = head.next = &head; }

bool Alone(const Timer& head) { return head.next == &head; }

void Append(Timer& head, Timer& timer) {
  timer.previous = head.previous;
  timer.next = &head;
  timer.previous->next = &timer;
  head.previous = &timer;
}

// The first tick at which it is not early to tell of it.
uint64_t TickOf(uint64_t due_us) {
  return due_us / TimerWheel::kTickMicros + (due_us % TimerWheel::kTickMicros == 0 ? 0 : 1);
}

uint64_t BitOf(size_t slot) { return uint64_t{1} << (slot % kWordBits); }

}  // namespace

TimerWheel::TimerWheel(uint64_t now_us) : tick_(now_us / kTickMicros) {
  for (Timer& head : slots_) MakeRing(head);
  MakeRing(due_);
}

void TimerWheel::Set(Timer& timer, uint64_t due_us) {
  Clear(timer);
  timer.due_us = std::max<uint64_t>(due_us, 1);
  const size_t slot = std::max(TickOf(due_us), tick_ + 1) % kSlots;
  Append(slots_[slot], timer);
  occupied_[slot / kWordBits] |= BitOf(slot);
  count_++;
}

void TimerWheel::Clear(Timer& timer) {
  if (timer.set()) TakeOut(timer);
}

void TimerWheel::Advance(uint64_t now_us, const std::function<void(Timer&)>& expired) {
  const uint64_t tick = now_us / kTickMicros;
  if (tick <= tick_) return;
  // After a long pause every slot is looked at once: what is due is in one of them.
  const uint64_t slots = count_ == 0 ? 0 : std::min<uint64_t>(tick - tick_, kSlots);
  const uint64_t first = tick_ + 1;
  // Before anybody is told, so that what is set meanwhile comes after this tick.
  tick_ = tick;
  for (uint64_t i = 0; i < slots; i++) CollectDue((first + i) % kSlots, tick);
  while (!Alone(due_)) {
    Timer& timer = *due_.next;
    TakeOut(timer);
    expired(timer);
  }
}

int TimerWheel::SleepMs(uint64_t now_us) const {
  if (count_ == 0) return -1;
  const uint64_t next = tick_ + 1 + SlotsUntilOccupied((tick_ + 1) % kSlots);
  const uint64_t next_us = next * kTickMicros;
  if (next_us <= now_us) return 0;
  return static_cast<int>((next_us - now_us + kMicrosPerMilli - 1) / kMicrosPerMilli);
}

void TimerWheel::Unlink(Timer& timer) {
  timer.previous->next = timer.next;
  timer.next->previous = timer.previous;
  // Where only a head is left in the ring, it is this.
  Timer* const head = timer.next;
  if (!Alone(*head) || head == &due_) return;
  const auto slot = static_cast<size_t>(head - slots_.data());
  occupied_[slot / kWordBits] &= ~BitOf(slot);
}

void TimerWheel::TakeOut(Timer& timer) {
  Unlink(timer);
  timer = Timer{};
  count_--;
}

void TimerWheel::CollectDue(size_t slot, uint64_t tick) {
  if ((occupied_[slot / kWordBits] & BitOf(slot)) == 0) return;
  Timer* next = nullptr;
  for (Timer* timer = slots_[slot].next; timer != &slots_[slot]; timer = next) {
    next = timer->next;
    if (TickOf(timer->due_us) > tick) continue;
    Unlink(*timer);
    Append(due_, *timer);
  }
}

size_t TimerWheel::SlotsUntilOccupied(size_t slot) const {
  // The word of `slot` comes twice: its upper bits first, its lower ones when it has come around.
  for (size_t i = 0; i <= occupied_.size(); i++) {
    const size_t word = (slot / kWordBits + i) % occupied_.size();
    const uint64_t bits = i == 0 ? occupied_[word] & ~(BitOf(slot) - 1) : occupied_[word];
    if (bits == 0) continue;
    const size_t found = word * kWordBits + static_cast<size_t>(__builtin_ctzll(bits));
    return (found + kSlots - slot) % kSlots;
  }
  return kSlots - 1;
}

}  // namespace sluice
