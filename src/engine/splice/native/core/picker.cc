// The pickers by the kind of their rule.
#include "core/picker.h"

#include <utility>

#include "core/pick_rules.h"

namespace sluice {

std::unique_ptr<Picker> MakePicker(const Rule& rule, const Slots& slots, const Settings& settings,
                                   Chance chance) {
  switch (rule.kind) {
    case RuleKind::kCycle:
      return MakeCyclePicker(rule, slots);
    case RuleKind::kChance:
      return MakeChancePicker(rule, slots, settings.chance_draws_max, std::move(chance));
    case RuleKind::kLeast:
      return MakeLeastPicker(rule, slots);
    case RuleKind::kHash:
      return MakeHashPicker(rule, slots, settings.hash_probes_max);
  }
  return nullptr;
}

int FirstFrom(const Slots& slots, size_t start, const PickClient& client) {
  for (size_t step = 0; step < slots.size(); step++) {
    const size_t index = (start + step) % slots.size();
    if (MayPick(slots, index, client)) return static_cast<int>(index);
  }
  return kNoHost;
}

}  // namespace sluice
