// The PROXY header parser under random and mutated bytes. Whatever they are: it reads none behind
// the last (each buffer is a heap block of its own size), what it has decided no further byte
// changes, and what was written is read back.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <random>
#include <string>

#include "core/proxy_header.h"
#include "test/options.h"

namespace sluice::test {
namespace {

using State = ProxyHeader::State;

constexpr size_t kV2BytesMax = 16 + 2048;
constexpr size_t kV1BytesMax = 107;
const std::string kSignature("\r\n\r\n\0\r\nQUIT\n", 12);

std::mt19937_64 engine;

size_t Below(size_t end) { return engine() % end; }

void PrintHex(const char* fault, const std::string& text) {
  std::printf("%s:", fault);
  for (const char byte : text) std::printf(" %02x", static_cast<uint8_t>(byte));
  std::printf("\n");
}

void Require(bool held, const char* fault, const std::string& text) {
  if (held) return;
  PrintHex(fault, text);
  std::exit(1);
}

ProxyHeader ParseCopy(const std::string& text, size_t length) {
  const std::unique_ptr<uint8_t[]> bytes(new uint8_t[length]);
  std::copy_n(text.begin(), length, bytes.get());
  return ParseProxyHeader(bytes.get(), length, kV2BytesMax);
}

bool Same(const ProxyHeader& a, const ProxyHeader& b) {
  return a.state == b.state && a.length == b.length && a.source == b.source &&
         a.destination == b.destination;
}

void RequireSane(const ProxyHeader& header, const std::string& text) {
  const bool complete = header.state == State::kComplete;
  Require(header.length <= text.size(), "longer than what there is", text);
  Require(complete == (header.length > 0), "a length without a header", text);
  Require(header.source.known() == header.destination.known(), "one end alone", text);
  Require(complete || !header.source.known(), "an end without a header", text);
  const size_t most = text[0] == '\r' ? kV2BytesMax : kV1BytesMax;
  Require(header.state != State::kIncomplete || text.size() < most, "waits for ever", text);
}

// Byte by byte it comes to the same decision as given everything at once, and stays with it.
void Try(const std::string& text) {
  ProxyHeader decided;
  for (size_t length = 0; length <= text.size(); length++) {
    const ProxyHeader header = ParseCopy(text, length);
    if (decided.state != State::kIncomplete) {
      Require(Same(header, decided), "another decision", text.substr(0, length));
    }
    if (length > 0) RequireSane(header, text.substr(0, length));
    if (header.state == State::kComplete && decided.state == State::kIncomplete) {
      Require(header.length == length, "late", text.substr(0, length));
    }
    decided = header;
    // Many bytes behind a decision are as good as all of them.
    if (decided.state != State::kIncomplete && length + 40 < text.size()) length += Below(40);
  }
}

End RandomEnd() {
  uint8_t bytes[16];
  for (uint8_t& byte : bytes) byte = Below(2) == 0 ? 0 : static_cast<uint8_t>(engine());
  const size_t lengths[] = {0, 4, 4, 16, 16, 16};
  return {IpOfBytes(bytes, lengths[Below(6)]), static_cast<uint16_t>(engine())};
}

// What is written for two random ends; that it is read back is required on the way.
std::string Written() {
  const End source = RandomEnd();
  const End destination = RandomEnd();
  const ProxyVersion version = Below(2) == 0 ? ProxyVersion::kV1 : ProxyVersion::kV2;
  uint8_t bytes[kProxyHeaderWrittenMax];
  const size_t length = FormatProxyHeader(version, source, destination, bytes);
  const std::string text(bytes, bytes + length);
  const ProxyHeader header = ParseCopy(text, length);
  const bool known = source.known() && destination.known();
  const ProxyHeader expected{State::kComplete, length, known ? source : End{},
                             known ? destination : End{}};
  Require(Same(header, expected), "not read back", text);
  return text;
}

std::string RandomBytes(size_t length) {
  std::string text;
  for (size_t i = 0; i < length; i++) text += static_cast<char>(engine());
  return text;
}

// Version 2 with everything after the signature left to chance, its length mostly small.
std::string RandomV2() {
  std::string text = kSignature;
  const char commands[] = {0x20, 0x21, 0x21, 0x21};
  text += commands[Below(4)];
  text += static_cast<char>(Below(8) == 0 ? engine() : (Below(4) << 4) + Below(3));
  text += static_cast<char>(Below(10) == 0 ? engine() : 0);
  return text + RandomBytes(1 + Below(400));
}

// Version 1 out of the words that a line may have, and some that it may not.
std::string RandomV1() {
  static const char* const kWords[] = {
      "1.2.3.4", "255.255.255.255", "::", "::1", "::ffff:1.2.3.4", "1:2:3:4:5:6:7::", "1::8",
      "::1%lo", "0", "1", "65535", "65536", "01", "", "TCP4", "UNKNOWN", "1.2.3", "a.b",
      "1:2:3:4:5:6:1.2.3.4"};
  const char* const starts[] = {"PROXY TCP4", "PROXY TCP6", "PROXY UNKNOWN"};
  std::string text = starts[Below(3)];
  const size_t words = Below(8) == 0 ? Below(20) : 4;
  for (size_t i = 0; i < words; i++) text += std::string(" ") + kWords[Below(std::size(kWords))];
  return text + (Below(10) == 0 ? "\n" : "\r\n") + RandomBytes(Below(5));
}

std::string Mutated(std::string text) {
  static const char kLikely[] = " \r\n:.%0159afP\t\xff";
  for (size_t edits = Below(4); edits > 0 && !text.empty(); edits--) {
    const size_t at = Below(text.size());
    const char byte = Below(2) == 0 ? kLikely[Below(sizeof kLikely)] : static_cast<char>(engine());
    switch (Below(3)) {
      case 0:
        text[at] = byte;
        break;
      case 1:
        text.insert(at, 1, byte);
        break;
      default:
        text.erase(at, 1 + Below(3));
    }
  }
  return text;
}

std::string RandomText() {
  switch (Below(8)) {
    case 0:
      return RandomBytes(Below(300));
    case 1:
    case 2:
      return Mutated(RandomV2());
    case 3:
    case 4:
      return Mutated(RandomV1());
    default:
      return Mutated(Written() + (Below(2) == 0 ? "" : Written()));
  }
}

uint64_t Fuzz(const Options& options) {
  engine.seed(options.seed);
  const Deadline deadline(options);
  uint64_t texts = 0;
  while (!deadline.passed()) {
    for (int i = 0; i < 100; i++) Try(RandomText());
    texts += 100;
  }
  return texts;
}

}  // namespace
}  // namespace sluice::test

int main(int count, char** words) {
  const uint64_t texts = sluice::test::Fuzz(sluice::test::ParseOptions(count, words));
  std::printf("%llu headers\n", static_cast<unsigned long long>(texts));
  return 0;
}
