// See engine_object.h: what it does with sessions and events.
#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

#include "addon/engine_object.h"
#include "addon/fields.h"
#include "addon/reports.h"

namespace sluice {

namespace {

constexpr uint8_t kReasons = std::size(kCloseReasonNames);

double NumberOf(const Napi::Value& value) { return value.As<Napi::Number>().DoubleValue(); }

// A whole number that fits; anything else is 0, which names no session, host or batch.
uint64_t IdOf(const Napi::Value& value) {
  return IsWhole(value, Fields::kWholeMax) ? static_cast<uint64_t>(NumberOf(value)) : 0;
}

std::optional<CloseReason> ReasonOf(const Napi::Value& value) {
  if (IsWhole(value, kReasons - 1)) return static_cast<CloseReason>(NumberOf(value));
  Napi::TypeError::New(value.Env(), "there is no such reason to close")
      .ThrowAsJavaScriptException();
  return std::nullopt;
}

End EndFrom(const Napi::Value& ip, const Napi::Value& port) {
  return {ParseIp(ip.As<Napi::String>().Utf8Value()),
          static_cast<uint16_t>(port.As<Napi::Number>().Uint32Value())};
}

Napi::Object SessionsOf(Napi::Env env, const std::vector<SessionRecord>& sessions) {
  Packed packed;
  PackSessions(sessions, packed);
  return packed.ToObject(env);
}

}  // namespace

Napi::Value EngineObject::Sessions(const Napi::CallbackInfo& info) {
  if (!Takes(info, {napi_number, napi_number})) return Env().Undefined();
  const double limit = std::clamp<double>(NumberOf(info[1]), 0, UINT32_MAX);
  return SessionsOf(Env(), engine_->Sessions(IdOf(info[0]), static_cast<uint32_t>(limit)));
}

Napi::Value EngineObject::Session(const Napi::CallbackInfo& info) {
  if (!Takes(info, {napi_number})) return Env().Undefined();
  std::vector<SessionRecord> found;
  std::optional<SessionRecord> session = engine_->Find(IdOf(info[0]));
  if (session.has_value()) found.push_back(std::move(*session));
  return SessionsOf(Env(), found);
}

// (our ip, our port, the host's ip or '', the host's port): those that match both.
Napi::Value EngineObject::Behind(const Napi::CallbackInfo& info) {
  if (!Takes(info, {napi_string, napi_number, napi_string, napi_number})) return Env().Undefined();
  const End local = EndFrom(info[0], info[1]);
  const End host = EndFrom(info[2], info[3]);
  std::vector<SessionRecord> found;
  if (local.known()) found = engine_->Behind(local);
  const auto other = [&host](const SessionRecord& each) { return !(each.target == host); };
  if (host.known()) found.erase(std::remove_if(found.begin(), found.end(), other), found.end());
  return SessionsOf(Env(), found);
}

// (ids as a Float64Array, place of the reason)
Napi::Value EngineObject::Kill(const Napi::CallbackInfo& info) {
  if (!Takes(info, {napi_object, napi_number})) return Env().Undefined();
  const std::optional<CloseReason> reason = ReasonOf(info[1]);
  if (!reason.has_value()) return Env().Undefined();
  const bool is_list = info[0].IsTypedArray() &&
                       info[0].As<Napi::TypedArray>().TypedArrayType() == napi_float64_array;
  if (!is_list) {
    Napi::TypeError::New(Env(), "ids are a Float64Array").ThrowAsJavaScriptException();
    return Env().Undefined();
  }
  const auto list = info[0].As<Napi::Float64Array>();
  std::vector<uint64_t> ids;
  ids.reserve(list.ElementLength());
  for (size_t i = 0; i < list.ElementLength(); i++) {
    const double id = list[i];
    if (id >= 1 && id <= Fields::kWholeMax) ids.push_back(static_cast<uint64_t>(id));
  }
  return Napi::Number::New(Env(), engine_->Kill(ids, *reason));
}

Napi::Value EngineObject::CloseAll(const Napi::CallbackInfo& info) {
  if (!Takes(info, {napi_number})) return Env().Undefined();
  const std::optional<CloseReason> reason = ReasonOf(info[0]);
  if (!reason.has_value()) return Env().Undefined();
  return Napi::Number::New(Env(), engine_->CloseAll(*reason));
}

Napi::Value EngineObject::SessionCount(const Napi::CallbackInfo& info) {
  if (!Takes(info, {})) return Env().Undefined();
  return Napi::Number::New(Env(), static_cast<double>(engine_->session_count()));
}

// Counts on after the threads have ended: another engine may still take a client.
Napi::Value EngineObject::NextSessionId(const Napi::CallbackInfo&) {
  return Napi::Number::New(Env(), static_cast<double>(engine_->NextSessionId()));
}

void EngineObject::TellWhenEmpty(const Napi::CallbackInfo& info) {
  if (Takes(info, {})) engine_->TellWhenEmpty();
}

void EngineObject::Answer(const Napi::CallbackInfo& info) {
  if (Takes(info, {napi_number, napi_number})) engine_->Answer(IdOf(info[0]), IdOf(info[1]));
}

// Also after the threads have ended: what they had to say by then.
Napi::Value EngineObject::TakeEvents(const Napi::CallbackInfo&) {
  Packed packed;
  PackEvents(engine_->TakeEvents(), packed);
  return packed.ToObject(Env());
}

void EngineObject::Judged(const Napi::CallbackInfo& info) { engine_->Judged(IdOf(info[0])); }

}  // namespace sluice
