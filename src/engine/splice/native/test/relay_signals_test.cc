// A relay whose thread is interrupted all the time, as a process is that is stopped and goes on (SIGSTOP, a debugger, a
// container that is frozen): the system moves less than it could, and promises no event for the rest.
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "test/relay_rig.h"

namespace sluice::test {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kStalled{10};

void BlockAll() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

CASE("a transfer goes on when its thread was interrupted in the middle of a splice") {
  struct sigaction nothing = {};
  nothing.sa_handler = [](int) {};
  struct sigaction before;
  sigaction(SIGUSR1, &nothing, &before);
  RelayRig rig;
  std::atomic<bool> over{false};
  std::atomic<uint64_t> taken{0};
  // Many small pieces in the pipe: the system takes sixteen at a time and looks for signals in between.
  sys::SetNoDelay(rig.theirs[kClient]);
  std::thread sending([&] {
    BlockAll();
    const std::string piece(700, 'x');
    while (!over)
      if (SendSome(rig.theirs[kClient], piece) == 0) std::this_thread::yield();
  });
  std::thread taking([&] {
    BlockAll();
    std::vector<char> bytes(64 * 1024);
    while (!over) {
      const ssize_t length = recv(rig.theirs[kHost], bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (length > 0) taken += static_cast<uint64_t>(length);
    }
  });
  std::thread interrupting([&over, relaying = pthread_self()] {
    BlockAll();
    while (!over) {
      pthread_kill(relaying, SIGUSR1);
      for (int i = 0; i < 20; i++) std::this_thread::yield();
    }
  });
  // A stream that has stalled stays so; one that is slow, under a sanitizer or beside others, moves in the end.
  const Clock::time_point end = Clock::now() + std::chrono::seconds(2);
  Clock::time_point moved = Clock::now();
  uint64_t seen = 0;
  while (Clock::now() < end || (taken == seen && Clock::now() < moved + kStalled)) {
    rig.Turn(1);
    if (taken != seen) moved = Clock::now();
    seen = taken;
  }
  CHECK(Clock::now() < moved + kStalled);
  over = true;
  for (std::thread* each : {&sending, &taking, &interrupting}) each->join();
  sigaction(SIGUSR1, &before, nullptr);
}

}  // namespace sluice::test
