// A route by itself: who gets which client, what is counted and what is told.
#include "test/route_rig.h"

namespace sluice::test {

CASE("a client is given the next host, and every figure says so from its coming to its end") {
  RouteRig rig;
  rig.route.Use(rig.Table(2));
  Guest& guest = rig.Enter();
  CHECK(guest.Goes(Kind::kConnect));
  CHECK_EQ(guest.choice.wait_ms, 50u);
  CHECK_EQ(rig.listener_row.open.get(), 1);
  CHECK_EQ(rig.rows[0].open.get(), 1);
  CHECK_EQ(rig.route.state().open, 1u);
  rig.Connect(guest);
  CHECK_EQ(rig.rows[0].total.get(), 1);
  CHECK_EQ(rig.listener_row.total.get(), 1);
  const SessionRecord told = rig.Leave(guest);
  CHECK_EQ(told.service + "/" + told.group + "/" + told.host, "web/main/a");
  CHECK_EQ(told.listener, "front");
  CHECK_EQ(told.host_id, 1u);
  CHECK_EQ(rig.rows[0].open.get(), 0);
  CHECK_EQ(rig.rows[0].last_close.get(), 1);
  CHECK_EQ(rig.rows[0].bytes_from_client.get(), 3);
  CHECK_EQ(rig.rows[0].bytes_from_host.get(), 5);
  CHECK_EQ(rig.listener_row.bytes_from_host.get(), 5);
  CHECK_EQ(rig.listener_row.open.get() + rig.listener_row.failed.get(), 0);
  CHECK(rig.route.Unused(rig.listener));
  CHECK_EQ(rig.Take<SessionClosed>().size(), 1u);
}

CASE("clients that are denied, too many, or have to say first who they are get no host") {
  RouteRig rig;
  rig.route.Use(rig.Table(1));
  rig.route.SetListener(rig.listener, &rig.listener_row, 1);
  Guest& first = rig.Enter(false, true);
  CHECK(first.Goes(Kind::kHeader));
  CHECK_EQ(first.choice.wait_ms, rig.settings.proxy_header_ms);
  Guest& second = rig.Enter();
  CHECK(second.Ends(CloseReason::kListenerFull));
  rig.Leave(second, false);
  Guest& third = rig.Enter(true);
  CHECK(third.Ends(CloseReason::kDenied));
  rig.Leave(third, false);
  first.choice = rig.route.Choose(first.place);
  CHECK(first.Goes(Kind::kConnect));
  const auto refused = rig.Take<SessionRefused>();
  REQUIRE(refused.size() == 2);
  CHECK_EQ(refused[0].refusal.listener_open, 2u);
  CHECK_EQ(refused[0].refusal.listener_max, 1u);
  CHECK_EQ(refused[0].refusal.group, "main");
  CHECK_EQ(rig.listener_row.failed.get(), 2);
  rig.Leave(first);
  rig.route.RemoveListener();
  CHECK(rig.route.unused());
}

CASE("a host that refuses is told of and tried once, and no more hosts than retries allow") {
  RouteRig rig;
  TableSpec table = rig.Table(3);
  table.retries = 1;
  rig.route.Use(table);
  Guest& guest = rig.Enter();
  rig.Fail(guest);
  CHECK_EQ(RouteRig::LetterOf(guest), 'b');
  rig.Fail(guest);
  CHECK(guest.Ends(CloseReason::kConnectFailed));
  const SessionRecord told = rig.Leave(guest, false);
  CHECK(told.tried == (std::vector<uint64_t>{1, 2}));
  CHECK_EQ(told.host + told.group, "main");
  CHECK_EQ(told.attempts, 2u);
  CHECK_EQ(told.retries, 1u);
  CHECK_EQ(rig.rows[0].failed.get(), 1);
  CHECK_EQ(rig.Take<HostFailed>().size(), 2u);
}

CASE("all hosts refuse: each is tried once, then the client is told so") {
  RouteRig rig;
  rig.route.Use(rig.Table(2));
  Guest& guest = rig.Enter();
  rig.Fail(guest, true);
  rig.Fail(guest, true);
  CHECK(guest.Ends(CloseReason::kConnectFailed));
  // A fault of this machine is nobody else's.
  CHECK_EQ(rig.rows[0].failed.get() + rig.rows[1].failed.get(), 0);
  CHECK_EQ(rig.Take<HostFailed>().size(), 0u);
  rig.Leave(guest, false);
}

CASE("a host that failed is passed over until it was judged, unless nobody else may be picked") {
  RouteRig rig;
  rig.route.Use(rig.Table(2));
  Guest& guest = rig.Enter();
  rig.Fail(guest);
  CHECK_EQ(RouteRig::LetterOf(guest), 'b');
  CHECK_EQ(rig.Letters(4), "bbbb");
  rig.Take<HostFailed>();
  CHECK_EQ(rig.Letters(2), "bb");
  rig.events.Judged(rig.last_batch);
  CHECK_EQ(rig.Letters(2), "ab");
  rig.Leave(guest);
  TableSpec only_a = rig.Table(1);
  rig.route.Use(only_a);
  Guest& other = rig.Enter();
  rig.Fail(other);
  CHECK(other.Ends(CloseReason::kConnectFailed));
  rig.Leave(other, false);
  CHECK_EQ(rig.Letters(2), "aa");
}

CASE("a suspect host that accepts is told of") {
  RouteRig rig;
  TableSpec table = rig.Table(1);
  table.hosts[0].suspect = true;
  rig.route.Use(table);
  Guest& guest = rig.Enter();
  rig.Connect(guest);
  const auto answered = rig.Take<HostAnswered>();
  REQUIRE(answered.size() == 1);
  CHECK_EQ(answered[0].host_id, 1u);
  rig.Leave(guest);
}

CASE("no table, no ready host, or no target: there is no host") {
  RouteRig rig;
  CHECK(rig.Enter().Ends(CloseReason::kNoHost));
  TableSpec table = rig.Table(1);
  table.hosts[0].ready = false;
  rig.route.Use(table);
  CHECK(rig.Enter().Ends(CloseReason::kNoHost));
  table.hosts[0].ready = true;
  table.hosts[0].target = {};
  rig.route.Use(table);
  CHECK(rig.Enter().Ends(CloseReason::kNoHost));
  rig.route.Clear();
  CHECK(rig.Enter().Ends(CloseReason::kNoHost));
  CHECK(!rig.route.state().has_table);
  for (Guest& guest : rig.guests) rig.Leave(guest, false);
  const auto refused = rig.Take<SessionRefused>();
  CHECK_EQ(refused.size(), 4u);
  CHECK_EQ(refused[0].refusal.group, "");
}

CASE("a group that serves again goes on where it was, and its sessions count for it") {
  RouteRig rig;
  TableSpec main = rig.Table(3);
  TableSpec other = rig.Table(1);
  other.group = "other";
  rig.route.Use(main);
  Guest& guest = rig.Enter();
  rig.route.Use(other);
  CHECK_EQ(rig.route.state().open, 0u);
  CHECK_EQ(rig.Letters(1), "a");
  rig.route.Use(main);
  CHECK_EQ(rig.route.state().open, 1u);
  CHECK_EQ(rig.Letters(1), "b");
  rig.route.RenameGroup("main", "first");
  main.group = "first";
  main.max_sessions = 1;
  main.queue = 0;
  rig.route.Use(main);
  CHECK_EQ(rig.route.state().place, 2);
  Guest& late = rig.Enter();
  CHECK(late.Ends(CloseReason::kQueueFull));
  rig.Leave(late, false);
  rig.route.Rename("shop");
  const SessionRecord told = rig.Leave(guest);
  CHECK_EQ(told.service + told.group, "shopfirst");
}

CASE("only so many groups are remembered") {
  RouteRig rig;
  TableSpec table = rig.Table(3);
  rig.route.Use(table);
  CHECK_EQ(rig.Letters(1), "a");
  for (uint32_t i = 0; i < rig.settings.pickers_kept; i++) {
    TableSpec other = rig.Table(1);
    other.group = std::to_string(i);
    rig.route.Use(other);
  }
  rig.route.Use(table);
  CHECK_EQ(rig.Letters(1), "a");
}

CASE("a session keeps its host over tables without it, and its figures when it comes back") {
  RouteRig rig;
  TableSpec both = rig.Table(2);
  rig.route.Use(both);
  Guest& guest = rig.Enter();
  Slot* const slot = guest.place.slot;
  TableSpec second = both;
  second.hosts.erase(second.hosts.begin());
  second.rule.order = {0};
  rig.route.Use(second);
  rig.route.Use(second);
  CHECK_EQ(slot->name, "a");
  CHECK_EQ(slot->index, kNoHost);
  rig.route.Use(both);
  Guest& next = rig.Enter();
  CHECK_EQ(RouteRig::LetterOf(next), 'b');
  Guest& after = rig.Enter();
  CHECK_EQ(after.place.slot, slot);
  CHECK_EQ(slot->sessions, 2u);
  rig.route.Clear();
  for (Guest& each : rig.guests) rig.Leave(each);
  CHECK_EQ(rig.rows[0].open.get(), 0);
  // Its row is another host's now.
  TableSpec reused = rig.Table(1);
  reused.hosts[0].id = 99;
  rig.route.Use(reused);
  Guest& last = rig.Enter();
  CHECK_EQ(last.place.slot->host_id, 99u);
  rig.Leave(last);
}

CASE("a host that is in no table and has no session is forgotten") {
  RouteRig rig;
  rig.route.Use(rig.Table(2));
  Guest& guest = rig.Enter();
  rig.Fail(guest);
  CHECK_EQ(rig.Letters(1), "b");
  rig.route.Clear();
  rig.Leave(guest, false);
  rig.route.Use(rig.Table(2));
  // That it failed went with it.
  CHECK_EQ(rig.Letters(2), "ab");
}

CASE("a group that takes the name of one that is gone has its own sessions only") {
  RouteRig rig;
  TableSpec table = rig.Table(1);
  table.group = "new";
  rig.route.Use(table);
  for (int i = 0; i < 3; i++) rig.Enter();
  rig.route.Use(rig.Table(1));
  rig.Enter();
  rig.route.RenameGroup("main", "new");
  rig.route.Use(table);
  CHECK_EQ(rig.route.state().open, 1u);
  for (Guest& guest : rig.guests) CHECK_EQ(rig.Leave(guest).group, "new");
  CHECK_EQ(rig.route.state().open, 0u);
}

CASE("least follows the sessions of its hosts, by whatever table they came") {
  RouteRig rig;
  TableSpec table = rig.Table(3);
  table.rule.kind = RuleKind::kLeast;
  rig.route.Use(table);
  for (int i = 0; i < 3; i++) rig.Enter();
  rig.route.Use(rig.Table(1));
  rig.Leave(rig.guests[1]);
  rig.route.Use(table);
  Guest& next = rig.Enter();
  CHECK_EQ(RouteRig::LetterOf(next), 'b');
  rig.Leave(rig.guests[2]);
  CHECK_EQ(RouteRig::LetterOf(rig.Enter()), 'c');
}

CASE("a function is asked who may be given, and its answer counts while it may be") {
  RouteRig rig;
  TableSpec table = rig.Table(3);
  table.ask = true;
  table.ask_ms = 70;
  table.hosts[0].max_sessions = 1;
  rig.route.Use(table);
  Guest& first = rig.Enter();
  CHECK(first.Goes(Kind::kAsk));
  CHECK_EQ(first.choice.wait_ms, 70u);
  first.choice = rig.route.ChooseAsked(first.place, 1);
  CHECK_EQ(RouteRig::LetterOf(first), 'a');
  Guest& second = rig.Enter();
  const auto asked = rig.Take<Asked>();
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].host_ids == (std::vector<uint64_t>{1, 2, 3}));
  CHECK(asked[1].host_ids == (std::vector<uint64_t>{2, 3}));
  CHECK_EQ(asked[1].session, second.place.session);
  // Full by now: the fallback serves.
  second.choice = rig.route.ChooseAsked(second.place, 1);
  CHECK_EQ(RouteRig::LetterOf(second), 'b');
  Guest& third = rig.Enter();
  rig.route.Clear();
  third.choice = rig.route.ChooseAsked(third.place, 0);
  CHECK(third.Ends(CloseReason::kNoHost));
}

}  // namespace sluice::test
