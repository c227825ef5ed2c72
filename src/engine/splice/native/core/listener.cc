// Who a listener lets in, as NodeListener.admits in src/engine/node/listener.ts decides it.
#include "core/listener.h"

namespace sluice {

bool Admission::Admits(const Ip& ip) const {
  if (allow.empty() && deny.empty()) return true;
  // A client without an address is in no list; only where nobody asks who it is may it come in.
  if (ip.length == 0 || deny.Has(ip)) return false;
  return allow.empty() || allow.Has(ip);
}

}  // namespace sluice
