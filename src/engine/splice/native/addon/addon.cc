// What JavaScript sees of the splice engine: the names that the addon exports, and nothing behind them.
#include <napi.h>

#include "addon/engine_object.h"
#include "addon/testing.h"
#include "addon/testing_picker.h"
#include "core/close_reason.h"
#include "core/records.h"

namespace {

// What this addon exports, and how; SPLICE_ABI in src/engine/splice/addon.ts is the one that TypeScript expects. Both count
// up whenever one side changes.
constexpr int kAbi = 2;

template <size_t kCount>
Napi::Array NamesOf(Napi::Env env, const char* const (&names)[kCount]) {
  const auto array = Napi::Array::New(env, kCount);
  for (uint32_t i = 0; i < kCount; i++) array.Set(i, names[i]);
  return array;
}

Napi::Object Exports(Napi::Env env, Napi::Object exports) {
  exports.Set("abi", kAbi);
  exports.Set("closeReasons", NamesOf(env, sluice::kCloseReasonNames));
  exports.Set("steps", NamesOf(env, sluice::kStepNames));
  exports.Set("Engine", sluice::EngineObject::Class(env));
  auto testing = sluice::MakeTesting(env);
  testing.Set("Picker", sluice::TestingPicker::Class(env));
  exports.Set("testing", testing);
  return exports;
}

}  // namespace

NODE_API_MODULE(splice, Exports)
