// A relay between two real connections, driven by the case itself: the ends of the client and of the host are in the
// hands of the case, and time passes only when it turns the relay.
#pragma once

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/relay.h"
#include "test/check.h"
#include "test/sockets.h"

namespace sluice::test {

// As on every worker: a splice into a socket that is gone raises one.
inline void BlockBrokenPipe() {
  sigset_t broken;
  sigemptyset(&broken);
  sigaddset(&broken, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken, nullptr);
}

inline constexpr uint32_t kWatched = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET;

inline constexpr size_t kMegabyte = 1024 * 1024;

struct RelayRig {
  explicit RelayRig(bool unix_sockets = false, size_t pipes = 4);
  ~RelayRig();

  // Notes what the system says of both sides, waiting for something at most so long, and pumps until the relay waits.
  void Turn(int wait_ms = 0);
  // Turns until `settled` says so, or ten seconds have passed.
  template <typename Settled>
  bool TurnUntil(Settled settled) {
    for (int i = 0; i < 10'000; i++) {
      if (settled()) return true;
      Turn(1);
    }
    return settled();
  }
  bool over() const { return last != Relayed::kWaiting; }
  // Sends all of `bytes` from one end and takes it at the other one. @returns what arrived
  std::string Carry(Side from, const std::string& bytes);
  size_t held(Side from) const;
  void CloseTheirs(Side side);

  int theirs[2] = {-1, -1};
  PipePool pool;
  std::vector<uint8_t> buffer = std::vector<uint8_t>(64 * 1024);
  RelayTools tools;
  Relay relay;
  int epoll = -1;
  Relayed last = Relayed::kWaiting;
  int lingerings = 0;
  // The most pipes that were lent after a turn, and the most that was pending for one side.
  size_t lent_most = 0;
};

inline RelayRig::RelayRig(bool unix_sockets, size_t pipes)
    : pool(pipes, 256 * 1024), tools{buffer.data(), buffer.size(), pool, 2, 8, 1024 * 1024} {
  BlockBrokenPipe();
  epoll = sys::OpenEpoll();
  for (const Side side : {kClient, kHost}) {
    const Pair pair = unix_sockets ? UnixPair() : TcpPair(side == kHost);
    theirs[side] = pair.theirs;
    relay.Give(side, pair.ours, unix_sockets);
    sys::Watch(epoll, pair.ours, kWatched, reinterpret_cast<void*>(static_cast<uintptr_t>(side)));
  }
}

inline RelayRig::~RelayRig() {
  relay.Close(over() && last != Relayed::kDone, pool);
  CHECK_EQ(pool.lent(), 0u);
  CloseTheirs(kClient);
  CloseTheirs(kHost);
  sys::Close(epoll);
}

inline void RelayRig::Turn(int wait_ms) {
  epoll_event events[4];
  const int count = sys::WaitForEvents(epoll, events, 4, wait_ms);
  for (int i = 0; i < count; i++) {
    const auto side = static_cast<Side>(reinterpret_cast<uintptr_t>(events[i].data.ptr));
    relay.NoteEvents(side, events[i].events);
  }
  if (over()) return;
  do {
    last = relay.Pump(tools);
    if (last == Relayed::kLingering) lingerings += 1;
  } while (last == Relayed::kMore || last == Relayed::kLingering);
  lent_most = std::max(lent_most, pool.lent());
}

inline std::string RelayRig::Carry(Side from, const std::string& bytes) {
  std::string arrived;
  size_t sent = 0;
  TurnUntil([&] {
    sent += SendSome(theirs[from], bytes, sent);
    TakeSome(theirs[OtherSide(from)], arrived);
    return arrived.size() >= bytes.size();
  });
  return arrived;
}

inline size_t RelayRig::held(Side from) const {
  const Flow& flow = from == kClient ? relay.from_client() : relay.from_host();
  return flow.pending();
}

inline void RelayRig::CloseTheirs(Side side) {
  if (theirs[side] >= 0) sys::Close(theirs[side]);
  theirs[side] = -1;
}

inline bool Ended(int fd, std::string& bytes) { return !TakeSome(fd, bytes); }

// Fills one direction until its source is stopped. @returns what was sent
inline std::string Stuff(RelayRig& rig, Side from, size_t most) {
  const std::string bytes = RandomBytes(most);
  size_t sent = 0;
  for (int still = 0; still < 30; still++) {
    const size_t more = SendSome(rig.theirs[from], bytes, sent);
    sent += more;
    if (more > 0) still = 0;
    rig.Turn(1);
  }
  CHECK(sent < most);
  return bytes.substr(0, sent);
}

}  // namespace sluice::test
