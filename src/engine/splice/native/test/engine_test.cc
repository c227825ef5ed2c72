// The whole engine on real sockets and threads, mostly for what the sanitizers see: sessions while everything around them
// changes. What an engine promises is tested in test/contracts, for every engine.
#include "core/engine.h"

#include <atomic>
#include <thread>
#include <vector>

#include <unistd.h>

#include "test/check.h"
#include "test/engine_rig.h"
#include "test/hosts.h"

namespace sluice::test {

namespace {

constexpr uint32_t kThreads = 3;

struct Rig : EngineRig {
  Rig() : EngineRig(kThreads) {}
};

std::string RandomText(size_t length) {
  std::string text(length, ' ');
  for (char& each : text) each = static_cast<char>(RandomBetween(0, 255));
  return text;
}

// So many clients, one after the other on each of some threads; `each` is told its answer.
void RunClients(const SocketAddress& address, int threads, int count, const std::string& text,
                const std::function<void(const std::string&)>& each) {
  std::vector<std::thread> clients;
  for (int i = 0; i < threads; i++) {
    clients.emplace_back([&] {
      for (int n = 0; n < count; n++) each(Exchange(address, text));
    });
  }
  for (std::thread& client : clients) client.join();
}

}  // namespace

CASE("sessions of several threads are carried whole") {
  EchoHost one;
  EchoHost other;
  Rig rig;
  rig.engine->SetTable(rig.Table({&one, &other}));
  const SocketAddress address = rig.Listen(1);
  const std::string text = RandomText(300'000);
  std::atomic<int> whole{0};
  RunClients(address, 6, 20, text, [&](const std::string& answer) { whole += answer == text; });
  rig.AwaitEmpty();
  CHECK_EQ(whole.load(), 120);
  CHECK_EQ(one.accepted(), 60);
  CHECK_EQ(rig.listener_rows[1].total.get(), 120.0);
  CHECK_EQ(rig.listener_rows[1].open.get(), 0.0);
  CHECK_EQ(rig.listener_rows[1].bytes_from_host.get(), 120.0 * 300'000);
  CHECK_EQ(rig.host_rows[0].total.get() + rig.host_rows[1].total.get(), 120.0);
}

CASE("everything around sessions may change while they run") {
  EchoHost one;
  EchoHost other;
  EchoHost third;
  Rig rig;
  rig.engine->SetTable(rig.Table({&one, &other}));
  const SocketAddress address = rig.Listen(1);
  const std::string text = RandomText(40'000);
  std::atomic<int> whole{0};
  std::atomic<bool> over{false};
  std::thread clients([&] {
    RunClients(address, 6, 60, text, [&](const std::string& answer) { whole += answer == text; });
    over = true;
  });
  for (uint32_t i = 0; !over; i++) {
    TableSpec table = i % 3 == 0 ? rig.Table({&one, &third}) : rig.Table({&one, &other, &third});
    table.rule.kind = static_cast<RuleKind>(i % 2 == 0 ? RuleKind::kCycle : RuleKind::kLeast);
    table.hold = i % 5 == 1 ? 1000 : 0;
    table.access_log = i % 2 == 0;
    for (HostSpec& host : table.hosts) host.max_sessions = i % 7 == 2 ? 1 : 0;
    rig.engine->SetTable(std::move(table));
    if (i % 11 == 3) rig.engine->RenameGroup("web", "main", "other");
    rig.Listen(2);
    rig.engine->UpdateListener(rig.Door(1));
    CHECK(rig.engine->Sessions(0, 5).size() <= 5);
    rig.engine->Find(rig.engine->NextSessionId() - 1);
    rig.engine->QuietListener(2);
    CHECK(rig.engine->CloseListener(2));
    rig.Collect();
  }
  clients.join();
  rig.engine->SetTable(rig.Table({&one}));
  rig.AwaitEmpty();
  CHECK_EQ(whole.load(), 360);
  for (const CounterRow& row : rig.host_rows) CHECK_EQ(row.open.get(), 0.0);
  CHECK_EQ(rig.listener_rows[1].open.get(), 0.0);
}

CASE("sessions are ended while they run, each with one reason") {
  EchoHost host;
  Rig rig;
  TableSpec table = rig.Table({&host});
  table.access_log = true;
  rig.engine->SetTable(std::move(table));
  const SocketAddress address = rig.Listen(1);
  const std::string text = RandomText(2'000'000);
  std::atomic<bool> over{false};
  std::thread clients([&] {
    RunClients(address, 6, 10, text, [](const std::string&) {});
    over = true;
  });
  while (!over) {
    std::vector<uint64_t> ids;
    for (const SessionRecord& each : rig.engine->Sessions(0, 2)) ids.push_back(each.id);
    rig.engine->Kill(ids, CloseReason::kKilled);
    rig.Collect();
  }
  clients.join();
  rig.AwaitEmpty();
  rig.Collect();
  size_t ended = 0;
  for (const Event& event : rig.events) ended += std::holds_alternative<SessionClosed>(event);
  CHECK_EQ(ended, 60u);
  CHECK_EQ(rig.listener_rows[1].open.get(), 0.0);
}

CASE("an engine that is stopped closes what is open and ends its threads") {
  EchoHost host;
  Rig rig;
  rig.engine->SetTable(rig.Table({&host}));
  const SocketAddress address = rig.Listen(1);
  std::vector<int> clients;
  for (int i = 0; i < 20; i++) clients.push_back(ConnectTo(address));
  while (rig.engine->session_count() < 20) std::this_thread::yield();
  rig.engine->Stop();
  CHECK_EQ(rig.engine->session_count(), 0u);
  CHECK_EQ(rig.engine->Sessions(0, 10).size(), 0u);
  CHECK_EQ(rig.host_rows[0].open.get(), 0.0);
  for (const int client : clients) close(client);
}

}  // namespace sluice::test
