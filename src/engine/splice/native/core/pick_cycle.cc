// The `cycle` rule: hosts in the order of the rule, one after the other. The place in the order outlives
// tables: whoever would have been next still is, however the list around it changed.
#include <unordered_map>

#include "core/pick_rules.h"

namespace sluice {
namespace {

class CyclePicker : public Picker {
 public:
  CyclePicker(const Rule& rule, const Slots& slots)
      : Picker(RuleKind::kCycle), order_(rule.order), slots_(slots) {
    ids_.reserve(order_.size());
    for (const uint32_t index : order_) {
      // Hosts are numbered from 1 on.
      const uint64_t id = index < slots.size() ? slots[index]->host_id : 0;
      first_turns_.emplace(id, static_cast<uint32_t>(ids_.size()));
      ids_.push_back(id);
    }
  }

  int Next(const PickClient& client) override {
    const size_t length = order_.size();
    for (size_t step = 0; step < length; step++) {
      const size_t turn = (next_ + step) % length;
      if (!MayPick(slots_, order_[turn], client)) continue;
      next_ = (turn + 1) % length;
      return static_cast<int>(order_[turn]);
    }
    return kNoHost;
  }

  void Succeed(const Picker& earlier) override {
    if (earlier.kind() != RuleKind::kCycle) return;
    const auto& other = static_cast<const CyclePicker&>(earlier);
    next_ = other.ids_ == ids_ ? other.next_ : TurnAfter(other);
  }

  int place() const override { return static_cast<int>(next_); }

 private:
  // The first turn of whoever comes first of those who would have come.
  size_t TurnAfter(const CyclePicker& earlier) const {
    const size_t length = earlier.ids_.size();
    for (size_t step = 0; step < length; step++) {
      const uint64_t id = earlier.ids_[(earlier.next_ + step) % length];
      if (id == 0) continue;
      const auto turn = first_turns_.find(id);
      if (turn != first_turns_.end()) return turn->second;
    }
    return 0;
  }

  // Not touched by Succeed of a later picker: the table that they belong to is gone by then.
  const std::vector<uint32_t>& order_;
  const Slots& slots_;
  // Who has each turn, and the first turn of everybody.
  std::vector<uint64_t> ids_;
  std::unordered_map<uint64_t, uint32_t> first_turns_;
  size_t next_ = 0;
};

}  // namespace

std::unique_ptr<Picker> MakeCyclePicker(const Rule& rule, const Slots& slots) {
  return std::make_unique<CyclePicker>(rule, slots);
}

}  // namespace sluice
