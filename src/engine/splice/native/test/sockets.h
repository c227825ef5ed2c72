// Pairs of connected sockets for cases: one end belongs to what is tested, the other is in the hands of the case. All are
// non-blocking, and nothing here waits longer than ten seconds.
#pragma once

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "core/system.h"
#include "test/check.h"

namespace sluice::test {

// Both ends are non-blocking. The case owns both until it gives one away.
struct Pair {
  int ours = -1;
  int theirs = -1;
};

inline constexpr int kPatienceMs = 10'000;

inline bool Await(int fd, short events) {
  pollfd wanted = {fd, events, 0};
  return poll(&wanted, 1, kPatienceMs) == 1;
}

// `we_connect`: ours is the end that connects, as towards a host; else the accepted one, as towards a client.
inline Pair TcpPair(bool we_connect = false) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int listening =
      sys::Listen(reinterpret_cast<sockaddr*>(&address), sizeof address, 8, false);
  CHECK(listening >= 0);
  sockaddr_storage bound;
  socklen_t length;
  CHECK_EQ(sys::LocalAddress(listening, &bound, &length), 0);
  Pair pair;
  bool connected;
  pair.theirs = sys::Connect(reinterpret_cast<sockaddr*>(&bound), length, &connected);
  CHECK(Await(listening, POLLIN));
  pair.ours = sys::Accept(listening, &bound, &length);
  CHECK(pair.ours >= 0);
  sys::Close(listening);
  if (we_connect) std::swap(pair.ours, pair.theirs);
  return pair;
}

inline Pair UnixPair() {
  int ends[2];
  CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
  return {ends[0], ends[1]};
}

// Sends what fits. @returns how much that was
inline size_t SendSome(int fd, const std::string& bytes, size_t from = 0) {
  const ssize_t sent = sys::Send(fd, bytes.data() + from, bytes.size() - from);
  return static_cast<size_t>(std::max<ssize_t>(sent, 0));
}

// Adds what is there to `bytes`. @returns false once the end or an error has come
inline bool TakeSome(int fd, std::string& bytes, size_t most = SIZE_MAX) {
  char buffer[64 * 1024];
  while (most > 0) {
    const ssize_t got = sys::Recv(fd, buffer, std::min(most, sizeof buffer));
    if (got == -EAGAIN) return true;
    if (got <= 0) return false;
    bytes.append(buffer, static_cast<size_t>(got));
    most -= static_cast<size_t>(got);
  }
  return true;
}

// Waits until something can be read, the end included.
inline bool AwaitReadable(int fd) { return Await(fd, POLLIN); }

// What the next read says: 1 (a byte is there), 0 or -errno. Waits for it.
inline int NextRead(int fd) {
  CHECK(AwaitReadable(fd));
  char byte;
  return static_cast<int>(sys::Recv(fd, &byte, 1));
}

inline bool NoDelay(int fd) {
  int value = 0;
  socklen_t length = sizeof value;
  getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, &length);
  return value != 0;
}

inline void ResetNow(int fd) { sys::CloseWithReset(fd); }

inline std::string RandomBytes(size_t length) {
  std::string bytes(length, '\0');
  for (size_t i = 0; i < length; i += 8) {
    const uint64_t word = Random()();
    memcpy(&bytes[i], &word, std::min<size_t>(8, length - i));
  }
  return bytes;
}

}  // namespace sluice::test
