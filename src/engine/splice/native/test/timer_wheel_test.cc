// Deadlines: never early, at most one tick late, whatever is set and cleared meanwhile.
#include "core/timer_wheel.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "test/check.h"

namespace sluice::test {
namespace {

constexpr uint64_t kTick = TimerWheel::kTickMicros;
constexpr uint64_t kRound = kTick * TimerWheel::kSlots;
// Not on the border of a tick.
constexpr uint64_t kStart = 1'000'000'003;

std::vector<Timer*> Expired(TimerWheel& wheel, uint64_t now_us) {
  std::vector<Timer*> expired;
  wheel.Advance(now_us, [&](Timer& timer) { expired.push_back(&timer); });
  return expired;
}

CASE("a deadline is told of once, not early and at most a tick late") {
  TimerWheel wheel(kStart);
  Timer timer;
  wheel.Set(timer, kStart + 25'000);
  CHECK_EQ(Expired(wheel, kStart + 24'999).size(), 0);
  CHECK(timer.set());
  CHECK_EQ(Expired(wheel, kStart + 25'000 + kTick).size(), 1);
  CHECK(!timer.set());
  CHECK_EQ(wheel.count(), 0);
  CHECK_EQ(Expired(wheel, kStart + 10 * kRound).size(), 0);
}

CASE("a deadline that is over already comes at the next tick") {
  TimerWheel wheel(kStart);
  Timer past;
  Timer zero;
  wheel.Set(past, kStart - 5 * kRound);
  wheel.Set(zero, 0);
  CHECK(zero.set());
  CHECK_EQ(Expired(wheel, kStart).size(), 0);
  CHECK_EQ(Expired(wheel, kStart + kTick).size(), 2);
}

CASE("a deadline in a later round waits for its round") {
  TimerWheel wheel(kStart);
  Timer later;
  Timer now;
  wheel.Set(later, kStart + 2 * kTick + 3 * kRound);
  wheel.Set(now, kStart + 2 * kTick);
  const auto first = Expired(wheel, kStart + 3 * kTick);
  CHECK(first.size() == 1 && first[0] == &now);
  CHECK_EQ(Expired(wheel, kStart + 3 * kTick + 2 * kRound).size(), 0);
  CHECK_EQ(Expired(wheel, kStart + 3 * kTick + 3 * kRound).size(), 1);
}

CASE("a deadline that is set anew has only the new time") {
  TimerWheel wheel(kStart);
  Timer timer;
  wheel.Set(timer, kStart + kTick);
  wheel.Set(timer, kStart + 100 * kTick);
  CHECK_EQ(wheel.count(), 1);
  CHECK_EQ(Expired(wheel, kStart + 50 * kTick).size(), 0);
  wheel.Clear(timer);
  wheel.Clear(timer);
  CHECK_EQ(wheel.count(), 0);
  CHECK_EQ(Expired(wheel, kStart + 200 * kTick).size(), 0);
}

CASE("after a pause of years everything due is told of, and the rest keeps its time") {
  TimerWheel wheel(kStart);
  constexpr uint64_t kYears = 200'000'000'000'000;
  std::vector<Timer> timers(3000);
  for (size_t i = 0; i < timers.size(); i++) wheel.Set(timers[i], kStart + (i + 1) * 3 * kTick);
  Timer later;
  wheel.Set(later, kStart + kYears + 5 * kTick);
  CHECK_EQ(Expired(wheel, kStart + kYears).size(), timers.size());
  CHECK_EQ(wheel.count(), 1);
  CHECK_EQ(Expired(wheel, kStart + kYears + 4 * kTick).size(), 0);
  CHECK_EQ(Expired(wheel, kStart + kYears + 6 * kTick).size(), 1);
}

CASE("a clock that stands still or goes back tells of nothing") {
  TimerWheel wheel(kStart);
  Timer timer;
  wheel.Set(timer, kStart + 2 * kTick);
  CHECK_EQ(Expired(wheel, kStart).size(), 0);
  CHECK_EQ(Expired(wheel, 0).size(), 0);
  CHECK_EQ(Expired(wheel, kStart + 3 * kTick).size(), 1);
}

CASE("while one is told of, others that are due may be cleared and set") {
  TimerWheel wheel(kStart);
  std::vector<Timer> timers(6);
  for (Timer& timer : timers) wheel.Set(timer, kStart + kTick);
  std::vector<size_t> told;
  const auto on_expired = [&](Timer& timer) {
    const auto at = static_cast<size_t>(&timer - timers.data());
    told.push_back(at);
    CHECK(!timer.set());
    if (at != 0) return;
    wheel.Clear(timers[1]);
    wheel.Set(timers[2], kStart + 10 * kTick);
    wheel.Set(timers[3], 1);
    wheel.Clear(timers[5]);
    wheel.Set(timers[0], 1);
  };
  wheel.Advance(kStart + 2 * kTick, on_expired);
  CHECK(told == std::vector<size_t>({0, 4}));
  CHECK_EQ(wheel.count(), 3);
  CHECK_EQ(Expired(wheel, kStart + 3 * kTick).size(), 2);
  CHECK_EQ(Expired(wheel, kStart + 11 * kTick).size(), 1);
}

CASE("one that sets itself again at once does not keep the others waiting") {
  TimerWheel wheel(kStart);
  Timer timer;
  wheel.Set(timer, kStart);
  int told = 0;
  wheel.Advance(kStart + 5 * kRound, [&](Timer& again) {
    told++;
    wheel.Set(again, kStart);
  });
  CHECK_EQ(told, 1);
  CHECK_EQ(wheel.count(), 1);
  wheel.Clear(timer);
}

CASE("one that is told of may be destroyed") {
  TimerWheel wheel(kStart);
  std::vector<std::unique_ptr<Timer>> timers;
  for (int i = 0; i < 10; i++) {
    timers.push_back(std::make_unique<Timer>());
    wheel.Set(*timers.back(), kStart + 1);
  }
  wheel.Advance(kStart + kTick, [&](Timer& timer) {
    const auto same = [&](const auto& each) { return each.get() == &timer; };
    timers.erase(std::find_if(timers.begin(), timers.end(), same));
  });
  CHECK(timers.empty());
}

CASE("it may be slept until the tick of the next deadline") {
  TimerWheel wheel(0);
  CHECK_EQ(wheel.SleepMs(0), -1);
  Timer timer;
  for (const uint64_t ticks : {1, 2, 63, 64, 65, 512, 1023, 1024}) {
    wheel.Set(timer, ticks * kTick);
    CHECK_EQ(wheel.SleepMs(0), ticks * kTick / 1000);
    wheel.Set(timer, ticks * kTick - kTick + 1);
    CHECK_EQ(wheel.SleepMs(0), ticks * kTick / 1000);
    CHECK_EQ(wheel.SleepMs(1), ticks * kTick / 1000);
    CHECK_EQ(wheel.SleepMs(1001), ticks * kTick / 1000 - 1);
  }
  CHECK_EQ(wheel.SleepMs(2 * kRound), 0);
  wheel.Clear(timer);
  CHECK_EQ(wheel.SleepMs(0), -1);
}

// What a wheel is compared with: nothing but the deadlines.
class Reference {
 public:
  explicit Reference(size_t timers) : due_us_(timers, 0) {}

  void Set(size_t at, uint64_t due_us) { due_us_[at] = due_us; }
  void Clear(size_t at) { due_us_[at] = 0; }

  void Told(size_t at, uint64_t now_us) {
    CHECK(due_us_[at] != 0);
    CHECK(due_us_[at] <= now_us);
    due_us_[at] = 0;
  }
  // Everything that was due a tick ago was told of.
  void CheckNoneLate(uint64_t now_us) const {
    for (const uint64_t due_us : due_us_) CHECK(due_us == 0 || due_us + kTick > now_us);
  }
  size_t count() const {
    return due_us_.size() - static_cast<size_t>(std::count(due_us_.begin(), due_us_.end(), 0));
  }
  // 0: none.
  uint64_t earliest_us() const {
    uint64_t earliest = 0;
    for (const uint64_t due_us : due_us_) {
      if (due_us != 0 && (earliest == 0 || due_us < earliest)) earliest = due_us;
    }
    return earliest;
  }

 private:
  std::vector<uint64_t> due_us_;
};

// Mostly a few ticks, now and then some rounds or hours.
uint64_t RandomSpan() {
  switch (RandomBetween(0, 9)) {
    case 0:
      return static_cast<uint64_t>(RandomBetween(0, 4 * static_cast<int64_t>(kRound)));
    case 1:
      return static_cast<uint64_t>(RandomBetween(0, 36'000'000'000));
    default:
      return static_cast<uint64_t>(RandomBetween(0, 5 * static_cast<int64_t>(kTick)));
  }
}

class RandomWheel {
 public:
  void Step() {
    Touch();
    if (RandomBetween(0, 1) == 0) Advance();
    CHECK_EQ(wheel_.count(), reference_.count());
  }

 private:
  static constexpr size_t kTimers = 200;

  void Touch() {
    const auto at = static_cast<size_t>(RandomBetween(0, kTimers - 1));
    if (RandomBetween(0, 3) == 0) {
      wheel_.Clear(timers_[at]);
      reference_.Clear(at);
      return;
    }
    const uint64_t due_us = now_us_ + RandomSpan();
    wheel_.Set(timers_[at], due_us);
    reference_.Set(at, due_us);
  }

  void Advance() {
    CheckSleep();
    now_us_ += RandomSpan();
    wheel_.Advance(now_us_, [&](Timer& timer) {
      reference_.Told(static_cast<size_t>(&timer - timers_.data()), now_us_);
      if (RandomBetween(0, 2) == 0) Touch();
    });
    // What was set while others were told of is due after this tick at the earliest.
    reference_.CheckNoneLate(now_us_);
    // Whoever sleeps now does not come back at once.
    CHECK(wheel_.SleepMs(now_us_) != 0);
  }

  void CheckSleep() {
    const int sleep_ms = wheel_.SleepMs(now_us_);
    CHECK_EQ(sleep_ms == -1, reference_.count() == 0);
    if (sleep_ms == -1) return;
    // No later than a tick and the rounding after the first deadline; that may be over by now.
    const uint64_t wake_us = now_us_ + static_cast<uint64_t>(sleep_ms) * 1000;
    CHECK(wake_us <= std::max(reference_.earliest_us(), now_us_) + kTick + 1000);
  }

  uint64_t now_us_ = kStart;
  TimerWheel wheel_{kStart};
  std::vector<Timer> timers_{kTimers};
  Reference reference_{kTimers};
};

CASE("any sequence of setting, clearing and waiting keeps every deadline") {
  for (int round = 0; round < 20; round++) {
    RandomWheel wheel;
    for (int i = 0; i < 2000; i++) wheel.Step();
  }
}

}  // namespace
}  // namespace sluice::test
