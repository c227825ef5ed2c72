// Sessions and events as the core tells them, packed for JavaScript. src/engine/splice/session-views.ts and events.ts read
// the same fields in the same order.
#pragma once

#include <vector>

#include "addon/packed.h"
#include "core/event_queue.h"
#include "core/records.h"

namespace sluice {

void PackSession(const SessionRecord& session, Packed& packed);
// Their number first.
void PackSessions(const std::vector<SessionRecord>& sessions, Packed& packed);
// The number of the batch, how many reports were lost, how many events follow; then each after its kind, which is its
// place in Event.
void PackEvents(const EventBatch& batch, Packed& packed);

}  // namespace sluice
