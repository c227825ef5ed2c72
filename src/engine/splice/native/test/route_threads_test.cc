// Sessions of several threads at one route while tables, pauses and names change: for what ThreadSanitizer
// sees, and for figures that must add up in the end.
#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "test/route_rig.h"

namespace sluice::test {

namespace {

constexpr int kThreads = 3;
constexpr uint64_t kClients = 3'000;
constexpr uint32_t kHosts = 4;

// The news of one thread; its sessions have numbers of their own: number * kThreads + thread.
struct Inbox {
  std::mutex lock;
  std::vector<uint64_t> news;
};

// One thread that plays a worker.
class Player {
 public:
  Player(uint64_t thread, Route& route, Listener& listener, Inbox& inbox, uint64_t seed)
      : thread_(thread), route_(route), listener_(listener), inbox_(inbox), luck_(seed) {}

  void Run() {
    for (uint64_t number = 1; number <= kClients; number++) {
      Begin(number * kThreads + thread_);
      ReadNews();
      if (Throw(3)) LeaveSomebody();
    }
    while (!guests_.empty()) {
      ReadNews();
      LeaveSomebody();
    }
  }

 private:
  bool Throw(uint64_t sides) { return luck_() % sides == 0; }

  void Begin(uint64_t session) {
    Guest& guest = guests_[session];
    guest.place.session = session;
    guest.place.listener = &listener_;
    guest.choice = route_.Enter(guest.place, Throw(50), Throw(10));
    if (guest.Goes(Kind::kHeader)) guest.choice = route_.Choose(guest.place);
    Follow(session);
  }

  void Follow(uint64_t session) {
    Guest& guest = guests_[session];
    for (;;) {
      if (guest.Goes(Kind::kAsk)) {
        guest.choice = route_.ChooseAsked(guest.place, luck_() % (kHosts + 2));
      } else if (guest.Goes(Kind::kConnect) && Throw(5)) {
        guest.choice = route_.ConnectFailed(guest.place, 111, Throw(4));
      } else {
        break;
      }
    }
    if (guest.Goes(Kind::kEnd)) return End(session, false);
    if (guest.Goes(Kind::kConnect) && !Throw(10)) {
      route_.Connected(guest.place, luck_() % 100);
      guest.choice.kind = Kind::kHeader;  // stands for: is relayed
    }
  }

  void ReadNews() {
    std::vector<uint64_t> news;
    {
      const std::lock_guard<std::mutex> guard(inbox_.lock);
      news.swap(inbox_.news);
    }
    for (const uint64_t session : news) {
      const auto found = guests_.find(session);
      if (found == guests_.end()) continue;
      Guest& guest = found->second;
      if (!guest.Goes(Kind::kQueued) && !guest.Goes(Kind::kHeld)) continue;
      guest.choice = route_.TakeGiven(guest.place);
      Follow(session);
    }
  }

  // Not always the oldest.
  void LeaveSomebody() {
    if (guests_.empty()) return;
    auto guest = guests_.begin();
    std::advance(guest, luck_() % std::min<size_t>(guests_.size(), 5));
    if (guest->second.Goes(Kind::kQueued) && Throw(2)) route_.LeaveQueue(guest->second.place);
    End(guest->first, guest->second.Goes(Kind::kHeader));
  }

  void End(uint64_t session, bool connected) {
    SessionRecord record;
    if (Throw(4)) route_.Describe(guests_[session].place, record);
    route_.Leave(guests_[session].place, record, connected);
    guests_.erase(session);
  }

  const uint64_t thread_;
  Route& route_;
  Listener& listener_;
  Inbox& inbox_;
  std::mt19937_64 luck_;
  std::map<uint64_t, Guest> guests_;
};

TableSpec AnyTable(RouteRig& rig, std::mt19937_64& luck) {
  const auto hosts = static_cast<uint32_t>(luck() % kHosts + 1);
  TableSpec table = rig.Table(hosts);
  table.rule.kind = static_cast<RuleKind>(luck() % 4);
  table.rule.draws = 2;
  for (uint32_t i = 0; i < hosts; i++) {
    table.rule.cumulative.push_back(i + 1);
    table.rule.slots.push_back(static_cast<uint16_t>(i));
    table.hosts[i].ready = luck() % 4 > 0;
    table.hosts[i].suspect = luck() % 4 == 0;
    table.hosts[i].max_sessions = static_cast<uint32_t>(luck() % 4);
  }
  table.ask = luck() % 4 == 0;
  table.group = luck() % 3 == 0 ? "other" : "main";
  table.max_sessions = static_cast<uint32_t>(luck() % 8);
  table.hold = luck() % 4 == 0 ? 200 : 0;
  return table;
}

void ChangeEverything(RouteRig& rig, std::mt19937_64& luck) {
  const uint64_t what = luck() % 10;
  if (what == 0) {
    rig.route.Clear();
  } else if (what == 1) {
    rig.route.Rename("web" + std::to_string(luck() % 3));
    rig.route.RenameGroup("other", "main");
  } else {
    rig.route.Use(AnyTable(rig, luck));
  }
  rig.route.state();
  rig.Take<Emptied>();
  if (luck() % 2 == 0) rig.events.Judged(rig.last_batch);
}

}  // namespace

CASE("sessions of several threads, whatever changes meanwhile, leave no figure behind") {
  std::array<Inbox, kThreads> inboxes;
  RouteRig rig([&inboxes](const Place& place) {
    Inbox& inbox = inboxes[place.session % kThreads];
    const std::lock_guard<std::mutex> guard(inbox.lock);
    inbox.news.push_back(place.session);
  });
  rig.settings.let_go_at_once = 1;
  std::mt19937_64 luck(Random()());
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  for (uint64_t i = 0; i < kThreads; i++) {
    threads.emplace_back([&, i, seed = Random()()] {
      Player(i, rig.route, rig.listener, inboxes[i], seed).Run();
      running -= 1;
    });
  }
  while (running > 0) ChangeEverything(rig, luck);
  for (std::thread& thread : threads) thread.join();
  const RouteState state = rig.route.state();
  CHECK_EQ(state.waiting, 0u);
  CHECK_EQ(state.open, 0u);
  double given = 0;
  for (const CounterRow& row : rig.rows) {
    CHECK_EQ(row.open.get(), 0);
    given += row.total.get();
  }
  CHECK_EQ(rig.listener_row.open.get(), 0);
  CHECK_EQ(rig.listener_row.total.get(), given);
  CHECK_EQ(rig.listener_row.total.get() + rig.listener_row.failed.get(), kThreads * kClients);
  CHECK_EQ(rig.listener_row.bytes_from_client.get(), 0);
  const auto sum = [](const auto& figures) {
    double all = 0;
    for (const Figure& each : figures) all += each.get();
    return all;
  };
  CHECK_EQ(rig.figures.open.get(), 0);
  CHECK_EQ(sum(rig.figures.connect.counts), given);
  CHECK_EQ(sum(rig.figures.session.counts), kThreads * kClients);
  CHECK_EQ(sum(rig.figures.ends), kThreads * kClients);
  CHECK(rig.route.Unused(rig.listener));
  rig.route.RemoveListener();
  CHECK(rig.route.unused());
}

}  // namespace sluice::test
