// The `chance` rule: draw by weight; with two draws, the less loaded one of two different hosts.
#include <random>
#include <utility>

#include "core/pick_rules.h"

namespace sluice {
namespace {

class ChancePicker : public Picker {
 public:
  ChancePicker(const Rule& rule, const Slots& slots, uint32_t draws_max, Chance chance)
      : Picker(RuleKind::kChance),
        rule_(rule),
        slots_(slots),
        draws_max_(draws_max),
        chance_(std::move(chance)) {}

  int Next(const PickClient& client) override {
    const int first = Draw(client, kNoHost);
    if (rule_.draws == 1 || first == kNoHost) return first;
    const int second = Draw(client, first);
    return second != kNoHost && Load(second) < Load(first) ? second : first;
  }

 private:
  // Drawing again when the host may not be picked keeps the shares of the others; after some bad luck the hosts
  // that may be picked are summed up instead, which gives the same shares at the cost of a walk.
  int Draw(const PickClient& client, int except) {
    if (rule_.cumulative.empty()) return kNoHost;
    const double sum = rule_.cumulative.back();
    for (uint32_t draw = 0; draw < draws_max_; draw++) {
      const int index = FirstAbove(chance_() * sum);
      if (May(index, client, except)) return index;
    }
    return DrawAmongAllowed(client, except);
  }

  int DrawAmongAllowed(const PickClient& client, int except) {
    double sum = 0;
    for (int index = 0; index < count(); index++) {
      if (May(index, client, except)) sum += Weight(index);
    }
    double left = chance_() * sum;
    int last = kNoHost;
    for (int index = 0; index < count(); index++) {
      if (Weight(index) == 0 || !May(index, client, except)) continue;
      last = index;
      left -= Weight(index);
      if (left < 0) break;
    }
    return last;
  }

  bool May(int index, const PickClient& client, int except) const {
    return index != except && MayPick(slots_, static_cast<size_t>(index), client);
  }

  // Index of the first sum above `point`; the last one where there is none.
  int FirstAbove(double point) const {
    const auto& sums = rule_.cumulative;
    return static_cast<int>(std::upper_bound(sums.begin(), sums.end() - 1, point) - sums.begin());
  }

  double Weight(int index) const {
    const auto at = static_cast<size_t>(index);
    return rule_.cumulative[at] - (at == 0 ? 0 : rule_.cumulative[at - 1]);
  }

  double Load(int index) const {
    return slots_[static_cast<size_t>(index)]->counters->open.get() / Weight(index);
  }

  int count() const { return static_cast<int>(rule_.cumulative.size()); }

  const Rule& rule_;
  const Slots& slots_;
  const uint32_t draws_max_;
  const Chance chance_;
};

// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): eight bytes of state, and the shares that weights ask for.
uint64_t NextBits(uint64_t& state) {
  uint64_t bits = state += 0x9e3779b97f4a7c15u;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
  return bits ^ (bits >> 31);
}

}  // namespace

std::unique_ptr<Picker> MakeChancePicker(const Rule& rule, const Slots& slots, uint32_t draws_max,
                                         Chance chance) {
  return std::make_unique<ChancePicker>(rule, slots, draws_max, std::move(chance));
}

Chance OwnChance() {
  std::random_device device;
  const auto state = std::make_shared<uint64_t>((uint64_t{device()} << 32) | device());
  // The upper 53 bits: as many as a double holds.
  return [state] { return static_cast<double>(NextBits(*state) >> 11) * 0x1p-53; };
}

}  // namespace sluice
