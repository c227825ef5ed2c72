// One client's passage, from accept to its one reason to end: admit, PROXY header, choose, connect, relay, close, as "life
// of a session" in docs/architecture.md. Two sockets, a few flags and at most one buffer or pipe for each direction. Lives
// on one worker and is touched by its thread only, except for `place`, which the route guards.
#pragma once

#include <cstdint>

#include "core/address.h"
#include "core/place.h"
#include "core/records.h"
#include "core/relay.h"
#include "core/route.h"
#include "core/timer_wheel.h"

namespace sluice {

class Session : public Timer {
 public:
  Session(uint64_t id, Worker& worker, Listener& listener, int client, const End& peer);

  uint64_t id() const { return place_.session; }

  // Begin. The worker knows the session by now.
  void Start(bool denied, bool proxy);
  // The system says something of one side.
  void OnEvents(Side side, uint32_t events);
  // The present step took too long.
  void OnDeadline();
  // Its route decided something while it waited.
  void OnNews();
  // The function that was asked has answered; 0: without a usable name.
  void OnAnswer(uint64_t host_id);
  // There was more to move than one turn allows.
  void Continue();
  void Close(CloseReason reason);

  SessionRecord Describe();
  bool HasLocalEnd(const End& end) const { return step_ == Step::kRelaying && local_ == end; }
  // Is it queued or held, or has not heard yet that it is no more?
  bool waits() const { return step_ == Step::kQueued || step_ == Step::kHeld; }
  bool closed() const { return closed_; }

  // For the lists of its worker.
  Session* previous = nullptr;
  Session* following = nullptr;
  Session* next_in_bucket = nullptr;
  bool waits_for_turn = false;

 private:
  void ReadHeader();
  void Follow(Choice choice);
  void Connect(const SocketAddress& target);
  void OnHostEvents(uint32_t events);
  void ConnectFailed(int error);
  void BeginRelay();
  bool MetItself();
  void PrecedeHeader();
  void Pump();
  void Linger();
  void OnQuiet();
  void Enter(Step step, uint64_t left_ms);
  SessionRecord Record() const;
  Route& route() const { return *place_.listener->route; }
  Worker& worker() const { return *place_.worker; }

  Place place_;
  Relay relay_;
  End client_;
  // Where the client says that it came to; not known without a PROXY header.
  End destination_;
  // Our own end towards the host, where peers are tracked; and the host's.
  End local_;
  End target_;
  uint64_t accepted_us_;
  uint64_t connected_us_ = 0;
  uint64_t moved_us_;
  // When the queue is over for it; 0 while it never queued.
  uint64_t queue_until_us_ = 0;
  size_t unsent_ = 0;  // while it lingers
  Step step_ = Step::kChoosing;
  bool lingering_ = false;
  bool closed_ = false;
};

}  // namespace sluice
