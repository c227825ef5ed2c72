// What can be asked of a test program at the command line, the same for the cases and every fuzzer:
//   --seed N      begins the same random sequence again; without it one is made up. The program prints it either way.
//   --seconds N   how long a fuzzer runs, 10 when not said
//   --only TEXT   cases whose sentence contains TEXT
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace sluice::test {

struct Options {
  uint64_t seed = 0;
  double seconds = 10;
  std::string only;
};

// Ends the process with status 2 when it is asked for something else.
inline Options ParseOptions(int count, char** words) {
  Options options;
  options.seed = std::random_device{}();
  for (int i = 1; i < count; i += 2) {
    const std::string name = words[i];
    if (i + 1 == count || (name != "--seed" && name != "--seconds" && name != "--only")) {
      std::fprintf(stderr, "usage: %s [--seed N] [--seconds N] [--only TEXT]\n", words[0]);
      std::exit(2);
    }
    const char* value = words[i + 1];
    if (name == "--seed") options.seed = std::strtoull(value, nullptr, 10);
    if (name == "--seconds") options.seconds = std::strtod(value, nullptr);
    if (name == "--only") options.only = value;
  }
  std::printf("seed %llu\n", static_cast<unsigned long long>(options.seed));
  std::fflush(stdout);
  return options;
}

// Says when a fuzzer has run for as long as it was asked to.
class Deadline {
 public:
  explicit Deadline(const Options& options)
      : at_(std::chrono::steady_clock::now() + std::chrono::duration<double>(options.seconds)) {}

  bool passed() const { return std::chrono::steady_clock::now() >= at_; }

 private:
  std::chrono::time_point<std::chrono::steady_clock, std::chrono::duration<double>> at_;
};

}  // namespace sluice::test
