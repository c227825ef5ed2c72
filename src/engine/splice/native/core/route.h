// One service: the table that serves now, who picks by it, the clients that wait for room or are held in a
// pause, and every figure of its hosts and listeners. All of it is guarded by one lock that is taken a few
// times in the life of a session, never for a byte. Tables are swapped between two picks; slots outlive them.
// The same decisions as src/engine/node/route.ts, hold.ts and wait-queue.ts.
//
// A client that waits is given its host by whoever makes room, under the lock, so that the first in the queue
// is the first to go; its worker is only told (Worker::PostNews) and finds the host in the session's place.
//
// The lock of a route is taken before those of the event queue and of a worker's inbox, never after.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/event_queue.h"
#include "core/listener.h"
#include "core/picker.h"
#include "core/place.h"
#include "core/wait_list.h"

namespace sluice {

// Sessions of one group now, over all tables of it, whatever it is called. Owned by its route.
struct GroupLoad {
  std::string group;
  uint32_t open = 0;
  // Places that name it, those without a host included.
  uint32_t places = 0;
};

// What a session is to do now.
struct Choice {
  enum class Kind : uint8_t {
    kConnect,  // place.slot was acquired, `target` is where to
    kQueued,   // wait until `wait_ms` (counted from the first time it queued) is over
    kHeld,     // wait without a deadline
    kAsk,      // a function was asked; ChooseAsked after the answer or `wait_ms`
    kHeader,   // read the PROXY header first, then Choose
    kEnd,      // close as `reason`
  };
  Kind kind = Kind::kEnd;
  CloseReason reason = CloseReason::kNoHost;
  uint64_t wait_ms = 0;
  SocketAddress target;
};

// For `explain pick`, and for whoever is told how many wait.
struct RouteState {
  bool has_table = false;
  bool paused = false;
  uint32_t waiting = 0;
  uint32_t open = 0;  // sessions of the group
  int place = -1;     // of the picker
};

// Tells the worker of a session that something was decided for it. Called under the lock of the route.
using TellWorker = std::function<void(const Place&)>;
void PostNewsOf(const Place& place);

class Route {
 public:
  // @param figures where it counts as long as it lives, whatever it is called
  // @param closes counts the sessions of all routes that left a host
  Route(std::string service, ServiceRow& figures, const Settings& settings, EventQueue& events,
        std::atomic<uint64_t>& closes, TellWorker tell = PostNewsOf);

  // Main thread.

  // Serve by `table` from now on, and see who in the queue can go.
  //
  // A slot is known again by its counters and its id; it is freed when no table names it and no session points
  // there. Use and Clear do that before anything else, so JavaScript may give the counters of a host to another
  // one as soon as no table names the first one and its `open` is 0.
  void Use(TableSpec table);
  // Serve nobody until the next table; whoever waits is told so.
  void Clear();
  void Rename(std::string service);
  void RenameGroup(const std::string& from, const std::string& to);
  // A change of what it says of those who wait is told anew from here on, by one WaitingChanged.
  RouteState state();
  bool has_table() {
    const std::lock_guard<std::mutex> guard(lock_);
    return table_ != nullptr;
  }
  // No session and no listener points here.
  bool unused();
  // No session came through this listener that is still open.
  bool Unused(const Listener& listener) {
    const std::lock_guard<std::mutex> guard(lock_);
    return listener.sessions == 0;
  }
  void AddListener();
  void RemoveListener();
  void SetListener(Listener& listener, CounterRow* counters, uint32_t max_sessions);

  // Workers. `place` belongs to a session of the calling worker.

  // A client came in: counted from here on. @param denied by allow and deny. @param header one has to be read first
  Choice Enter(Place& place, bool denied, bool header);
  // After the header.
  Choice Choose(Place& place);
  // After kAsk. `host_id` 0: no answer.
  Choice ChooseAsked(Place& place, uint64_t host_id);
  // The worker was told that something was decided for a client that is queued or held.
  // kQueued, kHeld: there it waits now.
  Choice TakeGiven(Place& place);
  // The deadline of the queue. @returns false where it is not in the queue any more, and the worker was told so
  bool LeaveQueue(Place& place);
  // The host did not accept. `error` is an errno value; `local`: it says nothing about the host.
  Choice ConnectFailed(Place& place, int error, bool local);
  // @param micros from accept to here
  void Connected(Place& place, uint64_t micros);
  // The session is over: settle its figures, release its host, let the next one in, and report where that is
  // wanted. `record` has everything that the worker knows; names are added here, and it may be moved away.
  void Leave(Place& place, SessionRecord& record, bool connected);
  // Add the names and terms of an open session to its record.
  void Describe(const Place& place, SessionRecord& record);

