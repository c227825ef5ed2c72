// The native engine as its owner sees it: workers, routes and listeners. Every member is called on the main thread only;
// the workers never wait for it. Questions to the workers (Sessions, Find, Kill) are answered within one of their turns.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/event_queue.h"
#include "core/listener.h"
#include "core/records.h"
#include "core/route.h"
#include "core/settings.h"
#include "core/table.h"
#include "core/worker.h"

namespace sluice {

struct ListenerSpec {
  uint32_t id = 0;
  std::string service;
  // Where a route of this name counts that does not exist yet.
  ServiceRow* figures = nullptr;
  // As it is shown to people, and where to listen.
  std::string name;
  SocketAddress address;
  // Only IPv6 clients on an IPv6 address; else `[::]` takes IPv4 clients, too.
  bool ipv6_only = false;
  uint32_t max_sessions = 0;
  CounterRow* counters = nullptr;
  Admission admission;
};

struct Opened {
  int error = 0;  // a positive errno, or 0
  SocketAddress bound;
};

class Engine {
 public:
  // `wake` is called on any thread when there is something for TakeEvents. `rows` has one row for each worker and outlives
  // the engine.
  Engine(const Settings& settings, WorkerRow* rows, std::function<void()> wake);
  ~Engine();

  // Otherwise the system had no descriptors for the workers, and nothing but the destructor may be called.
  bool ready() const;

  Opened OpenListener(ListenerSpec spec);
  void UpdateListener(ListenerSpec spec);
  // No new client begins to connect; those whose handshake has begun still come in. CloseListener comes next.
  void QuietListener(uint32_t id);
  // Takes whoever has come so far, then closes. Open sessions go on. @returns whether it was open
  bool CloseListener(uint32_t id);

  void SetTable(TableSpec table);
  void RemoveTable(const std::string& service);
  void RenameService(const std::string& from, const std::string& to);
  void RenameGroup(const std::string& service, const std::string& from, const std::string& to);
  RouteState StateOf(const std::string& service);

  // Oldest first, at most `limit` after the one with id `after`.
  std::vector<SessionRecord> Sessions(uint64_t after, uint32_t limit);
  std::optional<SessionRecord> Find(uint64_t id);
  // Those whose connection to a host begins at this end of ours.
  std::vector<SessionRecord> Behind(const End& local);
  // @returns how many of them were there
  uint32_t Kill(const std::vector<uint64_t>& ids, CloseReason reason);
  // @returns how many there were
  uint32_t CloseAll(CloseReason reason);
  uint64_t session_count() const { return shared_.sessions.load(); }
  // Have Emptied told whenever no session is left, also now.
  void TellWhenEmpty();
  // Numbers a session that another engine of this process took.
  uint64_t NextSessionId() { return ++shared_.last_session_id; }

  void Answer(uint64_t session, uint64_t host_id);
  EventBatch TakeEvents() { return events_.Take(); }
  void Judged(uint64_t batch) { events_.Judged(batch); }

  // Ends the threads. Nothing else may be called afterwards but session_count and TakeEvents.
  void Stop();

 private:
  Route& RouteOf(const std::string& service, ServiceRow* figures);
  // Do this on every worker and wait until all have.
  void OnAll(const std::function<void(Worker&)>& call);
  void RetireIdle(Route& route);
  void FreeUnused();

  const Settings settings_;
  EventQueue events_;
  Shared shared_;
  std::atomic<uint64_t> closes_{0};
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unordered_map<std::string, std::unique_ptr<Route>> routes_;
  std::unordered_map<uint32_t, std::unique_ptr<Listener>> listeners_;
  // Closed or renamed away, but sessions still point there.
  std::vector<std::unique_ptr<Route>> old_routes_;
  std::vector<std::unique_ptr<Listener>> old_listeners_;
};

}  // namespace sluice
