// Parts of the core under the name `testing`, so that tests can hold them against their TypeScript
// twins. Nothing but tests asks for them.
#pragma once

#include <napi.h>

namespace sluice {

// Functions without state:
//   parseProxyHeader(bytes, v2BytesMax) -> { state, length, source?, destination? }
//   formatProxyHeader('v1' | 'v2', source?, destination?) -> Buffer; ends are { ip, port }
//   hashBytes(bytes, seed) -> number
//   parseIp(text) -> Buffer of 0, 4 or 16 bytes
//   formatIp(bytes) -> text
//   networksOf(networks) -> (ip) -> whether it is in one of them; undefined where one is no network
Napi::Object MakeTesting(Napi::Env env);

}  // namespace sluice