 private:
  struct Table {
    // Without its hosts: those are the slots.
    TableSpec spec;
    Slots slots;
    uint32_t ready = 0;
    std::shared_ptr<Picker> picker;
    GroupLoad* load = nullptr;
  };
  // Can a client be given a host now, after waiting, or not at all?
  enum class Outlook : uint8_t { kRoom, kWait, kNone };
  using HostKey = std::pair<CounterRow*, uint64_t>;

  // route.cc: the main thread, without the lock.
  void DropUnusedSlots();
  std::unique_ptr<Table> MakeTable(TableSpec spec, const std::vector<HostSpec>& hosts);
  std::shared_ptr<Picker> Succeeded(const Table& table);
  std::shared_ptr<Picker> TakePicker(const std::string& group);

  // Everything from here on is called with the lock held.

  void Seat(const Table& table, std::vector<HostSpec>& hosts);
  void Unseat();
  GroupLoad* LoadOf(const std::string& group);

  // route_choose.cc
  Choice ChooseOrHold(Place& place, bool in_line);
  Choice Serve(Place& place);
  Choice Take(Place& place, Slot* slot);
  Choice Wait(Place& place);
  Choice Hold(Place& place);
  Choice Ask(Place& place);
  static Choice ConnectTo(const Place& place);
  Choice End(Place& place, CloseReason reason) const;
  Slot* Pick(const Place& place);
  int PickIndex(const Place& place, uint64_t judged_batch);
  Outlook OutlookOf(const Place& place) const;
  std::vector<uint64_t> Candidates(const Place& place, uint64_t judged_batch) const;
  bool Full() const;
  bool HasRoom() const;
  void Acquire(Place& place, Slot& slot);

  // route_queue.cc
  Choice GivenTo(Place& place);
  void WakeQueue(bool everybody);
  bool Retry(Place& place, bool room);
  void BeginPause(uint32_t most);
  void EndPause();
  void LetSomeGo();
  void Arrive(Place& place);
  void GiveRoom(Place& place);
  void Refuse(Place& place, CloseReason reason);
  bool HoldsLine() const { return paused_ || held_.size() > 0; }
  bool JoinHeld(Place& place);
  void Unlist(Place& place);
  uint32_t waiting() const { return queue_.size() + held_.size(); }
  void TellWaiting();

  // route_leave.cc
  void Release(Place& place);
  void Settle(const Place& place, const SessionRecord& record, bool connected);
  void Name(const Place& place, SessionRecord& record) const;
  RefusedRecord RefusalOf(const Place& place) const;
  void SetLoad(Place& place, GroupLoad* load);

  ServiceRow& figures_;
  const Settings& settings_;
  EventQueue& events_;
  std::atomic<uint64_t>& closes_;
  const TellWorker tell_;

  // Touched by the main thread only: it alone adds slots and loads and frees them.
  std::map<HostKey, std::unique_ptr<Slot>> slots_;
  std::vector<std::unique_ptr<GroupLoad>> loads_;
  // Of the groups that served last, the newest at the end: whoever would have been next in a group still is when it
  // serves again.
  std::vector<std::pair<std::string, std::shared_ptr<Picker>>> pickers_;
  const Chance chance_;
  uint32_t listeners_ = 0;

  std::mutex lock_;
  // Guarded by the lock, from here on. Sessions that came in and have not left.
  uint32_t sessions_ = 0;
  std::string service_;
  std::unique_ptr<Table> table_;
  // The newest batch that reports a host; while it is judged no pick has to look at batches.
  uint64_t last_failure_batch_ = 0;
  WaitList queue_;
  // Held, or let go and not yet served by their workers, which may be later than the next pause.
  WaitList held_;
  // The first of them who was not let go yet, while a pause ends; and how many were and have not arrived.
  Place* next_to_go_ = nullptr;
  uint32_t going_ = 0;
  bool paused_ = false;
  // Clients that may be held; what the last pause said counts until everybody has gone.
  uint32_t held_max_ = 0;
  bool waiting_told_ = false;
};

}  // namespace sluice
