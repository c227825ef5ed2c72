// Runs every CASE of the *_test.cc files, each after the other, and ends with the count. Status 1 when one failed. A case
// that leaves a descriptor open fails as well.
#include <dirent.h>

#include <atomic>
#include <cstdio>
#include <mutex>
#include <string>
#include <vector>

#include "test/check.h"
#include "test/options.h"

namespace sluice::test {
namespace {

std::vector<Case>& Cases() {
  // Made by the first CASE, whichever file that is in; never taken apart, because threads may outlast main.
  static auto* cases = new std::vector<Case>;
  return *cases;
}

std::mt19937_64& Engine() {
  static std::mt19937_64 engine;
  return engine;
}

std::mutex printing;
std::atomic<int> faults{0};

int OpenDescriptors() {
  DIR* folder = opendir("/proc/self/fd");
  int count = 0;
  while (readdir(folder) != nullptr) count += 1;
  closedir(folder);
  return count;
}

// True when every check of the case held.
bool Run(const Case& each, uint64_t seed) {
  Engine().seed(seed);
  faults = 0;
  const int open_before = OpenDescriptors();
  each.body();
  if (faults == 0) CHECK_EQ(OpenDescriptors(), open_before);
  if (faults == 0) return true;
  std::printf("FAILED  %s (%s)\n", each.sentence, each.file);
  std::fflush(stdout);
  return false;
}

int RunAll(const Options& options) {
  int passed = 0;
  int failed = 0;
  for (const Case& each : Cases()) {
    if (std::string(each.sentence).find(options.only) == std::string::npos) continue;
    (Run(each, options.seed) ? passed : failed) += 1;
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace

bool Register(const Case& added) {
  Cases().push_back(added);
  return true;
}

void Fail(const char* file, int line, const char* text, const std::string& values) {
  faults += 1;
  const std::lock_guard<std::mutex> lock(printing);
  std::printf("%s:%d: %s%s%s\n", file, line, text, values.empty() ? "" : ": ", values.c_str());
  std::fflush(stdout);
}

std::mt19937_64& Random() { return Engine(); }

}  // namespace sluice::test

int main(int count, char** words) {
  return sluice::test::RunAll(sluice::test::ParseOptions(count, words));
}
