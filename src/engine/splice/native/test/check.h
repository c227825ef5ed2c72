// The cases of the core: CASE("a sentence") { CHECK(open); CHECK_EQ(slot.open, 2); }. A check that does not hold is
// printed with its place and values, and its case goes on, so that one run shows all that is wrong. Checks may be made on
// any thread. A case that cannot go on without what it checked asks REQUIRE, which leaves the function it stands in.
// Random cases draw from Random(), which begins anew with the printed seed for each case.
#pragma once

#include <cstdint>
#include <random>
#include <sstream>
#include <string>
#include <type_traits>

namespace sluice::test {

struct Case {
  const char* sentence;
  const char* file;
  void (*body)();
};

// Called before main by CASE.
bool Register(const Case& added);

// Prints what failed and fails the running case. `values`: what the two sides were, or empty. Any thread.
void Fail(const char* file, int line, const char* text, const std::string& values);

// For the thread of the case alone.
std::mt19937_64& Random();

// A whole number from `low` to `high`, both included.
inline int64_t RandomBetween(int64_t low, int64_t high) {
  return std::uniform_int_distribution<int64_t>(low, high)(Random());
}

template <typename T, typename = void>
struct Prints : std::false_type {};
template <typename T>
struct Prints<T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<const T&>())>>
    : std::true_type {};

// How a value looks in a failure: bytes as numbers, kinds as their number, text in quotes.
template <typename T>
std::string Shown(const T& value) {
  std::ostringstream text;
  if constexpr (std::is_enum_v<T>) {
    text << +static_cast<std::underlying_type_t<T>>(value);
  } else if constexpr (std::is_same_v<T, bool>) {
    text << (value ? "true" : "false");
  } else if constexpr (std::is_arithmetic_v<T>) {
    text << +value;
  } else if constexpr (std::is_convertible_v<const T&, std::string>) {
    text << '"' << std::string(value) << '"';
  } else if constexpr (Prints<T>::value) {
    text << value;
  } else {
    text << "(" << sizeof(T) << " bytes)";
  }
  return text.str();
}

// Whole numbers are compared by value: -1 is not 4294967295, and no sign warning is needed to say so.
template <typename A, typename B>
bool Equal(const A& a, const B& b) {
  constexpr bool kWhole = std::is_integral_v<A> && std::is_integral_v<B>;
  if constexpr (kWhole && std::is_signed_v<A> != std::is_signed_v<B>) {
    if constexpr (std::is_signed_v<A>) {
      return a >= 0 && static_cast<std::make_unsigned_t<A>>(a) == b;
    } else {
      return b >= 0 && a == static_cast<std::make_unsigned_t<B>>(b);
    }
  } else {
    return a == b;
  }
}

template <typename A, typename B>
bool CheckEqual(const A& a, const B& b, const char* file, int line, const char* text) {
  if (Equal(a, b)) return true;
  Fail(file, line, text, Shown(a) + " is not " + Shown(b));
  return false;
}

}  // namespace sluice::test

#define SLUICE_TEST_JOIN_(a, b) a##b
#define SLUICE_TEST_JOIN(a, b) SLUICE_TEST_JOIN_(a, b)
#define SLUICE_TEST_NAME SLUICE_TEST_JOIN(Case, __LINE__)

#define CASE(sentence)                                                             \
  static void SLUICE_TEST_NAME();                                                  \
  [[maybe_unused]] static const bool SLUICE_TEST_JOIN(registered_, __LINE__) =      \
      ::sluice::test::Register({sentence, __FILE__, &SLUICE_TEST_NAME});            \
  static void SLUICE_TEST_NAME()

#define CHECK(...)                                                                  \
  do {                                                                              \
    if (!(__VA_ARGS__)) ::sluice::test::Fail(__FILE__, __LINE__, #__VA_ARGS__, ""); \
  } while (false)

#define CHECK_EQ(a, b) (void)::sluice::test::CheckEqual((a), (b), __FILE__, __LINE__, #a " == " #b)

#define REQUIRE(...)                                                  \
  do {                                                                \
    if (!(__VA_ARGS__)) {                                             \
      ::sluice::test::Fail(__FILE__, __LINE__, #__VA_ARGS__, "");     \
      return;                                                         \
    }                                                                 \
  } while (false)
