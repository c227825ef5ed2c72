// Bytes both ways over real sockets: whole, in order, bounded.
#include "core/relay.h"

#include <sys/socket.h>

#include <cstring>
#include <string>

#include "test/check.h"
#include "test/relay_rig.h"

namespace sluice::test {

CASE("what is sent arrives whole, both ways, over both kinds of sockets") {
  for (const bool unix_sockets : {false, true}) {
    RelayRig rig(unix_sockets);
    for (const size_t length : {size_t{1}, kMegabyte / 16, kMegabyte / 16 + 1, 3 * kMegabyte}) {
      const std::string bytes = RandomBytes(length);
      CHECK(rig.Carry(kClient, bytes) == bytes);
      CHECK(rig.Carry(kHost, bytes) == bytes);
    }
    CHECK(!rig.over());
    CHECK_EQ(rig.relay.from_client().bytes, rig.relay.from_host().bytes);
    CHECK_EQ(rig.tools.bytes_moved, 2 * rig.relay.from_client().bytes);
  }
}

CASE("64 megabytes stream through a pipe that is given back") {
  RelayRig rig;
  const std::string bytes = RandomBytes(16 * kMegabyte);
  for (int i = 0; i < 4; i++) CHECK(rig.Carry(kHost, bytes) == bytes);
  CHECK_EQ(rig.pool.opened(), 1u);
  CHECK_EQ(rig.pool.lent(), 0u);
  CHECK_EQ(rig.relay.from_host().bytes, 64 * kMegabyte);
}

CASE("a direction that calms down copies again") {
  RelayRig rig;
  const std::string bulk = RandomBytes(4 * kMegabyte);
  CHECK(rig.Carry(kClient, bulk) == bulk);
  CHECK(rig.relay.from_client().full_reads >= 2);
  for (int i = 0; i < 10; i++) CHECK_EQ(rig.Carry(kClient, "a little"), "a little");
  CHECK_EQ(rig.relay.from_client().full_reads, 0);
}

CASE("without a pipe a direction goes on copying") {
  RelayRig rig(false, 0);
  const std::string bytes = RandomBytes(8 * kMegabyte);
  CHECK(rig.Carry(kHost, bytes) == bytes);
  CHECK_EQ(rig.pool.opened(), 0u);
}

CASE("a reader that stops stops its sender, with little held") {
  for (const size_t pipes : {size_t{0}, size_t{4}}) {
    for (const Side from : {kClient, kHost}) {
      RelayRig rig(false, pipes);
      const std::string bytes = Stuff(rig, from, 64 * kMegabyte);
      // A pipe takes pages, not bytes: at most as many as a copy would hold, or its own size.
      CHECK(rig.held(from) > 0);
      CHECK(rig.held(from) <= (pipes == 0 ? 64 * 1024 : 256 * 1024));
      CHECK_EQ(rig.Carry(OtherSide(from), "the other way"), "the other way");
      std::string heard;
      CHECK(rig.TurnUntil([&] {
        TakeSome(rig.theirs[OtherSide(from)], heard, 300'000);
        return heard.size() >= bytes.size();
      }));
      CHECK(heard == bytes);
      CHECK_EQ(rig.held(from), 0u);
      CHECK_EQ(rig.pool.lent(), 0u);
    }
  }
}

CASE("a header precedes the client, with its first bytes or alone") {
  for (const bool early : {true, false}) {
    RelayRig rig;
    if (early) CHECK_EQ(SendSome(rig.theirs[kClient], "hello"), 5u);
    rig.relay.Precede(reinterpret_cast<const uint8_t*>("PROXY\r\n"), 7);
    const std::string wanted = early ? "PROXY\r\nhello" : "PROXY\r\n";
    std::string heard;
    CHECK(rig.TurnUntil([&] {
      TakeSome(rig.theirs[kHost], heard);
      return heard.size() >= wanted.size();
    }));
    CHECK_EQ(heard, wanted);
    CHECK_EQ(rig.relay.from_client().bytes, early ? 5u : 0u);
    CHECK_EQ(rig.Carry(kClient, "more"), "more");
  }
}

CASE("the delay of small sends to a host is switched off when it has a second one") {
  RelayRig rig;
  const int host = rig.relay.fd(kHost);
  CHECK_EQ(rig.Carry(kClient, "first"), "first");
  CHECK(!NoDelay(host));
  CHECK_EQ(rig.Carry(kHost, "answer"), "answer");
  CHECK(!NoDelay(host));
  CHECK_EQ(rig.Carry(kClient, "second"), "second");
  CHECK(NoDelay(host));
}

CASE("bytes after urgent data arrive, while it copies and while it streams") {
  for (const bool streams : {false, true}) {
    for (const bool ends : {false, true}) {
      RelayRig rig;
      std::string bulk = RandomBytes(streams ? 4 * kMegabyte : 100);
      CHECK(rig.Carry(kClient, bulk) == bulk);
      SendSome(rig.theirs[kClient], "before");
      CHECK_EQ(send(rig.theirs[kClient], "!", 1, MSG_OOB), 1);
      SendSome(rig.theirs[kClient], "after");
      if (ends) sys::ShutdownWrite(rig.theirs[kClient]);
      std::string heard;
      bool ended = false;
      CHECK(rig.TurnUntil([&] {
        ended = Ended(rig.theirs[kHost], heard);
        return heard.size() >= 11 && ended == ends;
      }));
      CHECK_EQ(heard, "beforeafter");
    }
  }
}

CASE("bytes after a passed descriptor arrive") {
  RelayRig rig(true);
  char control[CMSG_SPACE(sizeof(int))] = {};
  char text[] = "with it";
  iovec part = {text, 7};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* passed = CMSG_FIRSTHDR(&message);
  passed->cmsg_level = SOL_SOCKET;
  passed->cmsg_type = SCM_RIGHTS;
  passed->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(passed), &rig.epoll, sizeof(int));
  CHECK_EQ(sendmsg(rig.theirs[kClient], &message, 0), 7);
  SendSome(rig.theirs[kClient], " and after");
  sys::ShutdownWrite(rig.theirs[kClient]);
  std::string heard;
  CHECK(rig.TurnUntil([&] { return Ended(rig.theirs[kHost], heard); }));
  CHECK_EQ(heard, "with it and after");
}

CASE("a relay is closed at any time, and gives everything back") {
  for (const bool cut : {false, true}) {
    RelayRig rig;
    Stuff(rig, kClient, 64 * kMegabyte);
    CHECK_EQ(rig.pool.lent(), 1u);
    rig.relay.Close(cut, rig.pool);
    CHECK_EQ(rig.pool.lent(), 0u);
    CHECK_EQ(rig.relay.fd(kClient), -1);
  }
}

CASE("a host that did not accept is dropped and another one given") {
  RelayRig rig;
  SendSome(rig.theirs[kClient], "early");
  rig.CloseTheirs(kHost);
  rig.relay.DropHost();
  const Pair pair = TcpPair(true);
  rig.theirs[kHost] = pair.theirs;
  rig.relay.Give(kHost, pair.ours);
  sys::Watch(rig.epoll, pair.ours, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
             reinterpret_cast<void*>(static_cast<uintptr_t>(kHost)));
  std::string heard;
  CHECK(rig.TurnUntil([&] {
    TakeSome(rig.theirs[kHost], heard);
    return heard == "early";
  }));
}

}  // namespace sluice::test
