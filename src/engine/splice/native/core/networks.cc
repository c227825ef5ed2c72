// Networks as ranges of addresses in order, so that a list of thousands costs a client a few
// comparisons.
#include "core/networks.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace sluice {
namespace {

// The bits of `10.0.0.0/8`, at most `most`, which are those of a text without `/`.
std::optional<uint8_t> BitsOf(const std::string& text, size_t slash, uint8_t most) {
  if (slash == std::string::npos) return most;
  uint8_t bits = 0;
  const char* const end = text.data() + text.size();
  const auto [read_to, error] = std::from_chars(text.data() + slash + 1, end, bits);
  if (error != std::errc() || read_to != end || bits > most) return std::nullopt;
  return bits;
}

}  // namespace

std::optional<Network> ParseNetwork(const std::string& text) {
  const size_t slash = text.find('/');
  Ip ip = ParseIp(text.substr(0, slash));
  if (ip.length == 0) return std::nullopt;
  const bool written_as_ipv6 = text.find(':') != std::string::npos;
  if (written_as_ipv6) ip = {Ipv6Bytes(ip), 16};
  const std::optional<uint8_t> bits = BitsOf(text, slash, written_as_ipv6 ? 128 : 32);
  if (!bits) return std::nullopt;
  return Network{ip, *bits};
}

Networks::Range Networks::RangeOf(const Network& network) {
  // Bits of an IPv4 address count behind the prefix that it has as an IPv6 address.
  const int bits = network.bits + (network.ip.length == 4 ? 96 : 0);
  Range range{Ipv6Bytes(network.ip), Ipv6Bytes(network.ip)};
  for (int i = 0; i < 16; i++) {
    const auto rest = static_cast<uint8_t>(0xff >> std::clamp(bits - 8 * i, 0, 8));
    range.first[i] &= static_cast<uint8_t>(~rest);
    range.last[i] |= rest;
  }
  return range;
}

Networks::Networks(const std::vector<Network>& networks) {
  std::vector<Range> ranges;
  ranges.reserve(networks.size());
  for (const Network& network : networks) ranges.push_back(RangeOf(network));
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.first < b.first; });
  for (const Range& range : ranges) {
    if (ranges_.empty() || ranges_.back().last < range.first) {
      ranges_.push_back(range);
    } else {
      ranges_.back().last = std::max(ranges_.back().last, range.last);
    }
  }
  ranges_.shrink_to_fit();
}

bool Networks::Has(const Ip& ip) const {
  if (ip.length == 0) return false;
  const Address address = Ipv6Bytes(ip);
  const auto begins_after = [](const Address& wanted, const Range& range) {
    return wanted < range.first;
  };
  const auto after = std::upper_bound(ranges_.begin(), ranges_.end(), address, begins_after);
  return after != ranges_.begin() && address <= std::prev(after)->last;
}

}  // namespace sluice
