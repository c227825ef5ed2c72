// What a child of the process that has not yet become its program (src/health/exec.ts runs some) does to sessions: it has
// every descriptor as well, so what is closed meanwhile stays open in the system, and is still watched.
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "test/engine_rig.h"
#include "test/sockets.h"

namespace sluice::test {

namespace {

// As far as a fork, and no further while this lives.
class UnfinishedChild {
 public:
  UnfinishedChild() : pid_(fork()) {
    while (pid_ == 0) pause();
  }
  ~UnfinishedChild() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

 private:
  const pid_t pid_;
};

std::string EchoOf(int fd, const std::string& text) {
  send(fd, text.data(), text.size(), MSG_NOSIGNAL);
  std::string answer(text.size(), ' ');
  const ssize_t length = recv(fd, answer.data(), answer.size(), MSG_WAITALL);
  answer.resize(static_cast<size_t>(std::max<ssize_t>(length, 0)));
  return answer;
}

// Every worker has acted on what happened before.
void AwaitTurns(Engine& engine) {
  for (int turns = 0; turns < 3; turns++) engine.Find(0);
}

// Of the one session that there is.
void AwaitStep(Engine& engine, Step step) {
  for (;;) {
    const std::vector<SessionRecord> sessions = engine.Sessions(0, 1);
    if (!sessions.empty() && sessions[0].step == step) return;
    std::this_thread::yield();
  }
}

}  // namespace

CASE("what becomes of a client that was cut off is not taken for news of the next one") {
  EchoHost host;
  EngineRig rig(1);
  rig.engine->SetTable(rig.Table({&host}));
  const SocketAddress address = rig.Listen(1);
  const int first = ConnectTo(address);
  CHECK_EQ(EchoOf(first, "one"), "one");
  {
    const UnfinishedChild child;
    CHECK_EQ(rig.engine->CloseAll(CloseReason::kKilled), 1u);
    AwaitTurns(*rig.engine);
    // In the memory of the first one.
    const int second = ConnectTo(address);
    CHECK_EQ(EchoOf(second, "two"), "two");
    shutdown(first, SHUT_WR);
    AwaitTurns(*rig.engine);
    CHECK_EQ(EchoOf(second, "three"), "three");
    CHECK_EQ(EchoOf(second, "four"), "four");
    close(second);
  }
  close(first);
  rig.AwaitEmpty();
}

CASE("what becomes of a host that was given up is not taken for news of the next one") {
  EchoHost host;
  // Nobody accepts here, and there is no room for anybody but the first.
  SocketAddress deaf_address = Loopback();
  const int deaf = sys::Listen(deaf_address.get(), deaf_address.length, 0, false);
  CHECK_EQ(sys::LocalAddress(deaf, &deaf_address.storage, &deaf_address.length), 0);
  const int in_the_way = ConnectTo(deaf_address);
  EngineRig rig(1);
  TableSpec table = rig.Table({&host, &host});
  table.hosts[0].target = deaf_address;
  // Shorter than the second after which the system tries again.
  table.connect_timeout_ms = 500;
  rig.engine->SetTable(std::move(table));
  const SocketAddress address = rig.Listen(1);
  const int client = ConnectTo(address);
  AwaitStep(*rig.engine, Step::kConnecting);
  {
    const UnfinishedChild child;
    CHECK_EQ(EchoOf(client, "one"), "one");
    // The attempt that was given up is accepted only now, and ended.
    for (int accepted = 0; accepted < 2; accepted++) {
      CHECK(Await(deaf, POLLIN));
      close(accept(deaf, nullptr, nullptr));
    }
    AwaitTurns(*rig.engine);
    CHECK_EQ(EchoOf(client, "two"), "two");
    CHECK_EQ(EchoOf(client, "three"), "three");
  }
  close(client);
  close(in_the_way);
  sys::Close(deaf);
  rig.AwaitEmpty();
}

}  // namespace sluice::test
