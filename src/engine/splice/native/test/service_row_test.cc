// The figures of a service: which session is counted where, at a route by itself and over routes of one name.
#include "core/service_row.h"

#include <unistd.h>

#include "test/engine_rig.h"
#include "test/route_rig.h"

namespace sluice::test {

namespace {

double SumOf(const Histogram& histogram) {
  double sum = 0;
  for (const Figure& count : histogram.counts) sum += count.get();
  return sum;
}

double EndsOf(const ServiceRow& row, CloseReason reason) {
  return row.ends[static_cast<size_t>(reason)].get();
}

// Bounds at 10, 20 and so on.
HistogramBounds Tens() {
  HistogramBounds bounds{};
  for (size_t i = 0; i < bounds.size(); i++) bounds[i] = 10 * (i + 1);
  return bounds;
}

}  // namespace

CASE("a bound belongs to the bucket that it closes, and what is beyond the last has its own") {
  Histogram histogram{};
  const HistogramBounds bounds = Tens();
  for (const uint64_t micros : {0, 10, 11, 20, 120, 121, 9'000}) histogram.Note(bounds, micros);
  CHECK_EQ(histogram.counts[0].get(), 2);
  CHECK_EQ(histogram.counts[1].get(), 2);
  CHECK_EQ(histogram.counts[kHistogramBounds - 1].get(), 1);
  CHECK_EQ(histogram.counts[kHistogramBounds].get(), 2);
  CHECK_EQ(histogram.sum_ms.get(), 0.01 + 0.011 + 0.02 + 0.12 + 0.121 + 9);
}

CASE("a session is timed when it reaches a host and when it ends, one that reaches none only then") {
  RouteRig rig;
  rig.settings.connect_bounds_us = Tens();
  rig.settings.session_bounds_us = Tens();
  rig.route.Use(rig.Table(2));
  Guest& carried = rig.Enter();
  Guest& refused = rig.Enter();
  CHECK_EQ(rig.figures.open.get(), 2);
  rig.Fail(carried);
  rig.Connect(carried, 15);
  CHECK_EQ(rig.figures.connect.counts[1].get(), 1);
  SessionRecord record;
  record.reason = CloseReason::kIdle;
  record.duration_us = 25;
  rig.route.Leave(carried.place, record, true);
  record = SessionRecord();
  record.reason = CloseReason::kClientGone;
  record.duration_us = 5'000;
  rig.route.Leave(refused.place, record, false);
  CHECK_EQ(EndsOf(rig.figures, CloseReason::kIdle), 1);
  CHECK_EQ(EndsOf(rig.figures, CloseReason::kClientGone), 1);
  CHECK_EQ(SumOf(rig.figures.connect), 1);
  CHECK_EQ(rig.figures.connect.sum_ms.get(), 0.015);
  CHECK_EQ(rig.figures.session.counts[2].get(), 1);
  CHECK_EQ(rig.figures.session.counts[kHistogramBounds].get(), 1);
  CHECK_EQ(rig.figures.session.sum_ms.get(), 0.025 + 5);
  CHECK_EQ(rig.figures.open.get(), 0);
}

CASE("sessions of a service that was removed count on beside those of its successor, in one row") {
  EchoHost host;
  EngineRig rig(2);
  rig.engine->SetTable(rig.Table({&host}));
  const int first = ConnectTo(rig.Listen(1));
  while (SumOf(rig.figures.connect) < 1) std::this_thread::yield();
  CHECK(rig.engine->CloseListener(1));
  rig.engine->RemoveTable("web");
  rig.engine->SetTable(rig.Table({&host}));
  const SocketAddress again = rig.Listen(2);
  CHECK_EQ(Exchange(again, "second"), "second");
  rig.engine->RenameService("web", "www");
  CHECK_EQ(Exchange(again, "third"), "third");
  close(first);
  rig.AwaitEmpty();
  // The last session is counted out once nobody has it on a list.
  rig.engine->Stop();
  CHECK_EQ(EndsOf(rig.figures, CloseReason::kDone), 3);
  CHECK_EQ(SumOf(rig.figures.session), 3);
  CHECK_EQ(rig.figures.open.get(), 0);
}

CASE("a service keeps its row, whichever row its next table names") {
  EchoHost host;
  EngineRig rig(1);
  rig.engine->SetTable(rig.Table({&host}));
  const SocketAddress address = rig.Listen(1);
  ServiceRow other{};
  TableSpec table = rig.Table({&host});
  table.figures = &other;
  rig.engine->SetTable(std::move(table));
  CHECK_EQ(Exchange(address, "text"), "text");
  rig.AwaitEmpty();
  // The last session is counted out once nobody has it on a list.
  rig.engine->Stop();
  CHECK_EQ(SumOf(rig.figures.session), 1);
  CHECK_EQ(SumOf(other.session), 0);
}

}  // namespace sluice::test
