// See reports.h: the order of the fields on their way to JavaScript.
#include "addon/reports.h"

#include <variant>

#include "core/system.h"

namespace sluice {

namespace {

constexpr size_t kSessionFigures = 20;

// One overload for each kind of event.
class EventPacker {
 public:
  explicit EventPacker(Packed& packed) : packed_(packed) {}

  void operator()(const HostFailed& failed) {
    packed_.Add(static_cast<double>(failed.host_id));
    packed_.Add(failed.error);
  }
  void operator()(const HostAnswered& answered) { packed_.Add(static_cast<double>(answered.host_id)); }
  void operator()(const SessionClosed& closed) { PackSession(closed.session, packed_); }
  void operator()(const SessionRefused& refused) {
    const RefusedRecord& refusal = refused.refusal;
    PackSession(refusal.session, packed_);
    packed_.AddName(refusal.group);
    packed_.Add(refusal.hosts);
    packed_.Add(refusal.ready);
    packed_.Add(refusal.retries);
    packed_.Add(refusal.waiting);
    packed_.Add(refusal.queue);
    packed_.Add(static_cast<double>(refusal.queue_timeout_ms));
    packed_.Add(refusal.listener_open);
    packed_.Add(refusal.listener_max);
  }
  void operator()(const Asked& asked) {
    packed_.Add(static_cast<double>(asked.session));
    packed_.AddName(asked.service);
    packed_.AddName(asked.group);
    packed_.AddText(asked.client);
    packed_.Add(static_cast<double>(asked.host_ids.size()));
    for (const uint64_t id : asked.host_ids) packed_.Add(static_cast<double>(id));
  }
  void operator()(const WaitingChanged& changed) { packed_.AddName(changed.service); }
  void operator()(const ListenerFailed& failed) {
    packed_.Add(failed.listener_id);
    packed_.Add(failed.error);
  }
  void operator()(const Emptied&) {}

 private:
  Packed& packed_;
};

}  // namespace

void PackSession(const SessionRecord& session, Packed& packed) {
  packed.Add(static_cast<double>(session.id));
  packed.Add(static_cast<double>(session.step));
  packed.Add(static_cast<double>(session.reason));
  packed.AddName(session.service);
  packed.AddName(session.listener);
  packed.AddName(session.group);
  packed.AddName(session.host);
  packed.AddText(FormatEnd(session.client));
  packed.Add(static_cast<double>(session.since_us) + static_cast<double>(sys::EpochMicros()));
  packed.Add(static_cast<double>(session.idle_us));
  packed.Add(static_cast<double>(session.connect_us));
  packed.Add(static_cast<double>(session.duration_us));
  packed.Add(static_cast<double>(session.left_us));
  packed.Add(static_cast<double>(session.idle_timeout_ms));
  packed.Add(static_cast<double>(session.bytes_from_client));
  packed.Add(static_cast<double>(session.bytes_from_host));
  packed.Add(session.attempts);
  packed.Add(session.retries);
  packed.Add(static_cast<double>(session.tried.size()));
  for (const uint64_t id : session.tried) packed.Add(static_cast<double>(id));
}

void PackSessions(const std::vector<SessionRecord>& sessions, Packed& packed) {
  packed.Expect(sessions.size() * kSessionFigures);
  packed.Add(static_cast<double>(sessions.size()));
  for (const SessionRecord& session : sessions) PackSession(session, packed);
}

void PackEvents(const EventBatch& batch, Packed& packed) {
  packed.Add(static_cast<double>(batch.number));
  packed.Add(static_cast<double>(batch.lost));
  packed.Add(static_cast<double>(batch.events.size()));
  EventPacker packer(packed);
  for (const Event& event : batch.events) {
    packed.Add(static_cast<double>(event.index()));
    std::visit(packer, event);
  }
}

}  // namespace sluice
