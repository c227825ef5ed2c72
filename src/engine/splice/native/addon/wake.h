// Calls a function of JavaScript from any thread, to say that something happened. Keeps the process alive as long as it is
// open. Owns the thread-safe function behind it.
#pragma once

#include <napi.h>

namespace sluice {

class Wake {
 public:
  // Main thread. Nothing is called before.
  void Open(const Napi::Function& called);
  // Main thread; no other thread may call any more.
  void Close();

  // Any thread, between Open and Close. Never blocks.
  void Call() const { function_.NonBlockingCall(); }

 private:
  Napi::ThreadSafeFunction function_;
  bool open_ = false;
};

}  // namespace sluice
