// Clients that wait for room, first come first served, and those that are held in a pause. Deadlines are kept
// by their workers.
#include "core/route.h"
#include "core/worker.h"

namespace sluice {

void PostNewsOf(const Place& place) { place.worker->PostNews(place.session); }

Choice Route::TakeGiven(Place& place) {
  const std::lock_guard<std::mutex> guard(lock_);
  const Choice choice = GivenTo(place);
  Arrive(place);
  return choice;
}

Choice Route::GivenTo(Place& place) {
  Choice choice;
  switch (place.waiting) {
    case Place::Waiting::kGiven:
      place.waiting = Place::Waiting::kNo;
      if (!place.refused) return ConnectTo(place);
      choice.reason = place.refusal;
      return choice;
    case Place::Waiting::kLetGo:
      // Else the next pause began before its worker came to it.
      if (paused_) break;
      Unlist(place);
      return Serve(place);
    case Place::Waiting::kQueued:
      choice.kind = Choice::Kind::kQueued;
      if (table_ != nullptr) choice.wait_ms = table_->spec.queue_timeout_ms;
      return choice;
    case Place::Waiting::kHeld:
    case Place::Waiting::kNo:
      break;
  }
  choice.kind = Choice::Kind::kHeld;
  return choice;
}

bool Route::LeaveQueue(Place& place) {
  const std::lock_guard<std::mutex> guard(lock_);
  if (place.waiting != Place::Waiting::kQueued) return false;
  Unlist(place);
  return true;
}

// Let those in the queue try again in order, as long as there is room for somebody. One who waits for another
// host than the one that is free does not keep the others.
void Route::WakeQueue(bool everybody) {
  if (queue_.size() == 0) return;
  bool room = HasRoom();
  for (Place* place = queue_.first(); place != nullptr;) {
    if (!room && !everybody) return;
    Place* const next = place->next;
    if (Retry(*place, room)) room = HasRoom();
    place = next;
  }
}

// A client that waited takes the room there is by the rule, also where a function is asked: its answer would
// come when the room is gone. @returns whether it waits no more
bool Route::Retry(Place& place, bool room) {
  if (paused_) {
    Unlist(place);
    if (!JoinHeld(place)) Refuse(place, CloseReason::kQueueFull);
    tell_(place);
    return true;
  }
  // The same for all who tried nobody, and there may be many of them.
  const bool hopes = place.tried == nullptr && table_ != nullptr && table_->ready > 0;
  if (!room && hopes) return false;
  if (OutlookOf(place) == Outlook::kWait) return false;
  GiveRoom(place);
  tell_(place);
  return true;
}

// Hold everybody from now on, `most` clients at once.
void Route::BeginPause(uint32_t most) {
  held_max_ = most;
  paused_ = true;
  next_to_go_ = nullptr;
}

// Hold nobody any more. Who is held goes, the first of them at once.
void Route::EndPause() {
  if (!paused_) return;
  paused_ = false;
  next_to_go_ = held_.first();
  LetSomeGo();
}

// Let those go who are next, a few; for each that has arrived at its worker there is one more. So many of them
// keep nobody else waiting. Hosts are given here, in the order of the line, whichever worker comes first; but
// where a function is asked, its worker asks.
void Route::LetSomeGo() {
  while (next_to_go_ != nullptr && going_ < settings_.let_go_at_once) {
    Place& place = *next_to_go_;
    next_to_go_ = place.next;
    // Else it was let go before, and its worker has slept through a pause.
    if (!place.going) going_ += 1;
    place.going = true;
    if (table_ == nullptr)
      Refuse(place, CloseReason::kNoHost);
    else if (table_->spec.ask)
      place.waiting = Place::Waiting::kLetGo;
    else
      GiveRoom(place);
    tell_(place);
  }
}

// Its worker comes to it, or it leaves.
void Route::Arrive(Place& place) {
  if (!place.going) return;
  place.going = false;
  going_ -= 1;
  LetSomeGo();
}

// One who waited is given a host, told that there is none, or waits in the queue.
void Route::GiveRoom(Place& place) {
  Unlist(place);
  const Choice choice = Take(place, Pick(place));
  if (choice.kind == Choice::Kind::kQueued) return;
  place.waiting = Place::Waiting::kGiven;
}

// One who waited is told that nobody will serve it.
void Route::Refuse(Place& place, CloseReason reason) {
  Unlist(place);
  End(place, reason);
  place.waiting = Place::Waiting::kGiven;
}

// @returns false when as many are held as may be
bool Route::JoinHeld(Place& place) {
  if (held_.size() >= held_max_) return false;
  held_.Join(place);
  place.waiting = Place::Waiting::kHeld;
  place.was_held = true;
  place.tried.reset();
  TellWaiting();
  if (paused_ || next_to_go_ != nullptr) return true;
  // All who stand before it were let go and are about to be served.
  place.waiting = Place::Waiting::kLetGo;
  tell_(place);
  return true;
}

// Takes it out of the list that it is in.
void Route::Unlist(Place& place) {
  const bool queued = place.waiting == Place::Waiting::kQueued;
  const bool held =
      place.waiting == Place::Waiting::kHeld || place.waiting == Place::Waiting::kLetGo;
  place.waiting = Place::Waiting::kNo;
  if (!queued && !held) return;
  if (next_to_go_ == &place) next_to_go_ = place.next;
  (queued ? queue_ : held_).Leave(place);
  TellWaiting();
}

void Route::TellWaiting() {
  if (waiting_told_) return;
  waiting_told_ = true;
  events_.Push(WaitingChanged{service_});
}

}  // namespace sluice
