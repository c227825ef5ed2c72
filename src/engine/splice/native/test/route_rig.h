// One route without workers: clients are places that a case moves by hand, and whoever would be told is listed.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/route.h"
#include "test/check.h"

namespace sluice::test {

using Kind = Choice::Kind;

// A client, and what it is to do.
struct Guest {
  Place place;
  Choice choice;

  bool Goes(Kind kind) const { return choice.kind == kind; }
  bool Ends(CloseReason reason) const { return Goes(Kind::kEnd) && choice.reason == reason; }
};

class RouteRig {
 public:
  static constexpr size_t kHosts = 8;

  // @param tell in place of the list of news
  explicit RouteRig(TellWorker tell = nullptr)
      : route("web", figures, settings, events, closes, tell != nullptr ? std::move(tell) : ListNews()) {
    listener.id = 7;
    listener.address = "front";
    listener.route = &route;
    route.AddListener();
    route.SetListener(listener, &listener_row, 0);
  }

  // Hosts 1 to n, named a and on, in their order.
  TableSpec Table(uint32_t hosts) {
    TableSpec spec;
    spec.group = "main";
    spec.retries = 9;
    spec.queue = 100;
    spec.queue_timeout_ms = 1'000;
    spec.connect_timeout_ms = 50;
    spec.access_log = true;
    for (uint32_t i = 0; i < hosts; i++) {
      spec.rule.order.push_back(i);
      spec.rule.weights.push_back(1);
      spec.hosts.push_back(Host(i));
    }
    return spec;
  }

  HostSpec Host(uint32_t i) {
    HostSpec host;
    host.id = i + 1;
    host.name = std::string(1, static_cast<char>('a' + i));
    host.target.length = 1;
    host.ready = true;
    host.counters = &rows[i];
    return host;
  }

  Guest& Enter(bool denied = false, bool header = false) {
    Guest& guest = guests.emplace_back();
    guest.place.session = guests.size();
    guest.place.listener = &listener;
    guest.choice = route.Enter(guest.place, denied, header);
    return guest;
  }

  // Its host accepted, so long after the client came.
  void Connect(Guest& guest, uint64_t micros = 0) { route.Connected(guest.place, micros); }

  void Fail(Guest& guest, bool local = false) {
    guest.choice = route.ConnectFailed(guest.place, 111, local);
  }

  SessionRecord Leave(Guest& guest, bool connected = true) {
    SessionRecord record;
    record.id = guest.place.session;
    record.bytes_from_client = 3;
    record.bytes_from_host = 5;
    SessionRecord told = record;
    route.Describe(guest.place, told);
    route.Leave(guest.place, record, connected);
    guest = Guest();
    return told;
  }

  // Its worker looks at everything that it was told so far, in order. @returns the sessions
  std::vector<uint64_t> ReadNews() {
    const std::vector<uint64_t> told = std::exchange(news, {});
    for (const uint64_t session : told) {
      Guest& guest = guests[session - 1];
      if (guest.Goes(Kind::kQueued) || guest.Goes(Kind::kHeld)) {
        guest.choice = route.TakeGiven(guest.place);
      }
    }
    return told;
  }

  // Events of one kind since the last look; the others are dropped.
  template <typename T>
  std::vector<T> Take() {
    std::vector<T> taken;
    EventBatch batch = events.Take();
    for (Event& event : batch.events) {
      if (auto* const wanted = std::get_if<T>(&event)) taken.push_back(std::move(*wanted));
    }
    last_batch = batch.number;
    return taken;
  }

  static char LetterOf(const Guest& guest) {
    return guest.Goes(Kind::kConnect) ? guest.place.slot->name[0] : '-';
  }

  // Who serves so many clients that leave at once.
  std::string Letters(int count) {
    std::string letters;
    for (int i = 0; i < count; i++) {
      Guest& guest = Enter();
      letters += LetterOf(guest);
      Leave(guest, false);
    }
    return letters;
  }

  Settings settings;
  EventQueue events{settings, [] {}};
  std::atomic<uint64_t> closes{0};
  std::array<CounterRow, kHosts> rows{};
  CounterRow listener_row{};
  ServiceRow figures{};
  std::vector<uint64_t> news;
  Route route;
  Listener listener;
  std::deque<Guest> guests;
  uint64_t last_batch = 0;

 private:
  TellWorker ListNews() {
    return [this](const Place& place) { news.push_back(place.session); };
  }
};

// One host, with room for one.
inline TableSpec FullTable(RouteRig& rig) {
  TableSpec table = rig.Table(1);
  table.hosts[0].max_sessions = 1;
  return table;
}

inline TableSpec Paused(TableSpec table, uint32_t hold = 100) {
  table.hold = hold;
  return table;
}

}  // namespace sluice::test
