// See addresses.h: from text to what the core works with.
#include "addon/addresses.h"

#include <net/if.h>
#include <netinet/in.h>

#include <cstdlib>
#include <utility>

namespace sluice {

namespace {

constexpr char kUnix[] = "unix:";
constexpr size_t kUnixLength = sizeof(kUnix) - 1;

// A link-local address says nothing without its interface.
void SetZone(SocketAddress& address, const std::string& zone) {
  if (address.storage.ss_family != AF_INET6) return;
  const unsigned index = if_nametoindex(zone.c_str());
  auto* ipv6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  ipv6->sin6_scope_id = index != 0 ? index : std::strtoul(zone.c_str(), nullptr, 10);
}

}  // namespace

SocketAddress AddressAt(const std::string& place, uint16_t port) {
  if (place.compare(0, kUnixLength, kUnix) == 0) return UnixAddress(place.substr(kUnixLength));
  const size_t percent = place.find('%');
  const Ip ip = ParseIp(place.substr(0, percent));
  if (ip.length == 0) return {};
  SocketAddress address = AddressOf({ip, port});
  if (percent != std::string::npos) SetZone(address, place.substr(percent + 1));
  return address;
}

std::optional<Networks> NetworksOf(const std::vector<std::string>& texts) {
  std::vector<Network> networks;
  for (const std::string& text : texts) {
    const std::optional<Network> network = ParseNetwork(text);
    if (!network.has_value()) return std::nullopt;
    networks.push_back(*network);
  }
  return Networks(std::move(networks));
}

}  // namespace sluice
