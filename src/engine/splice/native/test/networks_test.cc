// Networks, and who is let in by lists of them.
#include "core/networks.h"

#include <vector>

#include "core/listener.h"
#include "test/check.h"

namespace sluice::test {
namespace {

Networks Listed(std::initializer_list<const char*> texts) {
  std::vector<Network> networks;
  for (const char* text : texts) {
    const auto network = ParseNetwork(text);
    if (!network) Fail(__FILE__, __LINE__, "it was not read as a network", text);
    if (network) networks.push_back(*network);
  }
  return Networks(networks);
}

void CheckHas(const Networks& networks, const char* ip, bool expected) {
  if (networks.Has(ParseIp(ip)) != expected) {
    Fail(__FILE__, __LINE__, expected ? "it should be in a network" : "it is in none", ip);
  }
}

CASE("an address is in a list where it is in one of its networks") {
  const Networks networks = Listed({"10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "172.16.5.0/23"});
  for (const char* ip : {"10.0.0.0", "10.255.255.255", "192.0.2.7", "2001:db8:ffff::", "172.16.4.9",
                         "172.16.5.255", "::ffff:10.1.1.1"}) {
    CheckHas(networks, ip, true);
  }
  for (const char* ip : {"9.255.255.255", "11.0.0.0", "192.0.2.6", "192.0.2.8", "2001:db7:ffff::",
                         "2001:db9::", "172.16.3.255", "172.16.6.0", "::1", "a00::", ""}) {
    CheckHas(networks, ip, false);
  }
}

CASE("an IPv4 address is in an IPv6 network that has its IPv6 form") {
  CheckHas(Listed({"::/0"}), "10.0.0.1", true);
  CheckHas(Listed({"::/80"}), "10.0.0.1", true);
  CheckHas(Listed({"::/81"}), "10.0.0.1", false);
  CheckHas(Listed({"::ffff:10.0.0.0/104"}), "10.255.0.1", true);
  CheckHas(Listed({"::ffff:10.0.0.0/104"}), "11.0.0.1", false);
  CheckHas(Listed({"::ffff:10.0.0.0/64"}), "::1", true);
  CheckHas(Listed({"0.0.0.0/0"}), "::1", false);
  CheckHas(Listed({"0.0.0.0/0"}), "255.255.255.255", true);
}

CASE("networks that overlap, touch or repeat are one list") {
  const Networks networks = Listed({"10.0.1.0/24", "10.0.0.0/16", "10.0.0.0/24", "10.1.0.0/16",
                                    "10.0.0.0/16", "10.0.200.1", "10.3.0.0/16"});
  for (const char* ip : {"10.0.0.0", "10.0.255.255", "10.1.255.255", "10.3.0.0"}) {
    CheckHas(networks, ip, true);
  }
  for (const char* ip : {"9.255.255.255", "10.2.0.0", "10.2.255.255", "10.4.0.0"}) {
    CheckHas(networks, ip, false);
  }
  CHECK(!networks.empty());
  CHECK(Networks().empty());
}

CASE("what is no network is not read") {
  for (const char* text :
       {"", "web", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "::/129", "10.0.0.0/-1",
        "10.0.0.0/+1", "10.0.0.0/ 8", "10.0.0.0/256", "/8"}) {
    if (ParseNetwork(text)) Fail(__FILE__, __LINE__, "it was read as a network", text);
  }
}

// One bit after the other: what the sorted list is compared with.
bool IsIn(const Network& network, const Ip& ip) {
  if (network.ip.length == 4 && ip.length == 16) return false;
  const auto bytes = network.ip.length == 4 ? ip.bytes : Ipv6Bytes(ip);
  for (int i = 0; i < network.bits; i++) {
    const uint8_t mask = static_cast<uint8_t>(0x80 >> (i % 8));
    if ((network.ip.bytes[i / 8] & mask) != (bytes[i / 8] & mask)) return false;
  }
  return true;
}

// Few values, so that many are in one another.
Ip RandomIp() {
  Ip ip;
  ip.length = RandomBetween(0, 1) == 0 ? 4 : 16;
  for (size_t i = 0; i < ip.length; i++) {
    ip.bytes[i] = static_cast<uint8_t>(RandomBetween(0, 3) == 0 ? RandomBetween(0, 255) : 0x20);
  }
  return ip;
}

CASE("the sorted list gives the answer of a walk over all networks") {
  for (int round = 0; round < 300; round++) {
    std::vector<Network> networks(RandomBetween(0, 60));
    for (Network& network : networks) {
      network.ip = RandomIp();
      network.bits = static_cast<uint8_t>(RandomBetween(3, network.ip.length * 8));
    }
    const Networks sorted(networks);
    for (int i = 0; i < 100; i++) {
      const Ip ip = RandomIp();
      bool expected = false;
      for (const Network& network : networks) expected = expected || IsIn(network, ip);
      if (sorted.Has(ip) != expected) Fail(__FILE__, __LINE__, "sorted.Has(ip)", FormatIp(ip));
    }
  }
}

CASE("deny goes before allow, and an empty allow list lets everybody in") {
  const Ip inside = ParseIp("10.0.0.1");
  const Ip outside = ParseIp("11.0.0.1");
  Admission admission;
  CHECK(admission.Admits(inside) && admission.Admits({}));
  admission.deny = Listed({"10.0.0.0/24"});
  CHECK(!admission.Admits(inside) && admission.Admits(outside));
  admission.allow = Listed({"10.0.0.0/8"});
  CHECK(!admission.Admits(inside) && !admission.Admits(outside));
  CHECK(admission.Admits(ParseIp("10.0.1.1")));
}

CASE("a client without an address is refused where there is any list") {
  Admission allowing;
  allowing.allow = Listed({"::/0"});
  Admission denying;
  denying.deny = Listed({"10.0.0.0/8"});
  CHECK(!allowing.Admits({}));
  CHECK(!denying.Admits({}));
}

}  // namespace
}  // namespace sluice::test
