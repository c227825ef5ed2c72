// Clients that wait for room and clients that are held: in which order they go, and who is told.
#include "test/route_rig.h"

namespace sluice::test {

namespace {

using Sessions = std::vector<uint64_t>;

}  // namespace

CASE("who makes room gives it to the first in the queue, whose worker is told") {
  RouteRig rig;
  rig.route.Use(FullTable(rig));
  Guest& first = rig.Enter();
  Guest& second = rig.Enter();
  Guest& third = rig.Enter();
  CHECK(second.Goes(Kind::kQueued) && third.Goes(Kind::kQueued));
  CHECK_EQ(second.choice.wait_ms, 1'000u);
  CHECK_EQ(rig.Take<WaitingChanged>().size(), 1u);
  CHECK_EQ(rig.route.state().waiting, 2u);
  rig.Leave(first);
  CHECK_EQ(rig.rows[0].open.get(), 1);
  // The room is taken, though its worker does not know yet.
  CHECK(rig.Enter().Goes(Kind::kQueued));
  CHECK(!rig.route.LeaveQueue(second.place));
  CHECK(rig.ReadNews() == Sessions{2});
  CHECK_EQ(RouteRig::LetterOf(second), 'a');
  CHECK_EQ(rig.Take<WaitingChanged>().size(), 1u);
  CHECK(rig.route.LeaveQueue(third.place));
  rig.Leave(third, false);
  rig.Leave(second);
  CHECK(rig.ReadNews() == Sessions{4});
}

CASE("a client that was given a host and is gone before it knew makes room for the next") {
  RouteRig rig;
  rig.route.Use(FullTable(rig));
  for (int i = 0; i < 3; i++) rig.Enter();
  rig.Leave(rig.guests[0]);
  rig.Leave(rig.guests[1], false);
  rig.ReadNews();
  CHECK(rig.guests[2].Goes(Kind::kConnect));
  CHECK_EQ(rig.rows[0].open.get(), 1);
}

CASE("a queue takes no more than it may, and stale news change nothing") {
  RouteRig rig;
  TableSpec table = FullTable(rig);
  table.queue = 1;
  rig.route.Use(table);
  rig.Enter();
  Guest& second = rig.Enter();
  Guest& third = rig.Enter();
  CHECK(third.Ends(CloseReason::kQueueFull));
  rig.Leave(third, false);
  const auto refused = rig.Take<SessionRefused>();
  REQUIRE(refused.size() == 1);
  CHECK_EQ(refused[0].refusal.waiting, 1u);
  CHECK_EQ(refused[0].refusal.queue, 1u);
  CHECK_EQ(refused[0].refusal.ready, 1u);
  second.choice = rig.route.TakeGiven(second.place);
  CHECK(second.Goes(Kind::kQueued));
}

CASE("one who waits for another host than the one that is free does not keep those behind him") {
  RouteRig rig;
  TableSpec table = rig.Table(2);
  for (HostSpec& host : table.hosts) host.max_sessions = 1;
  rig.route.Use(table);
  Guest& at_a = rig.Enter();
  Guest& at_b = rig.Enter();
  Guest& choosy = rig.Enter();
  rig.Leave(at_a);
  rig.ReadNews();
  rig.Fail(choosy);
  CHECK(choosy.Goes(Kind::kQueued));
  Guest& blocker = rig.Enter();
  CHECK_EQ(RouteRig::LetterOf(blocker), 'a');
  Guest& behind = rig.Enter();
  rig.Leave(blocker);
  CHECK(rig.ReadNews() == (Sessions{behind.place.session}));
  CHECK_EQ(RouteRig::LetterOf(behind), 'a');
  rig.Leave(at_b);
  rig.ReadNews();
  CHECK_EQ(RouteRig::LetterOf(choosy), 'b');
}

CASE("a new table lets those in for whom it has room, and tells those for whom there is no hope") {
  RouteRig rig;
  TableSpec table = FullTable(rig);
  rig.route.Use(table);
  for (int i = 0; i < 4; i++) rig.Enter();
  table.hosts[0].max_sessions = 2;
  rig.route.Use(table);
  rig.ReadNews();
  CHECK(rig.guests[1].Goes(Kind::kConnect));
  CHECK(rig.guests[2].Goes(Kind::kQueued));
  table.hosts[0].ready = false;
  rig.route.Use(table);
  CHECK(rig.ReadNews() == (Sessions{3, 4}));
  CHECK(rig.guests[2].Ends(CloseReason::kNoHost));
  CHECK_EQ(rig.route.state().waiting, 0u);
}

CASE("a group at its limit lets the next one in when a session of it ends") {
  RouteRig rig;
  TableSpec table = rig.Table(2);
  table.max_sessions = 1;
  rig.route.Use(table);
  Guest& first = rig.Enter();
  Guest& second = rig.Enter();
  CHECK(second.Goes(Kind::kQueued));
  rig.Leave(first);
  rig.ReadNews();
  CHECK_EQ(RouteRig::LetterOf(second), 'b');
}

CASE("held clients go in their order when the pause is over, and later ones behind them") {
  RouteRig rig;
  rig.settings.let_go_at_once = 2;
  rig.route.Use(Paused(rig.Table(2)));
  for (int i = 0; i < 6; i++) CHECK(rig.Enter().Goes(Kind::kHeld));
  CHECK(rig.route.state().paused);
  CHECK_EQ(rig.route.state().waiting, 6u);
  rig.route.Use(rig.Table(2));
  // Whose turn would be next, and one who was let go but leaves before his worker knows.
  rig.Leave(rig.guests[2], false);
  rig.Leave(rig.guests[1], false);
  CHECK(rig.Enter().Goes(Kind::kHeld));
  CHECK(rig.route.state().paused);
  CHECK(rig.ReadNews() == (Sessions{1, 2, 4}));
  CHECK(rig.ReadNews() == (Sessions{5, 6}));
  CHECK(rig.ReadNews() == (Sessions{7}));
  std::string letters;
  for (const Guest& guest : rig.guests) letters += RouteRig::LetterOf(guest);
  CHECK_EQ(letters, "a--abab");
  CHECK(!rig.route.state().paused);
}

CASE("where a function is asked one who comes while held ones go stands behind them") {
  RouteRig rig;
  TableSpec table = rig.Table(1);
  table.ask = true;
  rig.route.Use(Paused(table));
  rig.Enter();
  rig.route.Use(table);
  CHECK(rig.Enter().Goes(Kind::kHeld));
  CHECK(rig.ReadNews() == (Sessions{1, 2}));
  for (const Guest& guest : rig.guests) CHECK(guest.Goes(Kind::kAsk));
}

CASE("a second pause keeps those who have not gone yet, in their order") {
  RouteRig rig;
  rig.settings.let_go_at_once = 2;
  rig.route.Use(Paused(rig.Table(1)));
  for (int i = 0; i < 5; i++) rig.Enter();
  rig.route.Use(rig.Table(1));
  rig.route.Use(Paused(rig.Table(1)));
  CHECK(rig.ReadNews() == (Sessions{1, 2}));
  CHECK(rig.guests[1].Goes(Kind::kConnect));
  CHECK_EQ(rig.route.state().waiting, 3u);
  CHECK(rig.guests[2].Goes(Kind::kHeld));
  rig.route.Use(rig.Table(1));
  CHECK(rig.ReadNews() == (Sessions{3, 4}));
  CHECK(rig.ReadNews() == (Sessions{5}));
  for (const Guest& guest : rig.guests) CHECK(guest.Goes(Kind::kConnect));
}

CASE("pauses so short that no worker sees them let everybody go all the same") {
  RouteRig rig;
  rig.settings.let_go_at_once = 4;
  TableSpec table = FullTable(rig);
  for (const bool ask : {true, true, false}) {
    table.ask = ask;
    rig.route.Use(Paused(table));
    for (int i = 0; i < 3; i++) rig.Enter();
    for (int i = 0; i < 3; i++) {
      rig.route.Use(table);
      rig.route.Use(Paused(table));
    }
    rig.route.Use(table);
    while (!rig.ReadNews().empty()) continue;
    CHECK(!rig.route.state().paused);
    for (Guest& guest : rig.guests) {
      CHECK(!guest.Goes(Kind::kHeld) && !guest.place.going);
      rig.Leave(guest);
    }
    rig.ReadNews();
    rig.guests.clear();
  }
}

CASE("in a pause those in the queue are held, and afterwards wait where there is no room") {
  RouteRig rig;
  TableSpec table = FullTable(rig);
  table.queue = 2;
  rig.route.Use(table);
  for (int i = 0; i < 3; i++) rig.Enter();
  table.queue = 0;
  rig.route.Use(Paused(table, 1));
  CHECK(!rig.route.LeaveQueue(rig.guests[1].place));
  CHECK(rig.ReadNews() == (Sessions{2, 3}));
  CHECK(rig.guests[1].Goes(Kind::kHeld));
  CHECK(rig.guests[2].Ends(CloseReason::kQueueFull));
  rig.Leave(rig.guests[0]);
  rig.Leave(rig.guests[2], false);
  CHECK(rig.guests[1].Goes(Kind::kHeld));
  CHECK(rig.Enter().Ends(CloseReason::kQueueFull));
  table.hosts[0].max_sessions = 1;
  rig.rows[0].open.set(1);
  rig.route.Use(table);
  rig.ReadNews();
  CHECK(rig.guests[1].Goes(Kind::kQueued));
  rig.rows[0].open.set(0);
}

CASE("a host that refuses in a pause: its client is held and may go there afterwards") {
  RouteRig rig;
  rig.route.Use(rig.Table(1));
  Guest& guest = rig.Enter();
  rig.route.Use(Paused(rig.Table(1)));
  rig.Fail(guest);
  CHECK(guest.Goes(Kind::kHeld));
  CHECK(guest.place.tried == nullptr);
  rig.route.Use(rig.Table(1));
  rig.ReadNews();
  CHECK_EQ(RouteRig::LetterOf(guest), 'a');
  // Not to the end of the line that a pause left.
  rig.route.Use(Paused(rig.Table(1)));
  CHECK(rig.Enter().Goes(Kind::kHeld));
  rig.route.Use(rig.Table(1));
  rig.Fail(guest);
  CHECK(guest.Ends(CloseReason::kConnectFailed));
}

CASE("a function is asked when the pause is over, and an answer in a pause holds the client") {
  RouteRig rig;
  TableSpec table = rig.Table(2);
  table.ask = true;
  rig.route.Use(Paused(table));
  Guest& guest = rig.Enter();
  rig.route.Use(table);
  rig.ReadNews();
  CHECK(guest.Goes(Kind::kAsk));
  rig.route.Use(Paused(table));
  guest.choice = rig.route.ChooseAsked(guest.place, 2);
  CHECK(guest.Goes(Kind::kHeld));
}

}  // namespace sluice::test
