// The `least` rule: the host with the fewest sessions for its weight. A binary heap over the hosts of the
// table, in which a host moves when one of its sessions begins or ends: picking among a thousand hosts costs
// what picking among three does.
#include <utility>

#include "core/pick_rules.h"

namespace sluice {
namespace {

class LeastPicker : public Picker {
 public:
  LeastPicker(const Rule& rule, const Slots& slots)
      : Picker(RuleKind::kLeast), rule_(rule), slots_(slots) {
    heap_.reserve(slots.size());
    places_.resize(slots.size(), kNowhere);
  }

  int Next(const PickClient& client) override {
    if (!ordered_) Order();
    if (heap_.empty()) return kNoHost;
    if (MayPick(slots_, heap_[0], client)) return static_cast<int>(heap_[0]);
    // The least loaded one is full or was tried. That is rare enough for a walk.
    int least = kNoHost;
    for (const uint32_t index : heap_) {
      if (!MayPick(slots_, index, client)) continue;
      if (least == kNoHost || Before(index, static_cast<uint32_t>(least))) {
        least = static_cast<int>(index);
      }
    }
    return least;
  }

  void Changed(int index) override {
    const auto at = static_cast<size_t>(index);
    if (at < places_.size() && places_[at] != kNowhere) Sink(Rise(places_[at]));
  }

 private:
  static constexpr size_t kNowhere = SIZE_MAX;

  // Not when it is made: that is before the lock is taken, while sessions come and go.
  void Order() {
    ordered_ = true;
    for (size_t index = 0; index < slots_.size() && index < rule_.weights.size(); index++) {
      if (!slots_[index]->ready || rule_.weights[index] == 0) continue;
      places_[index] = heap_.size();
      heap_.push_back(static_cast<uint32_t>(index));
    }
    for (size_t place = heap_.size() / 2; place-- > 0;) Sink(place);
  }

  // Is the host at `a` to be taken before the one at `b`?
  bool Before(uint32_t a, uint32_t b) const {
    const bool a_open = slots_[a]->open();
    // Full hosts sink, or one of them at the top would make every pick a walk.
    if (a_open != slots_[b]->open()) return a_open;
    const CounterRow& one = *slots_[a]->counters;
    const CounterRow& other = *slots_[b]->counters;
    // (open + 1) / weight, compared without dividing.
    const double difference = (one.open.get() + 1) * rule_.weights[b] -
                              (other.open.get() + 1) * rule_.weights[a];
    if (difference != 0) return difference < 0;
    const double closes = one.last_close.get() - other.last_close.get();
    if (rule_.oldest_close_first && closes != 0) return closes < 0;
    return a < b;
  }

  size_t Rise(size_t place) {
    while (place > 0) {
      const size_t parent = (place - 1) / 2;
      if (!SwapIfBefore(place, parent)) break;
      place = parent;
    }
    return place;
  }

  void Sink(size_t place) {
    for (;;) {
      size_t child = 2 * place + 1;
      if (child >= heap_.size()) return;
      if (child + 1 < heap_.size() && Before(heap_[child + 1], heap_[child])) child++;
      if (!SwapIfBefore(child, place)) return;
      place = child;
    }
  }

  bool SwapIfBefore(size_t lower, size_t upper) {
    if (!Before(heap_[lower], heap_[upper])) return false;
    std::swap(heap_[lower], heap_[upper]);
    places_[heap_[lower]] = lower;
    places_[heap_[upper]] = upper;
    return true;
  }

  const Rule& rule_;
  const Slots& slots_;
  // Host indexes as a heap, and the place of each host in it; nowhere where it cannot be picked.
  std::vector<uint32_t> heap_;
  std::vector<size_t> places_;
  bool ordered_ = false;
};

}  // namespace

std::unique_ptr<Picker> MakeLeastPicker(const Rule& rule, const Slots& slots) {
  return std::make_unique<LeastPicker>(rule, slots);
}

}  // namespace sluice
