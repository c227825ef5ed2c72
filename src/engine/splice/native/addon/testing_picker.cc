// See testing_picker.h: the native pick rules on a bench of JavaScript.
#include "addon/testing_picker.h"

#include <optional>
#include <utility>

#include "addon/fields.h"
#include "addon/tables.h"

namespace sluice {

Napi::Function TestingPicker::Class(Napi::Env env) {
  return DefineClass(env, "Picker",
                     {
                         InstanceMethod<&TestingPicker::Fill>("fill"),
                         InstanceMethod<&TestingPicker::Next>("next"),
                         InstanceMethod<&TestingPicker::Changed>("changed"),
                         InstanceMethod<&TestingPicker::Succeed>("succeed"),
                     });
}

TestingPicker::TestingPicker(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<TestingPicker>(info) {
  const size_t count = Fields(info[1], "hosts").Doubles("ids").count;
  std::optional<Rule> rule = ReadRule(info[0], count);
  const Fields limits(info[2], "limits");
  settings_.hash_probes_max = limits.Word("hashProbesMax");
  settings_.chance_draws_max = limits.Word("chanceDrawsMax");
  if (!rule.has_value() || !limits.ok()) return;
  rule_ = std::move(*rule);
  hosts_ = std::vector<Slot>(count);
  rows_ = std::vector<CounterRow>(count);
  FillFrom(info[1]);
  for (Slot& host : hosts_) slots_.push_back(&host);
  chance_ = Napi::Persistent(info[3].As<Napi::Function>());
  picker_ = MakePicker(rule_, slots_, settings_,
                       [this] { return chance_.Call({}).As<Napi::Number>().DoubleValue(); });
}

void TestingPicker::Fill(const Napi::CallbackInfo& info) { FillFrom(info[0]); }

void TestingPicker::FillFrom(const Napi::Value& hosts) {
  const Fields fields(hosts, "hosts");
  const Cells<double> ids = fields.Doubles("ids");
  const Cells<double> ready = fields.Doubles("ready");
  const Cells<double> limits = fields.Doubles("limits");
  const Cells<double> open = fields.Doubles("open");
  const Cells<double> closes = fields.Doubles("lastClose");
  if (!fields.ok() || ids.count != hosts_.size()) return;
  for (size_t i = 0; i < hosts_.size(); i++) {
    Slot& host = hosts_[i];
    host.host_id = static_cast<uint64_t>(ids[i]);
    host.ready = ready[i] != 0;
    host.max_sessions = static_cast<uint32_t>(limits[i]);
    host.index = static_cast<int>(i);
    host.counters = &rows_[i];
    rows_[i].open.set(open[i]);
    rows_[i].last_close.set(closes[i]);
  }
}

Napi::Value TestingPicker::Next(const Napi::CallbackInfo& info) {
  const Ip ip = ParseIp(info[0].As<Napi::String>().Utf8Value());
  const auto ids = info[1].As<Napi::Float64Array>();
  Tried tried;
  for (size_t i = 0; i < ids.ElementLength(); i++) tried.push_back(static_cast<uint64_t>(ids[i]));
  const PickClient client{ip, tried.empty() ? nullptr : &tried};
  return Napi::Number::New(Env(), picker_->Next(client));
}

void TestingPicker::Changed(const Napi::CallbackInfo& info) {
  picker_->Changed(info[0].As<Napi::Number>().Int32Value());
}

void TestingPicker::Succeed(const Napi::CallbackInfo& info) {
  picker_->Succeed(*Unwrap(info[0].As<Napi::Object>())->picker_);
}

}  // namespace sluice
