// The engine as an object of JavaScript: each method is one of core/engine.h, with its arguments checked. Main thread only.
// Owns the engine, keeps the memory that it writes to, and ends its threads when JavaScript says so, when nobody has the
// object any more, or when the process exits without a word.
#pragma once

#include <napi.h>

#include <memory>

#include "addon/rows.h"
#include "addon/wake.h"
#include "core/engine.h"

namespace sluice {

class EngineObject : public Napi::ObjectWrap<EngineObject> {
 public:
  static Napi::Function Class(Napi::Env env);

  // (settings, rows of the threads, function to call when there are events)
  explicit EngineObject(const Napi::CallbackInfo& info);
  ~EngineObject() override;

 private:
  void AddCounterRows(const Napi::CallbackInfo& info);
  void AddServiceRows(const Napi::CallbackInfo& info);
  Napi::Value OpenListener(const Napi::CallbackInfo& info);
  void UpdateListener(const Napi::CallbackInfo& info);
  void QuietListener(const Napi::CallbackInfo& info);
  Napi::Value CloseListener(const Napi::CallbackInfo& info);
  void SetTable(const Napi::CallbackInfo& info);
  void RemoveTable(const Napi::CallbackInfo& info);
  void RenameService(const Napi::CallbackInfo& info);
  void RenameGroup(const Napi::CallbackInfo& info);
  Napi::Value StateOf(const Napi::CallbackInfo& info);
  Napi::Value Sessions(const Napi::CallbackInfo& info);
  Napi::Value Session(const Napi::CallbackInfo& info);
  Napi::Value Behind(const Napi::CallbackInfo& info);
  Napi::Value Kill(const Napi::CallbackInfo& info);
  Napi::Value CloseAll(const Napi::CallbackInfo& info);
  Napi::Value SessionCount(const Napi::CallbackInfo& info);
  Napi::Value NextSessionId(const Napi::CallbackInfo& info);
  void TellWhenEmpty(const Napi::CallbackInfo& info);
  void Answer(const Napi::CallbackInfo& info);
  Napi::Value TakeEvents(const Napi::CallbackInfo& info);
  void Judged(const Napi::CallbackInfo& info);
  void Stop(const Napi::CallbackInfo& info);

  // False, and an error in JavaScript, where an argument is not what is expected or the engine has stopped.
  bool Takes(const Napi::CallbackInfo& info, std::initializer_list<napi_valuetype> types) const;
  void EndThreads();
  static void OnExit(void* object);

  // The engine writes to these, so it goes first.
  RowsOf<WorkerRow> thread_rows_;
  SharedRows rows_;
  Wake wake_;
  std::unique_ptr<Engine> engine_;
  bool running_ = false;
};

}  // namespace sluice
