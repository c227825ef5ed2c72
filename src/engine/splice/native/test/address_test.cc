// Addresses in all their forms: text, bytes, and what the system takes.
#include "core/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

#include "test/check.h"

namespace sluice::test {
namespace {

// Of 16 bytes whatever they are, as no reader makes one.
std::string FormatRaw(const std::array<uint8_t, 16>& bytes) { return FormatIp({bytes, 16}); }

std::array<uint8_t, 16> Groups(std::initializer_list<uint16_t> groups) {
  std::array<uint8_t, 16> bytes{};
  size_t at = 0;
  for (const uint16_t group : groups) {
    bytes[at++] = static_cast<uint8_t>(group >> 8);
    bytes[at++] = static_cast<uint8_t>(group);
  }
  return bytes;
}

// Many zeros, so that there are runs of all lengths.
Ip RandomIp() {
  Ip ip;
  ip.length = RandomBetween(0, 3) == 0 ? 4 : 16;
  for (size_t i = 0; i < ip.length; i++) {
    ip.bytes[i] = RandomBetween(0, 2) == 0 ? static_cast<uint8_t>(RandomBetween(0, 255)) : 0;
  }
  return IpOfBytes(ip.bytes.data(), ip.length);
}

CASE("an address is written in its shortest form") {
  CHECK_EQ(FormatRaw(Groups({0x2001, 0xdb8, 0, 0, 1, 0, 0, 1})), "2001:db8::1:0:0:1");
  CHECK_EQ(FormatRaw(Groups({0x2001, 0xdb8, 0, 1, 1, 1, 1, 1})), "2001:db8:0:1:1:1:1:1");
  CHECK_EQ(FormatRaw(Groups({1, 0, 0, 2, 0, 0, 0, 3})), "1:0:0:2::3");
  CHECK_EQ(FormatRaw(Groups({0, 0, 0, 0, 0, 0, 0, 0})), "::");
  CHECK_EQ(FormatRaw(Groups({0, 0, 0, 0, 0, 0, 0, 1})), "::1");
  CHECK_EQ(FormatRaw(Groups({1, 0, 0, 0, 0, 0, 0, 0})), "1::");
  CHECK_EQ(FormatRaw(Groups({0, 1, 2, 3, 4, 5, 6, 7})), "0:1:2:3:4:5:6:7");
  CHECK_EQ(FormatRaw(Groups({0, 0, 0, 0, 0, 0xffff, 0x0a00, 1})), "::ffff:a00:1");
  CHECK_EQ(FormatIp(ParseIp("192.0.2.7")), "192.0.2.7");
  CHECK_EQ(FormatIp({}), "");
}

CASE("an end has brackets around an IPv6 address") {
  CHECK_EQ(FormatEnd({ParseIp("192.0.2.7"), 80}), "192.0.2.7:80");
  CHECK_EQ(FormatEnd({ParseIp("2001:DB8:0::7"), 65535}), "[2001:db8::7]:65535");
  CHECK_EQ(FormatEnd({}), "");
}

CASE("what is no address is not known") {
  for (const char* text : {"", "web", "10.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.1 ", "1:2",
                           ":::", "1::2::3", "12345::", "10.0.0.1%eth0", "::1.2.3", "[::1]"}) {
    if (ParseIp(text).length != 0) Fail(__FILE__, __LINE__, "it was read as an address", text);
  }
  CHECK_EQ(ParseIp(std::string("10.0.0.1\0", 9)).length, 0);
  CHECK_EQ(ParseIp(std::string("::1\0x", 5)).length, 0);
}

CASE("an IPv4 address in IPv6 clothes is IPv4, and a zone is left out") {
  CHECK(ParseIp("::ffff:10.0.0.1") == ParseIp("10.0.0.1"));
  CHECK(ParseIp("0:0:0:0:0:FFFF:0a00:1") == ParseIp("10.0.0.1"));
  CHECK(ParseIp("fe80::1%eth0") == ParseIp("fe80::1"));
  CHECK(Ipv6Bytes(ParseIp("10.0.0.1")) == Groups({0, 0, 0, 0, 0, 0xffff, 0x0a00, 1}));
  CHECK_EQ(IpOfBytes(nullptr, 0).length, 0);
}

CASE("what is written is read back, as text and as the system's form") {
  for (int i = 0; i < 20'000; i++) {
    const End end{RandomIp(), static_cast<uint16_t>(RandomBetween(0, 65'535))};
    CHECK(ParseIp(FormatIp(end.ip)) == end.ip);
    const SocketAddress address = AddressOf(end);
    CHECK(EndOf(address) == end);
    CHECK(address == AddressOf(end));
    char text[INET6_ADDRSTRLEN];
    const void* bytes = end.ip.bytes.data();
    REQUIRE(inet_ntop(end.ip.length == 4 ? AF_INET : AF_INET6, bytes, text, sizeof text));
    CHECK(ParseIp(text) == end.ip);
  }
}

CASE("an address of the system that is cut off or of another family is not known") {
  const SocketAddress ipv4 = AddressOf({ParseIp("10.0.0.1"), 80});
  const SocketAddress ipv6 = AddressOf({ParseIp("2001:db8::1"), 80});
  CHECK(!EndOf(ipv4.storage, ipv4.length - 1).known());
  CHECK(!EndOf(ipv6.storage, sizeof(sockaddr_in)).known());
  CHECK(!EndOf(sockaddr_storage{}, 0).known());
  CHECK(!EndOf(UnixAddress("/run/web.sock")).known());
  CHECK(!AddressOf({}).known());
  CHECK(!(ipv4 == ipv6));
  CHECK(!(ipv4 == AddressOf({ParseIp("10.0.0.1"), 81})));
}

CASE("a socket path fits, or its address is not known") {
  const SocketAddress address = UnixAddress(std::string(107, 'x'));
  CHECK_EQ(address.length, sizeof(sockaddr_un));
  sockaddr_un unix_address;
  std::memcpy(&unix_address, &address.storage, sizeof unix_address);
  CHECK_EQ(std::string(unix_address.sun_path), std::string(107, 'x'));
  CHECK_EQ(UnixAddress("/a").length, sizeof(sa_family_t) + 3);
  CHECK(!UnixAddress(std::string(108, 'x')).known());
  CHECK(!UnixAddress("").known());
  CHECK(!UnixAddress(std::string("/a\0b", 4)).known());
}

}  // namespace
}  // namespace sluice::test
