// Addresses: from the system's form to ours and back, and to text. Nothing is asked of the system.
#include "core/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstddef>
#include <cstdio>
#include <cstring>

namespace sluice {
namespace {

constexpr uint8_t kMappedPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int kGroups = 8;

Ip IpOf4(const void* bytes) {
  Ip ip;
  ip.length = 4;
  std::memcpy(ip.bytes.data(), bytes, 4);
  return ip;
}

Ip IpOf16(const uint8_t* bytes) {
  if (std::memcmp(bytes, kMappedPrefix, sizeof kMappedPrefix) == 0) return IpOf4(bytes + 12);
  Ip ip;
  ip.length = 16;
  std::memcpy(ip.bytes.data(), bytes, 16);
  return ip;
}

template <typename Sockaddr>
SocketAddress Stored(const Sockaddr& address, size_t length) {
  SocketAddress stored;
  std::memcpy(&stored.storage, &address, length);
  stored.length = static_cast<socklen_t>(length);
  return stored;
}

// What inet_pton knows nothing of: a byte 0 in the text.
bool ReadIp(int family, const std::string& text, uint8_t* bytes) {
  return text.find('\0') == std::string::npos && inet_pton(family, text.c_str(), bytes) == 1;
}

// The longest run of two or more groups 0, the first of equals; of length 0 where there is none.
struct Run {
  int start = 0;
  int length = 0;
};

Run LongestZeros(const uint16_t (&groups)[kGroups]) {
  Run longest;
  for (int start = 0; start < kGroups; start++) {
    int length = 0;
    while (start + length < kGroups && groups[start + length] == 0) length++;
    if (length > 1 && length > longest.length) longest = {start, length};
  }
  return longest;
}

std::string FormatGroups(const uint16_t (&groups)[kGroups], int from, int to) {
  std::string text;
  char digits[8];
  for (int i = from; i < to; i++) {
    std::snprintf(digits, sizeof digits, i == from ? "%x" : ":%x", groups[i]);
    text += digits;
  }
  return text;
}

// RFC 5952, section 4. Not inet_ntop: that writes some addresses with an IPv4 tail.
std::string FormatIpv6(const Ip& ip) {
  uint16_t groups[kGroups];
  for (size_t i = 0; i < kGroups; i++) {
    groups[i] = static_cast<uint16_t>(ip.bytes[2 * i] << 8 | ip.bytes[2 * i + 1]);
  }
  const Run zeros = LongestZeros(groups);
  if (zeros.length == 0) return FormatGroups(groups, 0, kGroups);
  return FormatGroups(groups, 0, zeros.start) + "::" +
         FormatGroups(groups, zeros.start + zeros.length, kGroups);
}

std::string FormatIpv4(const Ip& ip) {
  char text[INET_ADDRSTRLEN];
  std::snprintf(text, sizeof text, "%u.%u.%u.%u", ip.bytes[0], ip.bytes[1], ip.bytes[2],
                ip.bytes[3]);
  return text;
}

}  // namespace

bool SocketAddress::operator==(const SocketAddress& other) const {
  return length == other.length && std::memcmp(&storage, &other.storage, length) == 0;
}

End EndOf(const sockaddr_storage& address, socklen_t length) {
  if (address.ss_family == AF_INET && length >= sizeof(sockaddr_in)) {
    const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address);
    return {IpOf4(&ipv4.sin_addr), ntohs(ipv4.sin_port)};
  }
  if (address.ss_family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(address);
    return {IpOf16(ipv6.sin6_addr.s6_addr), ntohs(ipv6.sin6_port)};
  }
  return {};
}

SocketAddress AddressOf(const End& end) {
  if (end.ip.length == 4) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(end.port);
    std::memcpy(&address.sin_addr, end.ip.bytes.data(), 4);
    return Stored(address, sizeof address);
  }
  if (end.ip.length == 16) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(end.port);
    std::memcpy(&address.sin6_addr, end.ip.bytes.data(), 16);
    return Stored(address, sizeof address);
  }
  return {};
}

SocketAddress UnixAddress(const std::string& path) {
  sockaddr_un address{};
  const bool fits = path.size() < sizeof address.sun_path;
  if (path.empty() || !fits || path.find('\0') != std::string::npos) return {};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return Stored(address, offsetof(sockaddr_un, sun_path) + path.size() + 1);
}

std::string FormatIp(const Ip& ip) {
  if (ip.length == 0) return {};
  return ip.length == 4 ? FormatIpv4(ip) : FormatIpv6(ip);
}

std::string FormatEnd(const End& end) {
  if (!end.known()) return {};
  const std::string ip = FormatIp(end.ip);
  return (end.ip.length == 4 ? ip : "[" + ip + "]") + ":" + std::to_string(end.port);
}

Ip ParseIp(const std::string& text) {
  uint8_t bytes[16];
  if (ReadIp(AF_INET, text, bytes)) return IpOf4(bytes);
  return ReadIp(AF_INET6, text.substr(0, text.find('%')), bytes) ? IpOf16(bytes) : Ip{};
}

Ip IpOfBytes(const uint8_t* bytes, size_t length) {
  if (length == 4) return IpOf4(bytes);
  return length == 16 ? IpOf16(bytes) : Ip{};
}

std::array<uint8_t, 16> Ipv6Bytes(const Ip& ip) {
  if (ip.length == 16) return ip.bytes;
  std::array<uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), kMappedPrefix, sizeof kMappedPrefix);
  std::memcpy(bytes.data() + sizeof kMappedPrefix, ip.bytes.data(), 4);
  return bytes;
}

}  // namespace sluice
