// One whole worker with its route, on the kernel to play with: clients, hosts, tables, pauses and operators do whatever they
// may, in any order. In the end everybody leaves, and then nothing may be left: no session, descriptor, pipe or deadline,
// and figures that add up. Every session ends once, and what a peer takes is always what one other peer has sent it.
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/route.h"
#include "core/worker.h"
#include "test/options.h"
#include "test/system_fake_outer.h"
#include "test/system_fake.h"

namespace sluice::fake {

namespace {

constexpr uint32_t kHosts = 4;
constexpr int kTurnsToEnd = 100'000;
constexpr uint64_t kLongMicros = 20'000;

Settings SmallSettings() {
  Settings settings;
  settings.proxy_header_ms = 40;
  settings.linger_ms = 20;
  settings.held_max = 20;
  settings.commands_at_once = 3;
  settings.events_at_once = static_cast<uint32_t>(1 + kernel.Below(8));
  settings.accepts_at_once = static_cast<uint32_t>(1 + kernel.Below(4));
  settings.accept_pause_ms = 5;
  settings.track_peers = kernel.Chance(50);
  // A PROXY header of version 1 must fit.
  settings.buffer_bytes = 120 + kernel.Below(300);
  settings.proxy_v2_bytes_max = 100;
  settings.pipes_max = static_cast<uint32_t>(kernel.Below(4));
  settings.pipe_bytes = 1 + kernel.Below(600);
  settings.turn_bytes = 1 + kernel.Below(2'000);
  return settings;
}

// How sessions ended, over all sequences: what is never seen is not tested.
uint64_t ends[std::size(kCloseReasonNames)];

class World {
 public:
  World();
  void Play();

 private:
  void Step();
  void NewClient();
  void MeetHosts();
  void UseTable(bool friendly);
  void Bother();
  void Collect();
  void Count(const SessionRecord& record);
  void CheckPeers();
  void CheckEmpty();
  void CheckFigures();

  CounterRow host_rows_[kHosts]{};
  CounterRow listener_row_{};
  WorkerRow worker_row_{};
  const Settings settings_ = SmallSettings();
  EventQueue events_{settings_, [] {}};
  Shared shared_{settings_, events_};
  std::atomic<uint64_t> closes_{0};
  ServiceRow figures_{};
  Route route_{"web", figures_, settings_, events_, closes_};
  Listener listener_;
  Worker worker_{0, shared_, worker_row_};
  const bool proxy_ = kernel.Chance(30);
  std::map<uint32_t, std::unique_ptr<Outer>> outers_;
  uint32_t last_stream_ = 0;
  uint64_t clients_ = 0;
  uint64_t connected_ = 0;
  std::set<uint64_t> ended_;
  std::vector<uint64_t> asked_;
};

World::World() {
  listener_.id = 1;
  listener_.address = "front";
  listener_.route = &route_;
  listener_.socket.Reset(sys::Listen(nullptr, 0, 0, false));
  route_.AddListener();
  route_.SetListener(listener_, &listener_row_, kernel.Chance(20) ? 3 : 0);
  auto admission = std::make_shared<Admission>();
  admission->proxy = proxy_;
  worker_.Watch(listener_, std::move(admission));
}

void World::Play() {
  if (kernel.Chance(90)) UseTable(false);
  for (size_t i = kernel.Below(400); i > 0; i--) Step();
  // Without a descriptor nobody can be taken in at the end, either.
  kernel.mood.failed_accept = 0;
  worker_.Unwatch(1);
  UseTable(true);
  for (int i = 0; shared_.sessions != 0 || !kernel.arriving.empty(); i++) {
    if (i == kTurnsToEnd) Fault("sessions are left that never end");
    for (auto& [stream, outer] : outers_) outer->Finish();
    kernel.Tick();
    kernel.now_us += kernel.Below(kLongMicros);
    worker_.Turn(false);
    MeetHosts();
    Collect();
    if (!kernel.arriving.empty()) Fault("a client was left outside");
  }
  Collect();
  CheckPeers();
  CheckEmpty();
}

void World::Step() {
  if (kernel.Chance(15)) NewClient();
  for (auto& [stream, outer] : outers_) {
    if (kernel.Chance(50)) outer->Act();
  }
  kernel.Tick();
  if (kernel.Chance(5)) UseTable(false);
  if (kernel.Chance(5)) Bother();
  if (kernel.Chance(80)) worker_.Turn(false);
  MeetHosts();
  Collect();
}

void World::NewClient() {
  Socket& ours = kernel.NewSocket();
  Socket& theirs = kernel.NewSocket();
  ours.peer = &theirs;
  theirs.peer = &ours;
  ours.target = AddressOf(End{ParseIp("10.0.0." + std::to_string(clients_ % 5)), 5'000});
  ours.in_max += proxy_ ? 110 : 0;
  kernel.arriving.push_back(&ours);
  clients_ += 1;
  auto client = std::make_unique<Outer>(theirs, ++last_stream_);
  if (proxy_ && kernel.Chance(90)) client->Say("PROXY TCP4 10.9.8.7 10.0.0.1 1234 80\r\n");
  outers_[last_stream_] = std::move(client);
}

void World::MeetHosts() {
  for (Socket* host : kernel.reached) {
    last_stream_ += 1;
    outers_[last_stream_] = std::make_unique<Outer>(*host, last_stream_);
  }
  kernel.reached.clear();
}

void World::UseTable(bool friendly) {
  if (!friendly && kernel.Chance(5)) return route_.Clear();
  TableSpec table;
  table.service = "web";
  table.group = kernel.Chance(50) ? "main" : "other";
  table.access_log = true;
  table.retries = static_cast<uint32_t>(kernel.Below(4));
  table.connect_timeout_ms = static_cast<uint32_t>(1 + kernel.Below(50));
  table.idle_timeout_ms = kernel.Chance(30) ? 1 + kernel.Below(100) : 0;
  table.queue = static_cast<uint32_t>(kernel.Below(6));
  table.queue_timeout_ms = 1 + kernel.Below(60);
  table.hold = !friendly && kernel.Chance(20) ? 10 : 0;
  table.ask = kernel.Chance(20);
  table.ask_ms = 10;
  table.rule.kind = static_cast<RuleKind>(kernel.Below(2) * 2);
  for (uint32_t i = 0; i < kHosts; i++) {
    if (kernel.Chance(30)) continue;
    HostSpec host;
    host.id = i + 1;
    host.name = "h" + std::to_string(i);
    host.target = AddressOf(End{ParseIp("127.0.0.1"), static_cast<uint16_t>(i < 2 ? 80 : 40'000)});
    host.ready = kernel.Chance(85);
    host.suspect = kernel.Chance(20);
    host.max_sessions = kernel.Chance(30) ? 1 : 0;
    host.counters = &host_rows_[i];
    table.rule.order.push_back(static_cast<uint32_t>(table.hosts.size()));
    table.rule.weights.push_back(1);
    table.hosts.push_back(std::move(host));
  }
  route_.Use(std::move(table));
}

// What operators do to sessions.
void World::Bother() {
  Session* session = worker_.sessions().After(kernel.Below(shared_.last_session_id + 1));
  if (session == nullptr) return;
  session->Describe();
  if (kernel.Chance(50)) worker_.PostCall([id = session->id()](Worker& worker) {
    Session* found = worker.sessions().Find(id);
    if (found != nullptr) found->Close(CloseReason::kKilled);
  });
}

void World::Collect() {
  EventBatch batch = events_.Take();
  if (batch.lost != 0) Fault("events were dropped");
  for (const Event& event : batch.events) {
    if (const auto* closed = std::get_if<SessionClosed>(&event)) Count(closed->session);
    if (const auto* asked = std::get_if<Asked>(&event)) asked_.push_back(asked->session);
  }
  if (kernel.Chance(70)) events_.Judged(batch.number);
  while (!asked_.empty() && kernel.Chance(60)) {
    worker_.PostAnswer(asked_.back(), kernel.Below(kHosts + 2));
    asked_.pop_back();
  }
}

void World::Count(const SessionRecord& record) {
  if (!ended_.insert(record.id).second) Fault("a session ended twice");
  ends[static_cast<size_t>(record.reason)] += 1;
  if (record.connect_us >= 0) connected_ += 1;
  const CloseReason reason = record.reason;
  const bool reset = reason == CloseReason::kClientReset || reason == CloseReason::kHostReset;
  if ((reset || reason == CloseReason::kDone) && record.connect_us < 0)
    Fault("a session was carried without a host");
}

// Two that heard of each other heard of nobody else.
void World::CheckPeers() {
  for (const auto& [stream, outer] : outers_) {
    const uint32_t heard = outer->heard_stream();
    if (heard == 0) continue;
    const auto other = outers_.find(heard);
    if (other == outers_.end()) Fault("a stream that nobody sent was heard");
    if (other->second->sent() < outer->taken()) Fault("more was heard than was said");
    const uint32_t back = other->second->heard_stream();
    if (back != 0 && back != stream) Fault("somebody hears two");
  }
}

void World::CheckEmpty() {
  if (worker_.sessions().size() != 0) Fault("a session is listed that has ended");
  if (worker_.pipes().lent() != 0) Fault("a pipe was not given back");
  if (worker_.timers().count() != 0) Fault("a deadline is left");
  for (const CounterRow& row : host_rows_) {
    if (row.open.get() != 0) Fault("a host has a session that has ended");
  }
  if (listener_row_.open.get() != 0 || listener_.sessions != 0) Fault("a listener has a session");
  if (listener_row_.total.get() != static_cast<double>(connected_) && ended_.size() == clients_)
    Fault("the listener counts other sessions");
  CheckFigures();
  route_.RemoveListener();
  const RouteState state = route_.state();
  if (state.waiting != 0 || state.open != 0) Fault("the route has clients that have left");
  route_.Clear();
  if (!route_.unused()) Fault("the route is in use by nobody");
}

// Those who came before there was a table are reported to nobody, and counted all the same.
void World::CheckFigures() {
  double all = 0;
  double timed = 0;
  double connected = 0;
  for (const Figure& each : figures_.ends) all += each.get();
  for (const Figure& each : figures_.session.counts) timed += each.get();
  for (const Figure& each : figures_.connect.counts) connected += each.get();
  if (figures_.open.get() != 0 || all != timed) Fault("a session is counted that has not ended");
  if (all != listener_row_.total.get() + listener_row_.failed.get())
    Fault("the service counts other ends");
  if (connected != listener_row_.total.get()) Fault("the service counts other sessions");
}

void PlayOne(uint64_t seed) {
  Mood mood;
  std::mt19937_64 random(seed);
  mood.short_write = static_cast<int>(random() % 40);
  mood.late_event = static_cast<int>(random() % 60);
  mood.no_pipe = random() % 4 == 0 ? 60 : 0;
  mood.failed_accept = random() % 3 == 0 ? 30 : 0;
  mood.room_most = 1 + random() % 600;
  kernel.Reset(seed, mood);
  { World().Play(); }
  if (kernel.OpenCount() != 0) Fault("a descriptor is left open");
}

void PrintEnds() {
  for (size_t i = 0; i < std::size(ends); i++)
    std::printf("%s %llu\n", kCloseReasonNames[i], static_cast<unsigned long long>(ends[i]));
}

}  // namespace

}  // namespace sluice::fake

int main(int count, char** words) {
  const sluice::test::Options options = sluice::test::ParseOptions(count, words);
  const sluice::test::Deadline deadline(options);
  uint64_t runs = 0;
  for (; !deadline.passed(); runs++) sluice::fake::PlayOne(options.seed + runs);
  std::printf("%llu sequences\n", static_cast<unsigned long long>(runs));
  sluice::fake::PrintEnds();
  return 0;
}
