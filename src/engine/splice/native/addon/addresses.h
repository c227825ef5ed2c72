// Addresses and networks as JavaScript writes them, for the core. Text in, plain values out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/address.h"
#include "core/networks.h"

namespace sluice {

// `place` is an IP address, with a zone where it has one (`fe80::1%eth0`), or `unix:/path`. Not known where it is neither.
SocketAddress AddressAt(const std::string& place, uint16_t port);

// `10.0.0.1`, `10.0.0.0/8`, `2001:db8::/32`. Nothing where one of them is no network.
std::optional<Networks> NetworksOf(const std::vector<std::string>& texts);

}  // namespace sluice
