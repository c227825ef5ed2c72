// See wake.h: from any thread to JavaScript.
#include "addon/wake.h"

namespace sluice {

void Wake::Open(const Napi::Function& called) {
  // Its queue needs no bound: a batch of events is told of once, and the next one begins when it was taken.
  function_ = Napi::ThreadSafeFunction::New(called.Env(), called, "splice events", 0, 1);
  open_ = true;
}

void Wake::Close() {
  if (!open_) return;
  open_ = false;
  function_.Release();
}

}  // namespace sluice
