// The PROXY header: the same decisions as src/base/proxy-header.ts after the same byte, and the
// same bytes written.
#include "core/proxy_header.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {
namespace {

using State = ProxyHeader::State;

ProxyHeader Incomplete() { return {}; }

ProxyHeader Invalid() {
  ProxyHeader header;
  header.state = State::kInvalid;
  return header;
}

ProxyHeader Complete(size_t length, const End& source, const End& destination) {
  return {State::kComplete, length, source, destination};
}

// The connection's own addresses count.
ProxyHeader CompleteWithoutEnds(size_t length) { return Complete(length, {}, {}); }

// Section 2.1 of the specification: the human-readable version.

// Bytes of the line, with its end: the specification's figure.
constexpr size_t kV1BytesMax = 107;
constexpr std::string_view kTcp4 = "PROXY TCP4 ";
constexpr std::string_view kTcp6 = "PROXY TCP6 ";
constexpr std::string_view kUnknown = "PROXY UNKNOWN";
constexpr std::string_view kV1Starts[] = {kTcp4, kTcp6, "PROXY UNKNOWN ", "PROXY UNKNOWN\r"};

bool BeginsLikeV1(std::string_view text) {
  for (const std::string_view start : kV1Starts) {
    if (start.substr(0, text.size()) == text.substr(0, start.size())) return true;
  }
  return false;
}

// The next of several words with one blank between each two; takes it away from `line`.
std::string_view TakeWord(std::string_view* line) {
  const size_t blank = line->find(' ');
  const std::string_view word = line->substr(0, blank);
  line->remove_prefix(blank == std::string_view::npos ? line->size() : blank + 1);
  return word;
}

// Of the right family. A zone (`%eth0`) means something only on the machine where it was written.
std::optional<Ip> ParseAnnouncedIp(std::string_view text, bool ipv6) {
  const bool looks_ipv6 = text.find(':') != std::string_view::npos;
  if (looks_ipv6 != ipv6 || text.find('%') != std::string_view::npos) return std::nullopt;
  const Ip ip = ParseIp(std::string(text));
  if (ip.length == 0) return std::nullopt;
  return ip;
}

// No sign, no zero in front: that could be read as octal.
std::optional<uint16_t> ParsePort(std::string_view text) {
  if (text.size() > 1 && text[0] == '0') return std::nullopt;
  uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [read_to, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || read_to != end) return std::nullopt;
  return port;
}

ProxyHeader ParseV1Line(std::string_view line, size_t length) {
  // Whatever stands behind UNKNOWN must be ignored.
  if (line.substr(0, kUnknown.size()) == kUnknown) return CompleteWithoutEnds(length);
  const bool ipv6 = line.substr(0, kTcp6.size()) == kTcp6;
  line.remove_prefix(kTcp4.size());
  const std::optional<Ip> from = ParseAnnouncedIp(TakeWord(&line), ipv6);
  const std::optional<Ip> to = ParseAnnouncedIp(TakeWord(&line), ipv6);
  const std::optional<uint16_t> from_port = ParsePort(TakeWord(&line));
  // What is left is one word, or wrong: a blank is in no port.
  const std::optional<uint16_t> to_port = ParsePort(line);
  if (!from || !to || !from_port || !to_port) return Invalid();
  return Complete(length, {*from, *from_port}, {*to, *to_port});
}

ProxyHeader ParseV1(const uint8_t* bytes, size_t length) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), std::min(length, kV1BytesMax));
  // A wrong start is refused without waiting for a line end that may never come.
  if (!BeginsLikeV1(text)) return Invalid();
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) return text.size() < kV1BytesMax ? Incomplete() : Invalid();
  if (text[end - 1] != '\r') return Invalid();
  return ParseV1Line(text.substr(0, end - 1), end + 1);
}

// `source` and `destination` are of one family, here and below.
size_t FormatV1(const End& source, const End& destination, uint8_t* bytes) {
  std::string line(source.ip.length == 4 ? kTcp4 : kTcp6);
  line += FormatIp(source.ip) + ' ' + FormatIp(destination.ip) + ' ';
  line += std::to_string(source.port) + ' ' + std::to_string(destination.port) + "\r\n";
  std::memcpy(bytes, line.data(), line.size());
  return line.size();
}

// Section 2.2: the binary version.

constexpr uint8_t kSignature[12] = {'\r', '\n', '\r', '\n', 0,   '\r',
                                    '\n', 'Q',  'U',  'I',  'T', '\n'};
constexpr size_t kFixedBytes = 16;
constexpr uint8_t kLocal = 0x20;
constexpr uint8_t kProxy = 0x21;
constexpr uint8_t kUnspecified = 0x00;
constexpr uint8_t kV2Tcp4 = 0x11;
constexpr uint8_t kV2Tcp6 = 0x21;
// Bytes of the address block of each family: unspecified, IPv4, IPv6, Unix.
constexpr size_t kAddressBytes[] = {0, 12, 36, 216};
constexpr uint8_t kTransportMax = 2;

