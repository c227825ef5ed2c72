// The PROXY header: the vectors of test/base/proxy-header.test.ts, cut off at every byte. That both
// read everything else alike is tested from TypeScript.
#include "core/proxy_header.h"

#include <cstring>
#include <string>
#include <vector>

#include "test/check.h"

namespace sluice::test {
namespace {

using State = ProxyHeader::State;

constexpr size_t kV2BytesMax = 16 + 2048;
const std::string kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
const std::string kFull = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
const std::string kBlock4("\xcb\x00\x71\x09\xc6\x33\x64\x01\xc8\x22\x01\xbb", 12);

ProxyHeader Parse(const std::string& text) {
  // Of exactly its size on the heap, so that one byte too many is seen.
  const std::vector<uint8_t> bytes(text.begin(), text.end());
  return ParseProxyHeader(bytes.data(), bytes.size(), kV2BytesMax);
}

std::string V2(int command, int family, const std::string& block) {
  std::string header = kSignature;
  header += static_cast<char>(command);
  header += static_cast<char>(family);
  header += static_cast<char>(block.size() >> 8);
  header += static_cast<char>(block.size() & 255);
  return header + block;
}

std::vector<std::string> GoodHeaders() {
  return {
      "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n",
      "PROXY TCP6 " + kFull + " " + kFull + " 65535 65535\r\n",
      "PROXY UNKNOWN\r\n",
      "PROXY UNKNOWN " + kFull + " " + kFull + " 65535 65535\r\n",
      V2(0x21, 0x11, kBlock4),
      V2(0x21, 0x21, std::string(36, '\1')),
      V2(0x21, 0x11, kBlock4 + std::string("\3\0\4\0\0\0\0\4\0\1\0", 11)),
      V2(0x21, 0x31, std::string(216, '\0')),
      V2(0x21, 0x12, kBlock4),
      V2(0x21, 0x00, ""),
      V2(0x20, 0x00, ""),
      V2(0x20, 0x11, kBlock4),
      V2(0x20, 0xff, "x"),
      V2(0x20, 0x00, std::string(2048, 'x')),
  };
}

CASE("a header is complete at its last byte, not before, and what follows does not matter") {
  for (const std::string& header : GoodHeaders()) {
    for (size_t length = 0; length < header.size(); length++) {
      CHECK_EQ(Parse(header.substr(0, length)).state, State::kIncomplete);
    }
    for (const char* more : {"", "\r\nGET / HTTP/1.1\r\n", "\n"}) {
      const ProxyHeader parsed = Parse(header + more);
      CHECK_EQ(parsed.state, State::kComplete);
      CHECK_EQ(parsed.length, header.size());
    }
  }
}

CASE("both versions name both ends") {
  const End source{ParseIp("203.0.113.9"), 51'234};
  const End destination{ParseIp("198.51.100.1"), 443};
  const std::string line = "PROXY TCP4 203.0.113.9 198.51.100.1 51234 443\r\n";
  for (const ProxyHeader& parsed : {Parse(line), Parse(V2(0x21, 0x11, kBlock4))}) {
    CHECK(parsed.source == source);
    CHECK(parsed.destination == destination);
  }
}

CASE("an IPv4 address in IPv6 clothes is read as IPv4") {
  const ProxyHeader parsed = Parse("PROXY TCP6 2001:0DB8:0:0:0:0:0:9 ::ffff:10.0.0.1 1 0\r\n");
  CHECK_EQ(FormatEnd(parsed.source), "[2001:db8::9]:1");
  CHECK_EQ(FormatEnd(parsed.destination), "10.0.0.1:0");
}

CASE("where it names no TCP connection the connection's own addresses count") {
  for (const std::string& header :
       {std::string("PROXY UNKNOWN\r\n"), std::string("PROXY UNKNOWN \xff\0 x\rx\r\n", 22),
        std::string("PROXY UNKNOWN\rx\r\n"), V2(0x21, 0x12, kBlock4), V2(0x20, 0x11, kBlock4)}) {
    const ProxyHeader parsed = Parse(header);
    CHECK_EQ(parsed.length, header.size());
    CHECK(!parsed.source.known() && !parsed.destination.known());
  }
}

CASE("a line that is not exactly one of the three is refused") {
  for (const std::string line : {
           "proxy TCP4 1.1.1.1 2.2.2.2 1 2", "PROXY tcp4 1.1.1.1 2.2.2.2 1 2", "PROXY UNKNOWNS",
           "PROXY TCP5", "PROXY TCP4 ", "PROXY TCP4", "PROXY TCP4  1.1.1.1 2.2.2.2 1 2",
           "PROXY TCP4 1.1.1.1\t2.2.2.2 1 2", "PROXY TCP4 1.1.1.1 2.2.2.2 1 2 ",
           "PROXY TCP4 1.1.1.1 2.2.2.2 1", "PROXY TCP4 1.1.1.1 2.2.2.2 1 ",
           "PROXY TCP4 1.1.1.1 2.2.2.2 1 2 3", "PROXY TCP4 01.1.1.1 2.2.2.2 1 2",
           "PROXY TCP4 256.1.1.1 2.2.2.2 1 2", "PROXY TCP4 1.1.1 2.2.2.2 1 2",
           "PROXY TCP4 ::1 ::2 1 2", "PROXY TCP6 1.1.1.1 2.2.2.2 1 2",
           "PROXY TCP4 ::ffff:1.1.1.1 2.2.2.2 1 2", "PROXY TCP6 fe80::1%eth0 ::2 1 2",
           "PROXY TCP4 localhost 2.2.2.2 1 2", "PROXY TCP4 1.1.1.1 2.2.2.2 01 2",
           "PROXY TCP4 1.1.1.1 2.2.2.2 +1 2", "PROXY TCP4 1.1.1.1 2.2.2.2 -1 2",
           "PROXY TCP4 1.1.1.1 2.2.2.2 1 65536", "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\rX",
           "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r", "GET / HTTP/1.1",
       }) {
    CHECK_EQ(Parse(line + "\r\n").state, State::kInvalid);
  }
  CHECK_EQ(Parse(std::string("PROXY TCP4 1.1.1.1\0 2.2.2.2 1 2\r\n", 33)).state, State::kInvalid);
  CHECK_EQ(Parse("PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n").state, State::kInvalid);
  CHECK_EQ(Parse("PROXY UNKNOWN x\n").state, State::kInvalid);
  CHECK_EQ(Parse("\x16\x03\x01").state, State::kInvalid);
}

CASE("a line ends within 107 bytes") {
  const std::string start = "PROXY UNKNOWN ";
  CHECK_EQ(Parse(start + std::string(92, 'x')).state, State::kIncomplete);
  CHECK_EQ(Parse(start + std::string(93, 'x')).state, State::kInvalid);
  CHECK_EQ(Parse(start + std::string(91, 'x') + "\r\n").length, 107);
  CHECK_EQ(Parse(start + std::string(92, 'x') + "\r\n").state, State::kInvalid);
}

CASE("version 2 without a meaning is refused at its first wrong byte") {
  CHECK_EQ(Parse(V2(0x11, 0x11, "").substr(0, 13)).state, State::kInvalid);
  CHECK_EQ(Parse(V2(0x22, 0x11, "").substr(0, 13)).state, State::kInvalid);
  CHECK_EQ(Parse(V2(0x21, 0x41, "").substr(0, 14)).state, State::kInvalid);
  CHECK_EQ(Parse(V2(0x21, 0x13, "").substr(0, 14)).state, State::kInvalid);
  CHECK_EQ(Parse("\r\n\r\nX").state, State::kInvalid);
  CHECK_EQ(Parse(V2(0x21, 0x11, kBlock4.substr(0, 11))).state, State::kInvalid);
  CHECK_EQ(Parse(V2(0x21, 0x21, std::string(35, 'x'))).state, State::kInvalid);
  CHECK_EQ(Parse(V2(0x21, 0x32, std::string(215, 'x'))).state, State::kInvalid);
  CHECK_EQ(Parse(V2(0x20, 0x00, std::string(2049, 'x')).substr(0, 16)).state, State::kInvalid);
}

std::string Format(ProxyVersion version, const char* source, const char* destination) {
  uint8_t bytes[kProxyHeaderWrittenMax];
  const size_t length = FormatProxyHeader(version, {ParseIp(source), 51'234},
                                          {ParseIp(destination), 443}, bytes);
  return std::string(bytes, bytes + length);
}

CASE("what is sent names both ends, in one family") {
  CHECK_EQ(Format(ProxyVersion::kV1, "203.0.113.9", "198.51.100.1"),
           "PROXY TCP4 203.0.113.9 198.51.100.1 51234 443\r\n");
  CHECK_EQ(Format(ProxyVersion::kV1, "2001:db8::9", "2001:db8::1"),
           "PROXY TCP6 2001:db8::9 2001:db8::1 51234 443\r\n");
  CHECK_EQ(Format(ProxyVersion::kV1, "203.0.113.9", "2001:db8::1"),
           "PROXY TCP6 ::ffff:cb00:7109 2001:db8::1 51234 443\r\n");
  CHECK_EQ(Format(ProxyVersion::kV2, "203.0.113.9", "198.51.100.1"), V2(0x21, 0x11, kBlock4));
  CHECK_EQ(Format(ProxyVersion::kV2, "::1", "198.51.100.1").size(), 52);
  CHECK_EQ(Format(ProxyVersion::kV1, kFull.c_str(), kFull.c_str()).size(), 102);
  CHECK_EQ(Format(ProxyVersion::kNone, "203.0.113.9", "198.51.100.1"), "");
}

CASE("an end that is not known makes it UNKNOWN or LOCAL") {
  CHECK_EQ(Format(ProxyVersion::kV1, "", ""), "PROXY UNKNOWN\r\n");
  CHECK_EQ(Format(ProxyVersion::kV1, "203.0.113.9", ""), "PROXY UNKNOWN\r\n");
  CHECK_EQ(Format(ProxyVersion::kV2, "", "2001:db8::1"), V2(0x20, 0x00, ""));
}

}  // namespace
}  // namespace sluice::test
