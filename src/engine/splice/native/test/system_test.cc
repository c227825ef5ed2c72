// What the real kernel must do for what core/system.h promises; everything else of it is seen by the other cases.
#include "core/system.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>
#include <vector>

#include "core/address.h"
#include "test/check.h"
#include "test/hosts.h"
#include "test/sockets.h"

namespace sluice::test {

namespace {

struct Opened {
  int fd = -1;
  SocketAddress address;
};

Opened Open(const SocketAddress& wanted, bool ipv6_only = false) {
  Opened opened;
  opened.fd = sys::Listen(wanted.get(), wanted.length, 64, ipv6_only);
  CHECK(opened.fd >= 0);
  CHECK_EQ(sys::LocalAddress(opened.fd, &opened.address.storage, &opened.address.length), 0);
  return opened;
}

int AcceptFrom(int listening) {
  sockaddr_storage peer;
  socklen_t length;
  return sys::Accept(listening, &peer, &length);
}

bool Connected(int fd, int wait_ms) {
  pollfd wanted = {fd, POLLOUT, 0};
  return poll(&wanted, 1, wait_ms) == 1 && sys::TakeError(fd) == 0;
}

int Begin(const SocketAddress& address) {
  bool connected;
  return sys::Connect(address.get(), address.length, &connected);
}

int Option(int fd, int level, int option) {
  int value = -1;
  socklen_t length = sizeof value;
  getsockopt(fd, level, option, &value, &length);
  return value;
}

}  // namespace

CASE("an accepted client has what was set on the listener, and does not block") {
  const Opened listener = Open(Loopback());
  const int client = Begin(listener.address);
  CHECK(AwaitReadable(listener.fd));
  const int accepted = AcceptFrom(listener.fd);
  CHECK(NoDelay(accepted));
  CHECK(!NoDelay(client));
  CHECK_EQ(Option(accepted, SOL_SOCKET, SO_KEEPALIVE), 1);
  char byte;
  CHECK_EQ(read(accepted, &byte, 1), -1);
  CHECK_EQ(errno, EAGAIN);
  CHECK_EQ(AcceptFrom(listener.fd), -EAGAIN);
  for (const int fd : {listener.fd, client, accepted}) CHECK_EQ(sys::Close(fd), 0);
}

CASE("a listener that ignores new clients takes those that came before, the others try again") {
  const Opened listener = Open(Loopback());
  const int early = Begin(listener.address);
  CHECK(Connected(early, 1000));
  CHECK_EQ(sys::IgnoreNewClients(listener.fd), 0);
  const int late = Begin(listener.address);
  CHECK(late >= 0);
  CHECK(!Connected(late, 100));
  const int accepted = AcceptFrom(listener.fd);
  CHECK(accepted >= 0);
  CHECK_EQ(AcceptFrom(listener.fd), -EAGAIN);
  // The filter is inherited, and does not harm whoever came before.
  CHECK_EQ(SendSome(early, "still here"), 10u);
  CHECK(AwaitReadable(accepted));
  std::string heard;
  CHECK(TakeSome(accepted, heard));
  CHECK_EQ(heard, "still here");
  sys::Close(listener.fd);
  // Its first try was not answered, so it has not been refused either.
  const Opened next = Open(listener.address);
  CHECK(Connected(late, 5000));
  CHECK(AwaitReadable(next.fd));
  const int retried = AcceptFrom(next.fd);
  CHECK(retried >= 0);
  for (const int fd : {early, late, accepted, next.fd, retried}) sys::Close(fd);
}

CASE("new clients of a Unix listener cannot be ignored, and that is no fault") {
  const std::string path = "/tmp/sluice-system-test-" + std::to_string(getpid());
  const Opened listener = Open(UnixAddress(path));
  CHECK_EQ(sys::IgnoreNewClients(listener.fd), 0);
  bool connected = false;
  const SocketAddress address = UnixAddress(path);
  const int client = sys::Connect(address.get(), address.length, &connected);
  CHECK(connected);
  const int accepted = AcceptFrom(listener.fd);
  CHECK(accepted >= 0);
  for (const int fd : {listener.fd, client, accepted}) sys::Close(fd);
  unlink(path.c_str());
}

CASE("an IPv6 listener takes IPv4 clients where it may") {
  SocketAddress any;
  auto* six = reinterpret_cast<sockaddr_in6*>(&any.storage);
  six->sin6_family = AF_INET6;
  any.length = sizeof(sockaddr_in6);
  for (const bool only : {false, true}) {
    const int fd = sys::Listen(any.get(), any.length, 8, only);
    if (fd == -EAFNOSUPPORT || fd == -EADDRNOTAVAIL) return;
    REQUIRE(fd >= 0);
    CHECK_EQ(Option(fd, IPPROTO_IPV6, IPV6_V6ONLY), only ? 1 : 0);
    sys::Close(fd);
  }
}

CASE("a port that is taken and a host that refuses are told by number") {
  const Opened listener = Open(Loopback());
  CHECK_EQ(sys::Listen(listener.address.get(), listener.address.length, 8, false), -EADDRINUSE);
  sys::Close(listener.fd);
  const int client = Begin(listener.address);
  if (client >= 0) {
    pollfd wanted = {client, POLLOUT, 0};
    poll(&wanted, 1, 1000);
    CHECK_EQ(sys::TakeError(client), ECONNREFUSED);
    sys::Close(client);
  } else {
    CHECK_EQ(client, -ECONNREFUSED);
  }
}

CASE("a reset is seen as one, a close as an end") {
  Pair cut = TcpPair();
  sys::CloseWithReset(cut.ours);
  CHECK_EQ(NextRead(cut.theirs), -ECONNRESET);
  sys::Close(cut.theirs);
  Pair ended = TcpPair();
  sys::Close(ended.ours);
  CHECK_EQ(NextRead(ended.theirs), 0);
  sys::Close(ended.theirs);
}

CASE("a pipe has about the size that was asked for") {
  int read_end;
  int write_end;
  CHECK(sys::OpenPipe(&read_end, &write_end, 200'000) >= 200'000);
  sys::Close(read_end);
  sys::Close(write_end);
}

CASE("an event that is watched edge by edge is told whenever it is raised") {
  const int epoll = sys::OpenEpoll();
  const int event = sys::OpenEvent();
  epoll_event events[4];
  CHECK_EQ(sys::Watch(epoll, event, EPOLLIN | EPOLLET, &events), 0);
  CHECK_EQ(sys::WaitForEvents(epoll, events, 4, 0), 0);
  sys::Raise(event);
  sys::Raise(event);
  CHECK_EQ(sys::WaitForEvents(epoll, events, 4, -1), 1);
  CHECK(events[0].data.ptr == &events);
  CHECK_EQ(sys::WaitForEvents(epoll, events, 4, 0), 0);
  sys::Raise(event);
  CHECK_EQ(sys::WaitForEvents(epoll, events, 4, -1), 1);
  CHECK_EQ(sys::Unwatch(epoll, event), 0);
  sys::Close(event);
  sys::Close(epoll);
}

}  // namespace sluice::test
