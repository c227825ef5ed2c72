// A native picker as an object of JavaScript, so that tests can hold it against the contract of all pickers. It has slots and
// counters of its own, which the test fills from its own before each call. Nothing but tests asks for it.
#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "core/counters.h"
#include "core/picker.h"
#include "core/settings.h"
#include "core/slot.h"
#include "core/table.h"

namespace sluice {

class TestingPicker : public Napi::ObjectWrap<TestingPicker> {
 public:
  static Napi::Function Class(Napi::Env env);

  // (rule, hosts, limits, chance): see Fill; `limits` are { hashProbesMax, chanceDrawsMax }
  explicit TestingPicker(const Napi::CallbackInfo& info);

 private:
  // (hosts): { ids, ready, limits, open, lastClose }, a Float64Array each
  void Fill(const Napi::CallbackInfo& info);
  // (ip, ids of hosts that were tried) -> place, or -1
  Napi::Value Next(const Napi::CallbackInfo& info);
  // (place)
  void Changed(const Napi::CallbackInfo& info);
  // (another one)
  void Succeed(const Napi::CallbackInfo& info);

  void FillFrom(const Napi::Value& hosts);

  Settings settings_;
  Rule rule_;
  std::vector<Slot> hosts_;
  std::vector<CounterRow> rows_;
  Slots slots_;
  Napi::FunctionReference chance_;
  std::unique_ptr<Picker> picker_;
};

}  // namespace sluice
