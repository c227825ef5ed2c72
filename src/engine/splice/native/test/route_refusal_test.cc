// Clients that waited and are told that nobody will serve them, and what is told of them.
#include "test/route_rig.h"

namespace sluice::test {

namespace {

using Sessions = std::vector<uint64_t>;

// These workers come to their ends, in this order. @returns how many waited beside each, as it was told of
std::vector<uint32_t> WaitingBeside(RouteRig& rig, const Sessions& sessions) {
  rig.ReadNews();
  for (const uint64_t session : sessions) rig.Leave(rig.guests[session - 1], false);
  std::vector<uint32_t> waiting;
  for (const auto& refused : rig.Take<SessionRefused>()) waiting.push_back(refused.refusal.waiting);
  return waiting;
}

}  // namespace

CASE("held clients of a service that is gone have no host") {
  RouteRig rig;
  rig.route.Use(Paused(rig.Table(1)));
  Guest& guest = rig.Enter();
  rig.route.Clear();
  rig.ReadNews();
  CHECK(guest.Ends(CloseReason::kNoHost));
  rig.Leave(guest, false);
  CHECK_EQ(rig.Take<SessionClosed>().size(), 0u);
}

CASE("who is refused is told of with those who waited beside it, whichever worker comes to its end first") {
  RouteRig rig;
  TableSpec none = rig.Table(1);
  none.hosts[0].ready = false;
  rig.route.Use(Paused(rig.Table(1)));
  for (int i = 0; i < 3; i++) rig.Enter();
  rig.route.Use(none);
  CHECK(WaitingBeside(rig, {2, 3, 1}) == (std::vector<uint32_t>{1, 0, 2}));

  rig.route.Use(Paused(rig.Table(1)));
  for (int i = 0; i < 3; i++) rig.Enter();
  rig.route.Clear();
  CHECK(WaitingBeside(rig, {6, 5, 4}) == (std::vector<uint32_t>{0, 1, 2}));

  rig.route.Use(FullTable(rig));
  for (int i = 0; i < 4; i++) rig.Enter();
  rig.route.Use(Paused(FullTable(rig), 1));
  CHECK(WaitingBeside(rig, {10, 9}) == (std::vector<uint32_t>{1, 2}));
}

CASE("clients that wait when the service is gone are told so") {
  RouteRig rig;
  rig.route.Use(FullTable(rig));
  rig.Enter();
  Guest& second = rig.Enter();
  rig.route.Clear();
  rig.ReadNews();
  CHECK(second.Ends(CloseReason::kNoHost));
}

}  // namespace sluice::test