uint16_t ReadBigEndian(const uint8_t* bytes) {
  return static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
}

void WriteBigEndian(uint16_t value, uint8_t* bytes) {
  bytes[0] = static_cast<uint8_t>(value >> 8);
  bytes[1] = static_cast<uint8_t>(value);
}

bool IsKnownFamily(uint8_t family) {
  return (family >> 4) < static_cast<int>(std::size(kAddressBytes)) &&
         (family & 15) <= kTransportMax;
}

// As far as there are bytes.
bool BeginsLikeV2(const uint8_t* bytes, size_t length) {
  if (std::memcmp(bytes, kSignature, std::min(length, sizeof kSignature)) != 0) return false;
  if (length > 12 && bytes[12] != kLocal && bytes[12] != kProxy) return false;
  // LOCAL ignores the family; for PROXY, values without a meaning must be refused.
  return length <= 13 || bytes[12] == kLocal || IsKnownFamily(bytes[13]);
}

// What is valid but not TCP (datagrams, Unix sockets, unspecified) falls back to the addresses of
// the connection, as the specification lets a receiver do. Extensions are skipped.
ProxyHeader ParseV2Addresses(const uint8_t* bytes, size_t length) {
  const uint8_t family = bytes[13];
  const size_t needed = kAddressBytes[family >> 4];
  if (length - kFixedBytes < needed) return Invalid();
  if (family != kV2Tcp4 && family != kV2Tcp6) return CompleteWithoutEnds(length);
  const size_t size = (needed - 4) / 2;
  const uint8_t* const from = bytes + kFixedBytes;
  const uint8_t* const to = from + size;
  const uint8_t* const ports = to + size;
  return Complete(length, {IpOfBytes(from, size), ReadBigEndian(ports)},
                  {IpOfBytes(to, size), ReadBigEndian(ports + 2)});
}

ProxyHeader ParseV2(const uint8_t* bytes, size_t given, size_t bytes_max) {
  if (!BeginsLikeV2(bytes, given)) return Invalid();
  if (given < kFixedBytes) return Incomplete();
  const size_t length = kFixedBytes + ReadBigEndian(bytes + 14);
  // Before they were sent.
  if (length > bytes_max) return Invalid();
  if (given < length) return Incomplete();
  return bytes[12] == kLocal ? CompleteWithoutEnds(length) : ParseV2Addresses(bytes, length);
}

// Signature, command, family and the length of what follows.
size_t FormatFixed(uint8_t command, uint8_t family, size_t following, uint8_t* bytes) {
  std::memcpy(bytes, kSignature, sizeof kSignature);
  bytes[12] = command;
  bytes[13] = family;
  WriteBigEndian(static_cast<uint16_t>(following), bytes + 14);
  return kFixedBytes + following;
}

size_t FormatV2(const End& source, const End& destination, uint8_t* bytes) {
  const size_t size = source.ip.length;
  uint8_t* const from = bytes + kFixedBytes;
  uint8_t* const to = from + size;
  uint8_t* const ports = to + size;
  std::memcpy(from, source.ip.bytes.data(), size);
  std::memcpy(to, destination.ip.bytes.data(), size);
  WriteBigEndian(source.port, ports);
  WriteBigEndian(destination.port, ports + 2);
  return FormatFixed(kProxy, size == 4 ? kV2Tcp4 : kV2Tcp6, 2 * size + 4, bytes);
}

size_t FormatWithoutEnds(ProxyVersion version, uint8_t* bytes) {
  if (version == ProxyVersion::kV2) return FormatFixed(kLocal, kUnspecified, 0, bytes);
  constexpr std::string_view kLine = "PROXY UNKNOWN\r\n";
  std::memcpy(bytes, kLine.data(), kLine.size());
  return kLine.size();
}

size_t FormatEnds(ProxyVersion version, const End& source, const End& destination,
                  uint8_t* bytes) {
  return version == ProxyVersion::kV1 ? FormatV1(source, destination, bytes)
                                      : FormatV2(source, destination, bytes);
}

End AsIpv6(const End& end) { return {{Ipv6Bytes(end.ip), 16}, end.port}; }

}  // namespace

ProxyHeader ParseProxyHeader(const uint8_t* bytes, size_t length, size_t v2_bytes_max) {
  if (length == 0) return Incomplete();
  return bytes[0] == kSignature[0] ? ParseV2(bytes, length, v2_bytes_max) : ParseV1(bytes, length);
}

size_t FormatProxyHeader(ProxyVersion version, const End& source, const End& destination,
                         uint8_t (&bytes)[kProxyHeaderWrittenMax]) {
  if (version == ProxyVersion::kNone) return 0;
  if (!source.known() || !destination.known()) return FormatWithoutEnds(version, bytes);
  if (source.ip.length == destination.ip.length) {
    return FormatEnds(version, source, destination, bytes);
  }
  // A header has one family for both ends.
  return FormatEnds(version, AsIpv6(source), AsIpv6(destination), bytes);
}

}  // namespace sluice
