// Listeners that come and go under a flood of clients: whoever has come is served, whatever becomes of the listener.
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <thread>

#include "test/engine_rig.h"

namespace sluice::test {

namespace {

constexpr int kRounds = 6;
constexpr int kClients = 4;
// As LIMITS.listenerGraceMs: those whose handshake has begun still come in.
constexpr auto kGrace = std::chrono::milliseconds(100);

struct Tally {
  std::atomic<int> served{0};
  std::atomic<int> refused{0};
  std::atomic<int> cut{0};
};

// One client: it may be refused while nobody listens, and nothing else may go wrong.
void Visit(const SocketAddress& address, Tally& tally) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, address.get(), address.length) == 0) {
    const timeval patience{10, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    char byte = 'a';
    const bool answered = send(fd, &byte, 1, MSG_NOSIGNAL) == 1 && recv(fd, &byte, 1, 0) == 1;
    (answered ? tally.served : tally.cut) += 1;
  } else {
    (errno == ECONNREFUSED ? tally.refused : tally.cut) += 1;
  }
  close(fd);
}

}  // namespace

CASE("a listener that is closed and opened again resets no client") {
  EchoHost host;
  EngineRig rig(EngineRig::kThreadsMax);
  rig.engine->SetTable(rig.Table({&host}));
  ListenerSpec door = rig.Door(1);
  door.address = rig.Listen(1);
  Tally tally;
  std::atomic<bool> over{false};
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; i++) {
    clients.emplace_back([&] {
      while (!over) Visit(door.address, tally);
    });
  }
  for (int round = 0; round < kRounds; round++) {
    const int before = tally.served;
    while (tally.served < before + 20) std::this_thread::yield();
    rig.engine->QuietListener(door.id);
    std::this_thread::sleep_for(kGrace);
    CHECK(rig.engine->CloseListener(door.id));
    door.id = 1 + door.id % 7;
    door.counters = &rig.listener_rows[door.id];
    CHECK_EQ(rig.engine->OpenListener(door).error, 0);
    rig.Collect();
  }
  over = true;
  for (std::thread& client : clients) client.join();
  rig.AwaitEmpty();
  CHECK_EQ(tally.cut.load(), 0);
  for (const CounterRow& row : rig.listener_rows) CHECK_EQ(row.open.get(), 0.0);
}

}  // namespace sluice::test
