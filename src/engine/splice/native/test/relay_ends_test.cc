// Ends and resets over real sockets: each side is told what the other one did, after everything that came before it.
#include "core/relay.h"

#include <cerrno>
#include <string>
#include <utility>

#include "test/check.h"
#include "test/relay_rig.h"

namespace sluice::test {

CASE("either side may end first, and the other goes on until it ends") {
  for (const bool unix_sockets : {false, true}) {
    for (const Side first : {kClient, kHost}) {
      RelayRig rig(unix_sockets);
      const Side second = OtherSide(first);
      CHECK_EQ(SendSome(rig.theirs[first], "last words"), 10u);
      sys::ShutdownWrite(rig.theirs[first]);
      std::string heard;
      CHECK(rig.TurnUntil([&] { return Ended(rig.theirs[second], heard); }));
      CHECK_EQ(heard, "last words");
      CHECK_EQ(rig.Carry(second, "not yet"), "not yet");
      CHECK(!rig.over());
      sys::ShutdownWrite(rig.theirs[second]);
      CHECK(rig.TurnUntil([&] { return rig.over(); }));
      CHECK(rig.last == Relayed::kDone);
      rig.relay.Close(false, rig.pool);
      CHECK_EQ(NextRead(rig.theirs[first]), 0);
    }
  }
}

CASE("an end that comes with the last bytes of a stream comes after them") {
  for (const bool unix_sockets : {false, true}) {
    RelayRig rig(unix_sockets);
    const std::string bytes = Stuff(rig, kHost, 64 * kMegabyte);
    sys::ShutdownWrite(rig.theirs[kHost]);
    rig.Turn(1);
    CHECK(rig.held(kHost) > 0);
    std::string heard;
    CHECK(rig.TurnUntil([&] { return Ended(rig.theirs[kClient], heard); }));
    CHECK(heard == bytes);
  }
}

CASE("a reset of either side is told, after what came before it") {
  for (const Side side : {kClient, kHost}) {
    RelayRig rig;
    CHECK_EQ(SendSome(rig.theirs[side], "farewell"), 8u);
    ResetNow(std::exchange(rig.theirs[side], -1));
    CHECK(rig.TurnUntil([&] { return rig.over(); }));
    CHECK(rig.last == (side == kClient ? Relayed::kClientReset : Relayed::kHostReset));
    std::string heard;
    CHECK(AwaitReadable(rig.theirs[OtherSide(side)]));
    TakeSome(rig.theirs[OtherSide(side)], heard);
    CHECK_EQ(heard, "farewell");
    rig.relay.Close(true, rig.pool);
    CHECK_EQ(NextRead(rig.theirs[OtherSide(side)]), -ECONNRESET);
  }
}

CASE("a reset in the middle of a stream is told") {
  for (const Side resets : {kClient, kHost}) {
    for (const Side from : {kClient, kHost}) {
      RelayRig rig;
      Stuff(rig, from, 64 * kMegabyte);
      ResetNow(std::exchange(rig.theirs[resets], -1));
      // Who waits for a slow reader finds out when that one reads on.
      std::string heard;
      const int reader = rig.theirs[OtherSide(resets)];
      CHECK(rig.TurnUntil([&] {
        TakeSome(reader, heard);
        return rig.over();
      }));
      CHECK(rig.last == (resets == kClient ? Relayed::kClientReset : Relayed::kHostReset));
    }
  }
}

CASE("a host that answers and is gone has its answer passed on before the reset") {
  RelayRig rig;
  CHECK_EQ(SendSome(rig.theirs[kClient], "a long request"), 14u);
  CHECK(rig.TurnUntil([&] { return rig.relay.from_client().bytes == 14; }));
  CHECK_EQ(SendSome(rig.theirs[kHost], "too long"), 8u);
  // It has not read the request, so its close is a reset.
  rig.CloseTheirs(kHost);
  SendSome(rig.theirs[kClient], "more of it");
  CHECK(rig.TurnUntil([&] { return rig.over(); }));
  CHECK(rig.last == Relayed::kHostReset);
  std::string heard;
  TakeSome(rig.theirs[kClient], heard);
  CHECK_EQ(heard, "too long");
}

CASE("a host that has ended and then takes no more does not spoil what it said") {
  RelayRig rig;
  CHECK_EQ(SendSome(rig.theirs[kHost], "that is all"), 11u);
  sys::ShutdownWrite(rig.theirs[kHost]);
  std::string heard;
  CHECK(rig.TurnUntil([&] { return Ended(rig.theirs[kClient], heard); }));
  CHECK_EQ(heard, "that is all");
  rig.CloseTheirs(kHost);
  CHECK(rig.TurnUntil([&] {
    SendSome(rig.theirs[kClient], "are you there?");
    return rig.lingerings == 1;
  }));
  for (int i = 0; i < 100; i++) {
    SendSome(rig.theirs[kClient], "hello?");
    rig.Turn(0);
  }
  CHECK(!rig.over());
  sys::ShutdownWrite(rig.theirs[kClient]);
  CHECK(rig.TurnUntil([&] { return rig.over(); }));
  CHECK(rig.last == Relayed::kDone);
  CHECK_EQ(rig.lingerings, 1);
  rig.relay.Close(false, rig.pool);
}

CASE("what a client sent ahead is dropped when its host has ended and takes no more") {
  RelayRig rig;
  const std::string bytes = Stuff(rig, kClient, 64 * kMegabyte);
  sys::ShutdownWrite(rig.theirs[kHost]);
  std::string heard;
  CHECK(rig.TurnUntil([&] { return Ended(rig.theirs[kClient], heard); }));
  rig.CloseTheirs(kHost);
  sys::ShutdownWrite(rig.theirs[kClient]);
  CHECK(rig.TurnUntil([&] { return rig.over(); }));
  CHECK(rig.last == Relayed::kDone);
  CHECK_EQ(rig.lingerings, 1);
  CHECK_EQ(rig.relay.from_client().bytes, bytes.size());
}

}  // namespace sluice::test
