// The hash: numbers that clients keep their hosts by, the same as in test/base/hash.test.ts.
#include "core/hash.h"

#include <string>

#include "test/check.h"

namespace sluice::test {
namespace {

uint32_t HashText(const std::string& text, uint32_t seed) {
  return HashBytes(reinterpret_cast<const uint8_t*>(text.data()), text.size(), seed);
}

CASE("the hash never changes") {
  CHECK_EQ(HashText("", 0), 2872998923u);
  CHECK_EQ(HashText("", 1), 3770482475u);
  CHECK_EQ(HashText("a", 0), 444641715u);
  CHECK_EQ(HashText("10.0.0.1", 0), 2931590574u);
  CHECK_EQ(HashText("10.0.0.1", 1), 164439247u);
}

}  // namespace
}  // namespace sluice::test
