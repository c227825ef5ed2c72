// What becomes of a client that was given a host: it was reached, or not, or the session is over. Figures are
// settled here.
#include "core/route.h"

#include <algorithm>
#include <optional>

namespace sluice {

void Route::Connected(Place& place, uint64_t micros) {
  const std::lock_guard<std::mutex> guard(lock_);
  place.listener->counters->total.add(1);
  figures_.connect.Note(settings_.connect_bounds_us, micros);
  if (place.slot == nullptr) return;
  place.slot->counters->total.add(1);
  if (place.slot->suspect) events_.Push(HostAnswered{place.slot->host_id});
}

Choice Route::ConnectFailed(Place& place, int error, bool local) {
  const std::lock_guard<std::mutex> guard(lock_);
  if (place.slot == nullptr) return End(place, CloseReason::kConnectFailed);
  Slot& slot = *place.slot;
  if (place.tried == nullptr) place.tried = std::make_unique<Tried>();
  Tried& tried = *place.tried;
  if (std::find(tried.begin(), tried.end(), slot.host_id) == tried.end()) {
    tried.push_back(slot.host_id);
  }
  if (!local) {
    slot.counters->failed.add(1);
    slot.failure_batch = events_.Push(HostFailed{slot.host_id, error});
    last_failure_batch_ = slot.failure_batch;
  }
  Release(place);
  if (place.attempts > place.terms.retries) return End(place, CloseReason::kConnectFailed);
  // Not to the end of the line that a pause left: with hosts that all refuse nobody would ever leave it.
  return ChooseOrHold(place, paused_);
}

void Route::Leave(Place& place, SessionRecord& record, bool connected) {
  // Once the lock is given back nothing of this route is touched: it may be freed when its last session has left.
  EventQueue& events = events_;
  std::optional<RefusedRecord> refused;
  bool reported = false;
  {
    const std::lock_guard<std::mutex> guard(lock_);
    Unlist(place);
    Arrive(place);
    Settle(place, record, connected);
    reported = table_ != nullptr && table_->spec.access_log;
    if (reported || !connected) Name(place, record);
    if (!connected) refused = RefusalOf(place);
    Release(place);
    SetLoad(place, nullptr);
    place.listener->sessions -= 1;
    sessions_ -= 1;
  }
  if (refused && reported) refused->session = record;
  if (refused && !reported) refused->session = std::move(record);
  if (refused) events.Push(SessionRefused{std::move(*refused)});
  if (reported) events.Push(SessionClosed{std::move(record)});
}

void Route::Describe(const Place& place, SessionRecord& record) {
  const std::lock_guard<std::mutex> guard(lock_);
  Name(place, record);
}

// The session left the host, where it had one: whoever waits may have the room.
void Route::Release(Place& place) {
  if (place.slot == nullptr) return;
  Slot& slot = *place.slot;
  place.slot = nullptr;
  place.load->open -= 1;
  slot.sessions -= 1;
  slot.counters->last_close.set(static_cast<double>(++closes_));
  // The last that is written to the row: JavaScript may give it to another host once nothing is open.
  slot.counters->open.add(-1);
  if (table_ != nullptr) table_->picker->Changed(slot.index);
  WakeQueue(false);
}

void Route::Settle(const Place& place, const SessionRecord& record, bool connected) {
  figures_.ends[static_cast<size_t>(record.reason)].add(1);
  figures_.session.Note(settings_.session_bounds_us, record.duration_us);
  // The last that is written to this row, and before anybody sees the listener without the session.
  figures_.open.add(-1);
  CounterRow& listener = *place.listener->counters;
  const auto from_client = static_cast<double>(record.bytes_from_client);
  const auto from_host = static_cast<double>(record.bytes_from_host);
  listener.bytes_from_client.add(from_client);
  listener.bytes_from_host.add(from_host);
  if (!connected) listener.failed.add(1);
  listener.open.add(-1);
  if (!connected || place.slot == nullptr) return;
  place.slot->counters->bytes_from_client.add(from_client);
  place.slot->counters->bytes_from_host.add(from_host);
}

void Route::Name(const Place& place, SessionRecord& record) const {
  record.service = service_;
  record.listener_id = place.listener->id;
  record.listener = place.listener->address;
  if (place.load != nullptr) record.group = place.load->group;
  if (place.slot != nullptr) {
    record.host_id = place.slot->host_id;
    record.host = place.slot->name;
  }
  record.attempts = place.attempts;
  record.retries = place.terms.retries;
  record.idle_timeout_ms = place.terms.idle_timeout_ms;
  if (place.tried != nullptr) record.tried = *place.tried;
}

// What was to be had for a session that ends without a host; its own record aside. Its figures are settled by now.
RefusedRecord Route::RefusalOf(const Place& place) const {
  const Listener& listener = *place.listener;
  RefusedRecord refusal;
  refusal.waiting = place.refused ? place.waiting_beside : waiting();
  refusal.listener_open = static_cast<uint32_t>(std::max(0.0, listener.counters->open.get())) + 1;
  refusal.listener_max = listener.max_sessions;
  if (table_ == nullptr) return refusal;
  const TableSpec& spec = table_->spec;
  refusal.group = spec.group;
  refusal.hosts = static_cast<uint32_t>(table_->slots.size());
  refusal.ready = table_->ready;
  refusal.retries = spec.retries;
  refusal.queue = paused_ ? spec.hold : spec.queue;
  refusal.queue_timeout_ms = spec.queue_timeout_ms;
  return refusal;
}

// The group that the session names from now on; it is kept as long as one does.
void Route::SetLoad(Place& place, GroupLoad* load) {
  if (place.load != nullptr) place.load->places -= 1;
  place.load = load;
  if (load != nullptr) load->places += 1;
}

}  // namespace sluice
