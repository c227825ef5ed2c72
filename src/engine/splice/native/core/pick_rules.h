// The pickers of each kind of rule, for MakePicker alone.
#pragma once

#include <memory>

#include "core/picker.h"

namespace sluice {

std::unique_ptr<Picker> MakeCyclePicker(const Rule& rule, const Slots& slots);
std::unique_ptr<Picker> MakeChancePicker(const Rule& rule, const Slots& slots, uint32_t draws_max,
                                         Chance chance);
std::unique_ptr<Picker> MakeLeastPicker(const Rule& rule, const Slots& slots);
std::unique_ptr<Picker> MakeHashPicker(const Rule& rule, const Slots& slots, uint32_t probes_max);

}  // namespace sluice
