// Addresses of sockets, in three sizes: what the system takes, an IP address, and an end of a connection. Plain values.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace sluice {

// An IPv4 or IPv6 address; length 0: none, as on a Unix socket. An IPv4 address in IPv6 clothes is kept as IPv4, and
// the scope of a link-local one is not kept.
struct Ip {
  std::array<uint8_t, 16> bytes{};
  uint8_t length = 0;  // 0, 4 or 16

  bool operator==(const Ip& other) const { return length == other.length && bytes == other.bytes; }
};

// One end of a connection.
struct End {
  Ip ip;
  uint16_t port = 0;

  bool known() const { return ip.length != 0; }
  bool operator==(const End& other) const { return ip == other.ip && port == other.port; }
};

// Where a socket is bound or connects to, as the system takes it.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;  // 0: nowhere

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  bool known() const { return length != 0; }
  bool operator==(const SocketAddress& other) const;
};

// `end` of a Unix socket is not known.
End EndOf(const sockaddr_storage& address, socklen_t length);
inline End EndOf(const SocketAddress& address) { return EndOf(address.storage, address.length); }

SocketAddress AddressOf(const End& end);
// `path` of 1 to 107 bytes; any other gives an unknown address.
SocketAddress UnixAddress(const std::string& path);

// `192.0.2.7`, `2001:db8::7`: the shortest form of RFC 5952; '' for none.
std::string FormatIp(const Ip& ip);
// `192.0.2.7:80`, `[2001:db8::7]:80`; '' for none.
std::string FormatEnd(const End& end);
// Reads what FormatIp writes, and longer forms; a zone is left out. Not known where it is no address.
Ip ParseIp(const std::string& text);

// Of 4 or 16 bytes as they stand in a packet; any other number gives none.
Ip IpOfBytes(const uint8_t* bytes, size_t length);
// 16 bytes whatever it is: an IPv4 address in IPv6 clothes. Only of an address that is known.
std::array<uint8_t, 16> Ipv6Bytes(const Ip& ip);

}  // namespace sluice
