// The reports on their way to the main thread: pushed one by one, taken all at once.
#include "core/event_queue.h"

#include <utility>

namespace sluice {

namespace {

bool IsRecord(const Event& event) {
  return std::holds_alternative<SessionClosed>(event) ||
         std::holds_alternative<SessionRefused>(event);
}

// A question has the ids of up to ten thousand hosts; it counts for as many other events as its memory would hold.
uint32_t PlacesOf(const Event& event) {
  const auto* asked = std::get_if<Asked>(&event);
  if (asked == nullptr) return 1;
  return 1 + static_cast<uint32_t>(asked->host_ids.size() * sizeof(uint64_t) / sizeof(Event));
}

}  // namespace

EventQueue::EventQueue(const Settings& settings, std::function<void()> wake)
    : records_max_(settings.records_max),
      events_max_(settings.events_max),
      wake_(std::move(wake)) {
  batch_.number = 1;
}

uint64_t EventQueue::Push(Event event) {
  bool first = false;
  uint64_t number = 0;
  {
    const std::lock_guard<std::mutex> guard(lock_);
    number = batch_.number;
    // Ends of sessions come in thousands; they must not crowd out that a host failed.
    const bool is_record = IsRecord(event);
    uint32_t& taken = is_record ? records_ : others_;
    if (taken >= (is_record ? records_max_ : events_max_)) {
      batch_.lost += 1;
      return number;
    }
    first = batch_.events.empty();
    taken += PlacesOf(event);
    batch_.events.push_back(std::move(event));
  }
  if (first) wake_();
  return number;
}

EventBatch EventQueue::Take() {
  EventBatch next;
  const std::lock_guard<std::mutex> guard(lock_);
  next.number = batch_.number + 1;
  records_ = 0;
  others_ = 0;
  std::swap(next, batch_);
  return next;
}

}  // namespace sluice
