// The main thread's side: tables go to routes, listeners to all workers, questions to all workers and back.
#include "core/engine.h"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace sluice {

Engine::Engine(const Settings& settings, WorkerRow* rows, std::function<void()> wake)
    : settings_(settings), events_(settings_, std::move(wake)), shared_{settings_, events_} {
  for (uint32_t i = 0; i < settings_.threads; i++)
    workers_.push_back(std::make_unique<Worker>(i, shared_, rows[i]));
  if (!ready()) return;
  for (const auto& worker : workers_) worker->Start();
}

bool Engine::ready() const {
  return std::all_of(workers_.begin(), workers_.end(),
                     [](const auto& worker) { return worker->ready(); });
}

Engine::~Engine() { Stop(); }

Opened Engine::OpenListener(ListenerSpec spec) {
  // Sessions and workers point at the one that has this id.
  if (listeners_.count(spec.id) != 0) return Opened{EADDRINUSE, {}};
  const int socket = sys::Listen(spec.address.get(), spec.address.length,
                                 settings_.listen_backlog, spec.ipv6_only);
  if (socket < 0) return Opened{-socket, {}};
  auto listener = std::make_unique<Listener>();
  listener->id = spec.id;
  listener->socket = UniqueFd(socket);
  listener->unix_socket = spec.address.get()->sa_family == AF_UNIX;
  listener->route = &RouteOf(spec.service, spec.figures);
  listener->route->AddListener();
  Opened opened;
  opened.bound.length = sizeof(opened.bound.storage);
  sys::LocalAddress(socket, &opened.bound.storage, &opened.bound.length);
  listener->address = std::move(spec.name);
  listener->route->SetListener(*listener, spec.counters, spec.max_sessions);
  const auto admission = std::make_shared<const Admission>(std::move(spec.admission));
  Listener& opened_listener = *listener;
  listeners_[spec.id] = std::move(listener);
  OnAll([&](Worker& worker) { worker.Watch(opened_listener, admission); });
  return opened;
}

void Engine::UpdateListener(ListenerSpec spec) {
  const auto found = listeners_.find(spec.id);
  if (found == listeners_.end()) return;
  Listener& listener = *found->second;
  listener.route->SetListener(listener, spec.counters, spec.max_sessions);
  const auto admission = std::make_shared<const Admission>(std::move(spec.admission));
  OnAll([&](Worker& worker) { worker.Change(spec.id, admission); });
}

void Engine::QuietListener(uint32_t id) {
  const auto found = listeners_.find(id);
  if (found != listeners_.end()) sys::IgnoreNewClients(found->second->socket.get());
}

bool Engine::CloseListener(uint32_t id) {
  const auto found = listeners_.find(id);
  if (found == listeners_.end()) return false;
  OnAll([&](Worker& worker) { worker.Unwatch(id); });
  sys::StopListening(found->second->socket.get());
  found->second->socket.Reset(-1);
  Route& route = *found->second->route;
  old_listeners_.push_back(std::move(found->second));
  listeners_.erase(found);
  RetireIdle(route);
  FreeUnused();
  return true;
}

void Engine::SetTable(TableSpec table) {
  Route& route = RouteOf(table.service, table.figures);
  route.Use(std::move(table));
  FreeUnused();
}

void Engine::RemoveTable(const std::string& service) {
  const auto found = routes_.find(service);
  if (found == routes_.end()) return;
  found->second->Clear();
  RetireIdle(*found->second);
  FreeUnused();
}

void Engine::RenameService(const std::string& from, const std::string& to) {
  const auto replaced = routes_.find(to);
  if (replaced != routes_.end()) {
    replaced->second->Clear();
    old_routes_.push_back(std::move(replaced->second));
    routes_.erase(replaced);
  }
  auto moved = routes_.extract(from);
  if (moved.empty()) return;
  moved.mapped()->Rename(to);
  moved.key() = to;
  routes_.insert(std::move(moved));
}

void Engine::RenameGroup(const std::string& service, const std::string& from,
                         const std::string& to) {
  const auto found = routes_.find(service);
  if (found != routes_.end()) found->second->RenameGroup(from, to);
}

RouteState Engine::StateOf(const std::string& service) {
  const auto found = routes_.find(service);
  return found == routes_.end() ? RouteState{} : found->second->state();
}

std::vector<SessionRecord> Engine::Sessions(uint64_t after, uint32_t limit) {
  std::vector<SessionRecord> records;
  std::mutex lock;
  OnAll([&](Worker& worker) {
    std::vector<SessionRecord> page;
    for (Session* each = worker.sessions().After(after); each != nullptr && page.size() < limit;
         each = each->following)
      page.push_back(each->Describe());
    const std::lock_guard<std::mutex> guard(lock);
    records.insert(records.end(), std::make_move_iterator(page.begin()),
                   std::make_move_iterator(page.end()));
  });
  std::sort(records.begin(), records.end(),
            [](const SessionRecord& a, const SessionRecord& b) { return a.id < b.id; });
  if (records.size() > limit) records.resize(limit);
  return records;
}

