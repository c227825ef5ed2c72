// An engine on real threads with one service `web`, whose figures and events the case looks at. Everything of it belongs to
// the thread of the case.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/engine.h"
#include "test/check.h"
#include "test/hosts.h"

namespace sluice::test {

class EngineRig {
 public:
  static constexpr uint32_t kThreadsMax = 4;

  explicit EngineRig(uint32_t threads) {
    settings.threads = threads;
    engine = std::make_unique<Engine>(settings, worker_rows, [this] { Wake(); });
  }
  // A worker may still be telling of its last session.
  ~EngineRig() { engine.reset(); }

  SocketAddress Listen(uint32_t id) {
    const Opened opened = engine->OpenListener(Door(id));
    CHECK_EQ(opened.error, 0);
    return opened.bound;
  }

  ListenerSpec Door(uint32_t id) {
    ListenerSpec spec;
    spec.id = id;
    spec.service = "web";
    spec.figures = &figures;
    spec.name = "front";
    spec.address = Loopback();
    spec.counters = &listener_rows[id];
    return spec;
  }

  TableSpec Table(const std::vector<const EchoHost*>& hosts) {
    TableSpec table;
    table.service = "web";
    table.figures = &figures;
    table.group = "main";
    table.retries = 3;
    table.idle_timeout_ms = 60'000;
    table.queue = 1024;
    table.queue_timeout_ms = 20'000;
    for (uint32_t i = 0; i < hosts.size(); i++) {
      HostSpec host;
      host.id = i + 1;
      host.name = "h" + std::to_string(i);
      host.target = hosts[i]->address();
      host.ready = true;
      host.counters = &host_rows[i];
      table.hosts.push_back(host);
      table.rule.order.push_back(i);
      table.rule.weights.push_back(1);
    }
    return table;
  }

  void AwaitEmpty() {
    engine->TellWhenEmpty();
    for (;;) {
      std::unique_lock<std::mutex> guard(lock_);
      woken_.wait(guard, [this] { return due_; });
      due_ = false;
      guard.unlock();
      Collect();
      if (engine->session_count() == 0) return;
    }
  }

  void Collect() {
    EventBatch batch = engine->TakeEvents();
    for (Event& event : batch.events) events.push_back(std::move(event));
    engine->Judged(batch.number);
  }

  Settings settings;
  WorkerRow worker_rows[kThreadsMax]{};
  CounterRow host_rows[8]{};
  CounterRow listener_rows[8]{};
  ServiceRow figures{};
  std::vector<Event> events;
  std::unique_ptr<Engine> engine;

 private:
  void Wake() {
    const std::lock_guard<std::mutex> guard(lock_);
    due_ = true;
    woken_.notify_one();
  }

  std::mutex lock_;
  std::condition_variable woken_;
  bool due_ = false;
};

}  // namespace sluice::test
