// Networks of allow and deny lists, to be asked about many addresses. Immutable once made; shared by all workers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/address.h"

namespace sluice {

// An IPv4 address is in an IPv6 network, too, that has its `::ffff:0:0/96` form, as in the BlockList of Node: who denies
// `::/0` denies everybody.
struct Network {
  // Here of 16 bytes also where it is an IPv4 address in IPv6 clothes and its bits are counted as those of IPv6.
  Ip ip;
  // Leading bits that count: 0 to 32, or to 128.
  uint8_t bits = 0;
};

// `10.1.2.3`, `10.0.0.0/8`, `2001:db8::/32`, `fe80::1%eth0`: what parseNetwork of src/base/networks.ts lets pass.
std::optional<Network> ParseNetwork(const std::string& text);

class Networks {
 public:
  Networks() = default;
  explicit Networks(const std::vector<Network>& networks);

  bool empty() const { return ranges_.empty(); }
  // False for an address that is not known. Costs the logarithm of the number of networks.
  bool Has(const Ip& ip) const;

 private:
  using Address = std::array<uint8_t, 16>;
  // Both included.
  struct Range {
    Address first;
    Address last;
  };

  static Range RangeOf(const Network& network);

  // In order, none overlaps another.
  std::vector<Range> ranges_;
};

}  // namespace sluice