std::optional<SessionRecord> Engine::Find(uint64_t id) {
  std::optional<SessionRecord> record;
  // Only the worker that has it writes.
  OnAll([&](Worker& worker) {
    Session* session = worker.sessions().Find(id);
    if (session != nullptr) record = session->Describe();
  });
  return record;
}

std::vector<SessionRecord> Engine::Behind(const End& local) {
  std::vector<SessionRecord> records;
  std::mutex lock;
  OnAll([&](Worker& worker) {
    for (Session* each = worker.sessions().oldest(); each != nullptr; each = each->following) {
      if (!each->HasLocalEnd(local)) continue;
      const std::lock_guard<std::mutex> guard(lock);
      records.push_back(each->Describe());
    }
  });
  return records;
}

uint32_t Engine::Kill(const std::vector<uint64_t>& ids, CloseReason reason) {
  std::atomic<uint32_t> killed{0};
  OnAll([&](Worker& worker) {
    for (const uint64_t id : ids) {
      Session* session = worker.sessions().Find(id);
      if (session == nullptr) continue;
      session->Close(reason);
      killed += 1;
    }
  });
  return killed;
}

uint32_t Engine::CloseAll(CloseReason reason) {
  std::atomic<uint32_t> closed{0};
  // Those who wait first, on all workers: the others make room, and nobody is to be carried into a host for nothing.
  OnAll([&](Worker& worker) {
    for (Session* each = worker.sessions().oldest(); each != nullptr;) {
      Session& session = *each;
      each = each->following;
      if (!session.waits()) continue;
      session.Close(reason);
      closed += 1;
    }
  });
  OnAll([&](Worker& worker) {
    while (worker.sessions().oldest() != nullptr) {
      worker.sessions().oldest()->Close(reason);
      closed += 1;
    }
  });
  return closed;
}

void Engine::TellWhenEmpty() {
  shared_.emptying = true;
  if (session_count() == 0) events_.Push(Emptied{});
}

// Ids of questions are those of sessions, so the worker that has it is found by asking all of them.
void Engine::Answer(uint64_t session, uint64_t host_id) {
  for (const auto& worker : workers_) worker->PostAnswer(session, host_id);
}

void Engine::Stop() {
  for (const auto& worker : workers_) worker->Stop();
  workers_.clear();
  listeners_.clear();
}

Route& Engine::RouteOf(const std::string& service, ServiceRow* figures) {
  std::unique_ptr<Route>& route = routes_[service];
  if (route == nullptr)
    route = std::make_unique<Route>(service, *figures, settings_, events_, closes_);
  return *route;
}

// A route without a table serves nobody. A listener that is still open keeps it, for the table that may come.
void Engine::RetireIdle(Route& route) {
  const auto leads_here = [&route](const auto& each) { return each.second->route == &route; };
  const bool listened = std::any_of(listeners_.begin(), listeners_.end(), leads_here);
  if (listened || route.has_table()) return;
  const auto kept = std::find_if(routes_.begin(), routes_.end(), [&route](const auto& each) {
    return each.second.get() == &route;
  });
  // Otherwise another one had its name since.
  if (kept == routes_.end()) return;
  old_routes_.push_back(std::move(kept->second));
  routes_.erase(kept);
}

void Engine::OnAll(const std::function<void(Worker&)>& call) {
  std::mutex lock;
  std::condition_variable done;
  size_t left = workers_.size();
  for (const auto& worker : workers_) {
    worker->PostCall([&](Worker& each) {
      call(each);
      // Told under the lock: the one who waits may be gone the moment after.
      const std::lock_guard<std::mutex> guard(lock);
      left -= 1;
      done.notify_one();
    });
  }
  std::unique_lock<std::mutex> guard(lock);
  done.wait(guard, [&left] { return left == 0; });
}

void Engine::FreeUnused() {
  for (auto& listener : old_listeners_) {
    Route& route = *listener->route;
    if (!route.Unused(*listener)) continue;
    route.RemoveListener();
    listener = nullptr;
  }
  old_listeners_.erase(std::remove(old_listeners_.begin(), old_listeners_.end(), nullptr),
                       old_listeners_.end());
  for (auto& route : old_routes_) {
    if (route->unused()) route = nullptr;
  }
  old_routes_.erase(std::remove(old_routes_.begin(), old_routes_.end(), nullptr),
                    old_routes_.end());
}

}  // namespace sluice
