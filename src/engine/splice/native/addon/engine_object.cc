// See engine_object.h: how the object begins and ends, and what it does with listeners and tables.
#include "addon/engine_object.h"

#include <optional>
#include <string>
#include <utility>

#include "addon/tables.h"

namespace sluice {

namespace {

std::string TextOf(const Napi::Value& value) { return value.As<Napi::String>().Utf8Value(); }

uint32_t WordOf(const Napi::Value& value) { return value.As<Napi::Number>().Uint32Value(); }

}  // namespace

Napi::Function EngineObject::Class(Napi::Env env) {
  using Object = EngineObject;
  return DefineClass(
      env, "Engine",
      {
          InstanceMethod<&Object::AddCounterRows>("addCounterRows"),
          InstanceMethod<&Object::AddServiceRows>("addServiceRows"),
          InstanceMethod<&Object::OpenListener>("openListener"),
          InstanceMethod<&Object::UpdateListener>("updateListener"),
          InstanceMethod<&Object::QuietListener>("quietListener"),
          InstanceMethod<&Object::CloseListener>("closeListener"),
          InstanceMethod<&Object::SetTable>("setTable"),
          InstanceMethod<&Object::RemoveTable>("removeTable"),
          InstanceMethod<&Object::RenameService>("renameService"),
          InstanceMethod<&Object::RenameGroup>("renameGroup"),
          InstanceMethod<&Object::StateOf>("stateOf"),
          InstanceMethod<&Object::Sessions>("sessions"),
          InstanceMethod<&Object::Session>("session"),
          InstanceMethod<&Object::Behind>("behind"),
          InstanceMethod<&Object::Kill>("kill"),
          InstanceMethod<&Object::CloseAll>("closeAll"),
          InstanceMethod<&Object::SessionCount>("sessionCount"),
          InstanceMethod<&Object::NextSessionId>("nextSessionId"),
          InstanceMethod<&Object::TellWhenEmpty>("tellWhenEmpty"),
          InstanceMethod<&Object::Answer>("answer"),
          InstanceMethod<&Object::TakeEvents>("takeEvents"),
          InstanceMethod<&Object::Judged>("judged"),
          InstanceMethod<&Object::Stop>("stop"),
      });
}

EngineObject::EngineObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<EngineObject>(info) {
  const std::optional<Settings> settings = ReadSettings(info[0]);
  if (!settings.has_value()) return;
  const bool has_rows = thread_rows_.Add(info[1]) && thread_rows_.Find(0, settings->threads - 1);
  if (!has_rows || !info[2].IsFunction()) {
    Napi::TypeError::New(Env(), "an engine takes settings, a row for each thread and a function")
        .ThrowAsJavaScriptException();
    return;
  }
  WorkerRow* rows = thread_rows_.Find(0, 0);
  wake_.Open(info[2].As<Napi::Function>());
  running_ = true;
  napi_add_env_cleanup_hook(Env(), OnExit, this);
  engine_ = std::make_unique<Engine>(*settings, rows, [this] { wake_.Call(); });
  if (engine_->ready()) return;
  EndThreads();
  Napi::Error::New(Env(), "the system has no descriptors left for the threads of the engine")
      .ThrowAsJavaScriptException();
}

EngineObject::~EngineObject() { EndThreads(); }

void EngineObject::OnExit(void* object) { static_cast<EngineObject*>(object)->EndThreads(); }

// No thread calls `wake_` once they have ended, so it can be closed then and not before.
void EngineObject::EndThreads() {
  if (!running_) return;
  running_ = false;
  engine_->Stop();
  wake_.Close();
  napi_remove_env_cleanup_hook(Env(), OnExit, this);
}

void EngineObject::Stop(const Napi::CallbackInfo&) { EndThreads(); }

bool EngineObject::Takes(const Napi::CallbackInfo& info,
                         std::initializer_list<napi_valuetype> types) const {
  const char* fault = running_ ? nullptr : "the engine has stopped";
  size_t place = 0;
  for (const napi_valuetype type : types) {
    if (info[place++].Type() != type) fault = "an argument has the wrong type";
  }
  if (fault != nullptr) Napi::TypeError::New(Env(), fault).ThrowAsJavaScriptException();
  return fault == nullptr;
}

void EngineObject::AddCounterRows(const Napi::CallbackInfo& info) {
  if (!Takes(info, {napi_object})) return;
  if (rows_.counters.Add(info[0])) return;
  Napi::TypeError::New(Env(), "counter rows are a Float64Array of whole rows")
      .ThrowAsJavaScriptException();
}

void EngineObject::AddServiceRows(const Napi::CallbackInfo& info) {
  if (!Takes(info, {napi_object})) return;
  if (rows_.services.Add(info[0])) return;
  Napi::TypeError::New(Env(), "service rows are a Float64Array of whole rows")
      .ThrowAsJavaScriptException();
}

Napi::Value EngineObject::OpenListener(const Napi::CallbackInfo& info) {
  if (!Takes(info, {napi_object})) return Env().Undefined();
  std::optional<ListenerSpec> listener = ReadListener(info[0], rows_);
  if (!listener.has_value()) return Env().Undefined();
  const Opened opened = engine_->OpenListener(std::move(*listener));
  const End bound = EndOf(opened.bound);
  const auto told = Napi::Object::New(Env());
  told.Set("error", opened.error);
  told.Set("ip", FormatIp(bound.ip));
  told.Set("port", bound.port);
  return told;
}

void EngineObject::UpdateListener(const Napi::CallbackInfo& info) {
  if (!Takes(info, {napi_object})) return;
  std::optional<ListenerSpec> listener = ReadListener(info[0], rows_);
  if (listener.has_value()) engine_->UpdateListener(std::move(*listener));
}

void EngineObject::QuietListener(const Napi::CallbackInfo& info) {
  if (Takes(info, {napi_number})) engine_->QuietListener(WordOf(info[0]));
}

Napi::Value EngineObject::CloseListener(const Napi::CallbackInfo& info) {
  if (!Takes(info, {napi_number})) return Env().Undefined();
  return Napi::Boolean::New(Env(), engine_->CloseListener(WordOf(info[0])));
}

void EngineObject::SetTable(const Napi::CallbackInfo& info) {
  if (!Takes(info, {napi_object})) return;
  std::optional<TableSpec> table = ReadTable(info[0], rows_);
  if (table.has_value()) engine_->SetTable(std::move(*table));
}

void EngineObject::RemoveTable(const Napi::CallbackInfo& info) {
  if (Takes(info, {napi_string})) engine_->RemoveTable(TextOf(info[0]));
}

void EngineObject::RenameService(const Napi::CallbackInfo& info) {
  if (Takes(info, {napi_string, napi_string}))
    engine_->RenameService(TextOf(info[0]), TextOf(info[1]));
}

void EngineObject::RenameGroup(const Napi::CallbackInfo& info) {
  if (Takes(info, {napi_string, napi_string, napi_string}))
    engine_->RenameGroup(TextOf(info[0]), TextOf(info[1]), TextOf(info[2]));
}

Napi::Value EngineObject::StateOf(const Napi::CallbackInfo& info) {
  if (!Takes(info, {napi_string})) return Env().Undefined();
  const RouteState state = engine_->StateOf(TextOf(info[0]));
  const auto told = Napi::Object::New(Env());
  told.Set("paused", state.paused);
  told.Set("waiting", state.waiting);
  told.Set("open", state.open);
  told.Set("place", state.place);
  return told;
}

}  // namespace sluice
