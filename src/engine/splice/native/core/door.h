// A listener as one worker watches it. Touched by that worker only; the listener and its socket are the engine's.
#pragma once

#include <memory>

#include "core/listener.h"

namespace sluice {

struct Door {
  // nullptr once it is not watched any more; an event of the same turn may still point at the door.
  Listener* listener = nullptr;
  std::shared_ptr<const Admission> admission;
  // The last accept failed for want of something of the system's; told once.
  bool failing = false;
};

}  // namespace sluice
