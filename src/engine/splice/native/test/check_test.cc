// The cases' own tools: what compares whole numbers, and what a value looks like in a failure.
#include "test/check.h"

namespace sluice::test {
namespace {

enum class Colour : uint8_t { kRed = 7 };

CASE("whole numbers of both signs are compared by their value") {
  CHECK(Equal(3u, 3));
  CHECK(!Equal(-1, ~0u));
  CHECK(!Equal(~uint64_t{0}, int64_t{-1}));
}

CASE("bytes and kinds are shown as numbers, text in quotes") {
  CHECK_EQ(Shown(uint8_t{65}), "65");
  CHECK_EQ(Shown(Colour::kRed), "7");
  CHECK_EQ(Shown("a"), "\"a\"");
  CHECK_EQ(Shown(true), "true");
}

}  // namespace
}  // namespace sluice::test
