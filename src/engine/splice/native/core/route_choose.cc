// Who gets a client: admitted by the listener, held in a pause, asked for, picked, or set to wait.
#include "core/route.h"

#include <algorithm>

namespace sluice {

Choice Route::Enter(Place& place, bool denied, bool header) {
  const std::lock_guard<std::mutex> guard(lock_);
  Listener& listener = *place.listener;
  sessions_ += 1;
  figures_.open.add(1);
  listener.sessions += 1;
  listener.counters->open.add(1);
  if (denied) return End(place, CloseReason::kDenied);
  const bool limited = listener.max_sessions > 0;
  if (limited && listener.counters->open.get() > listener.max_sessions) {
    return End(place, CloseReason::kListenerFull);
  }
  if (!header) return ChooseOrHold(place, HoldsLine());
  Choice choice;
  choice.kind = Choice::Kind::kHeader;
  choice.wait_ms = settings_.proxy_header_ms;
  return choice;
}

Choice Route::Choose(Place& place) {
  const std::lock_guard<std::mutex> guard(lock_);
  return ChooseOrHold(place, HoldsLine());
}

Choice Route::ChooseAsked(Place& place, uint64_t host_id) {
  const std::lock_guard<std::mutex> guard(lock_);
  if (paused_) return Hold(place);
  if (host_id != 0 && table_ != nullptr && !Full()) {
    const PickClient client{place.ip, place.tried.get()};
    for (Slot* slot : table_->slots) {
      if (slot->host_id == host_id && client.MayGet(*slot)) return Take(place, slot);
    }
  }
  return Take(place, Pick(place));
}

// @param in_line has it to get in line behind those who are held?
Choice Route::ChooseOrHold(Place& place, bool in_line) {
  return in_line ? Hold(place) : Serve(place);
}

Choice Route::Serve(Place& place) {
  if (table_ == nullptr) return End(place, CloseReason::kNoHost);
  if (table_->spec.ask) return Ask(place);
  return Take(place, Pick(place));
}

// @param slot nullptr where nobody was picked
Choice Route::Take(Place& place, Slot* slot) {
  if (slot != nullptr) {
    if (!slot->target.known()) return End(place, CloseReason::kNoHost);
    Acquire(place, *slot);
    return ConnectTo(place);
  }
  if (OutlookOf(place) == Outlook::kWait) return Wait(place);
  return End(place, place.attempts > 0 ? CloseReason::kConnectFailed : CloseReason::kNoHost);
}

Choice Route::Wait(Place& place) {
  // Who was let in by a pause is not sent away by a queue that is shorter.
  const uint32_t most = place.was_held ? settings_.held_max : table_->spec.queue;
  if (queue_.size() >= most) return End(place, CloseReason::kQueueFull);
  queue_.Join(place);
  place.waiting = Place::Waiting::kQueued;
  TellWaiting();
  Choice choice;
  choice.kind = Choice::Kind::kQueued;
  choice.wait_ms = table_->spec.queue_timeout_ms;
  return choice;
}

// In a pause a client waits without a deadline: the pause itself has one. Afterwards it may be carried to any host.
Choice Route::Hold(Place& place) {
  if (!JoinHeld(place)) return End(place, CloseReason::kQueueFull);
  Choice choice;
  choice.kind = Choice::Kind::kHeld;
  return choice;
}

Choice Route::Ask(Place& place) {
  Asked asked{place.session, service_, table_->spec.group, FormatIp(place.ip), {}};
  asked.host_ids = Candidates(place, events_.judged());
  if (asked.host_ids.empty()) asked.host_ids = Candidates(place, UINT64_MAX);
  events_.Push(std::move(asked));
  Choice choice;
  choice.kind = Choice::Kind::kAsk;
  choice.wait_ms = table_->spec.ask_ms;
  return choice;
}

Choice Route::ConnectTo(const Place& place) {
  Choice choice;
  choice.kind = Choice::Kind::kConnect;
  choice.wait_ms = place.terms.connect_timeout_ms;
  choice.target = place.slot->target;
  return choice;
}

// What waited beside it is noted here: its worker comes to its end later, maybe after those of the others.
Choice Route::End(Place& place, CloseReason reason) const {
  place.refused = true;
  place.refusal = reason;
  place.waiting_beside = waiting();
  Choice choice;
  choice.reason = reason;
  return choice;
}

// A host whose failure the main thread has not judged yet is passed over as long as another one may be picked.
Slot* Route::Pick(const Place& place) {
  if (table_ == nullptr || Full()) return nullptr;
  const uint64_t judged = events_.judged();
  int index = kNoHost;
  if (last_failure_batch_ > judged) index = PickIndex(place, judged);
  if (index == kNoHost) index = PickIndex(place, UINT64_MAX);
  return index == kNoHost ? nullptr : table_->slots[static_cast<size_t>(index)];
}

int Route::PickIndex(const Place& place, uint64_t judged_batch) {
  return table_->picker->Next({place.ip, place.tried.get(), judged_batch});
}

Route::Outlook Route::OutlookOf(const Place& place) const {
  if (table_ == nullptr) return Outlook::kNone;
  const PickClient client{place.ip, place.tried.get()};
  const bool full = Full();
  Outlook outlook = Outlook::kNone;
  for (const Slot* slot : table_->slots) {
    if (!slot->ready || client.HasTried(slot->host_id)) continue;
    if (slot->open() && !full) return Outlook::kRoom;
    outlook = Outlook::kWait;
  }
  return outlook;
}

// The hosts that this client may be given now.
std::vector<uint64_t> Route::Candidates(const Place& place, uint64_t judged_batch) const {
  std::vector<uint64_t> ids;
  if (Full()) return ids;
  const PickClient client{place.ip, place.tried.get(), judged_batch};
  for (const Slot* slot : table_->slots) {
    if (client.MayGet(*slot)) ids.push_back(slot->host_id);
  }
  return ids;
}

// Is the group at its own limit?
bool Route::Full() const {
  const uint32_t most = table_->spec.max_sessions;
  return most > 0 && table_->load->open >= most;
}

bool Route::HasRoom() const {
  if (table_ == nullptr || Full()) return false;
  return std::any_of(table_->slots.begin(), table_->slots.end(),
                     [](const Slot* slot) { return slot->open(); });
}

// The session counts from here on, connected or not.
void Route::Acquire(Place& place, Slot& slot) {
  const TableSpec& spec = table_->spec;
  place.terms = {spec.retries, spec.connect_timeout_ms, spec.idle_timeout_ms, spec.proxy};
  place.slot = &slot;
  place.attempts += 1;
  SetLoad(place, table_->load);
  place.load->open += 1;
  slot.sessions += 1;
  slot.counters->open.add(1);
  table_->picker->Changed(slot.index);
}

}  // namespace sluice
