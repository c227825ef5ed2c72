// A picker on a bench: hosts come and go by tables as in a route, sessions are only counted.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/picker.h"
#include "test/check.h"

namespace sluice::test {

inline constexpr Ip kNobody;

// Hosts 1 to n with a letter each, and the picker of the table that serves.
class Bench {
 public:
  explicit Bench(size_t count) : rows_(count), hosts_(count) {
    for (size_t i = 0; i < count; i++) {
      hosts_[i].host_id = i + 1;
      hosts_[i].counters = &rows_[i];
      hosts_[i].ready = true;
    }
  }

  Slot& host(size_t i) { return hosts_[i]; }
  CounterRow& row(size_t i) { return rows_[i]; }
  size_t count() const { return hosts_.size(); }
  Picker& picker() { return *picker_; }

  // Serve by these hosts, in this order, from now on; what served before is gone but for its picker.
  void Use(Rule rule, const std::vector<size_t>& hosts) {
    auto slots = std::make_unique<Slots>();
    for (Slot& host : hosts_) host.index = kNoHost;
    for (const size_t at : hosts) {
      hosts_[at].index = static_cast<int>(slots->size());
      slots->push_back(&hosts_[at]);
    }
    auto next_rule = std::make_unique<Rule>(std::move(rule));
    rule_.swap(next_rule);
    slots_.swap(slots);
    next_rule.reset();
    slots.reset();
    const std::unique_ptr<Picker> earlier = std::move(picker_);
    picker_ = MakePicker(*rule_, *slots_, settings_, chance_);
    if (earlier != nullptr) picker_->Succeed(*earlier);
  }

  void Use(Rule rule) {
    std::vector<size_t> all;
    for (size_t i = 0; i < hosts_.size(); i++) all.push_back(i);
    Use(std::move(rule), all);
  }

  Slot* Pick(const Tried* tried = nullptr, const Ip& ip = kNobody) {
    const int index = picker_->Next({ip, tried});
    return index == kNoHost ? nullptr : (*slots_)[static_cast<size_t>(index)];
  }

  Slot* Open(const Tried* tried = nullptr, const Ip& ip = kNobody) {
    Slot* slot = Pick(tried, ip);
    if (slot == nullptr) return nullptr;
    slot->counters->open.add(1);
    picker_->Changed(slot->index);
    return slot;
  }

  void Close(Slot& slot) {
    slot.counters->open.add(-1);
    slot.counters->last_close.set(++closes_);
    picker_->Changed(slot.index);
  }

  std::string Letters(int picks, const Tried* tried = nullptr) {
    std::string letters;
    for (int i = 0; i < picks; i++) {
      const Slot* slot = Pick(tried);
      letters += slot == nullptr ? '-' : LetterOf(*slot);
    }
    return letters;
  }

  static char LetterOf(const Slot& slot) { return static_cast<char>('a' + slot.host_id - 1); }

 private:
  std::vector<CounterRow> rows_;
  std::vector<Slot> hosts_;
  const Settings settings_;
  const Chance chance_ = [] { return static_cast<double>(Random()() >> 11) * 0x1p-53; };
  std::unique_ptr<Rule> rule_;
  std::unique_ptr<Slots> slots_;
  std::unique_ptr<Picker> picker_;
  double closes_ = 0;
};

inline Rule Cycle(std::vector<uint32_t> order) {
  Rule rule;
  rule.order = std::move(order);
  return rule;
}

inline Rule ChanceOf(const std::vector<double>& weights, uint8_t draws = 1) {
  Rule rule;
  rule.kind = RuleKind::kChance;
  rule.draws = draws;
  double sum = 0;
  for (const double weight : weights) rule.cumulative.push_back(sum += weight);
  return rule;
}

inline Rule Least(std::vector<uint32_t> weights, bool oldest_close_first = false) {
  Rule rule;
  rule.kind = RuleKind::kLeast;
  rule.weights = std::move(weights);
  rule.oldest_close_first = oldest_close_first;
  return rule;
}

inline Rule Hash(std::vector<uint16_t> slots) {
  Rule rule;
  rule.kind = RuleKind::kHash;
  rule.slots = std::move(slots);
  return rule;
}

}  // namespace sluice::test
