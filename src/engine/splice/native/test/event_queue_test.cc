// What is kept for a busy main thread, and what is only counted.
#include "core/event_queue.h"

#include "test/check.h"

namespace sluice::test {

namespace {

Settings Narrow() {
  Settings settings;
  settings.records_max = 2;
  settings.events_max = 3;
  return settings;
}

Asked Question(size_t hosts) {
  Asked asked{};
  asked.host_ids.resize(hosts);
  return asked;
}

}  // namespace

CASE("ends of sessions do not crowd out other events, and what is too much is counted") {
  int woken = 0;
  EventQueue queue(Narrow(), [&woken] { woken += 1; });
  for (int i = 0; i < 5; i++) queue.Push(SessionClosed{});
  for (uint64_t host = 1; host <= 4; host++) queue.Push(HostFailed{host, 0});
  const EventBatch batch = queue.Take();
  CHECK_EQ(batch.events.size(), 5u);
  CHECK_EQ(batch.lost, 4u);
  CHECK_EQ(woken, 1);
  queue.Push(SessionClosed{});
  queue.Push(HostFailed{1, 0});
  const EventBatch next = queue.Take();
  CHECK_EQ(next.events.size(), 2u);
  CHECK_EQ(next.lost, 0u);
  CHECK_EQ(next.number, batch.number + 1);
}

CASE("a question with thousands of hosts counts for as much as it holds") {
  EventQueue queue(Narrow(), [] {});
  queue.Push(Question(3));
  queue.Push(Question(10'000));
  queue.Push(Question(3));
  const EventBatch batch = queue.Take();
  CHECK_EQ(batch.events.size(), 2u);
  CHECK_EQ(batch.lost, 1u);
}

}  // namespace sluice::test
