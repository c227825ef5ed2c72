// The real kernel behind core/system.h: one call each, errno turned into a negative result, EINTR tried again. Owns no
// descriptor; whoever gets one from here owns it.
#include "core/system.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>

namespace sluice::sys {

namespace {

template <typename Call>
auto Retried(Call call) -> decltype(call()) {
  for (;;) {
    const auto result = call();
    if (result >= 0) return result;
    if (errno != EINTR) return -errno;
  }
}

int Set(int fd, int level, int option, int value) {
  return setsockopt(fd, level, option, &value, sizeof value) == 0 ? 0 : -errno;
}

// A call that took a descriptor and failed: give the descriptor back, say why.
int Failed(int fd, int error) {
  Close(fd);
  return error;
}

constexpr int kSocketFlags = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

}  // namespace

ssize_t Recv(int fd, void* bytes, size_t length) {
  return Retried([&] { return recv(fd, bytes, length, MSG_DONTWAIT); });
}

ssize_t Peek(int fd, void* bytes, size_t length) {
  return Retried([&] { return recv(fd, bytes, length, MSG_DONTWAIT | MSG_PEEK); });
}

ssize_t Send(int fd, const void* bytes, size_t length) {
  const int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  return Retried([&] { return send(fd, bytes, length, flags); });
}

ssize_t SpliceIn(int socket, int pipe_write_end, size_t length) {
  constexpr unsigned kFlags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK;
  return Retried([&] { return splice(socket, nullptr, pipe_write_end, nullptr, length, kFlags); });
}

ssize_t SpliceOut(int pipe_read_end, int socket, size_t length) {
  const unsigned flags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK;
  return Retried([&] { return splice(pipe_read_end, nullptr, socket, nullptr, length, flags); });
}

int ShutdownWrite(int fd) { return shutdown(fd, SHUT_WR) == 0 ? 0 : -errno; }

// Not tried again: on Linux the descriptor is gone even where close says EINTR.
int Close(int fd) { return close(fd) == 0 ? 0 : -errno; }

int CloseWithReset(int fd) {
  const linger at_once = {1, 0};
  // A Unix socket takes the option and knows no reset.
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  return Close(fd);
}

int OpenPipe(int* read_end, int* write_end, size_t bytes) {
  int ends[2];
  if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) return -errno;
  *read_end = ends[0];
  *write_end = ends[1];
  const int wished = fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(bytes));
  if (wished > 0) return wished;
  // Over the limit of this account (fs.pipe-user-pages-soft): what there is will do.
  const int given = fcntl(ends[1], F_GETPIPE_SZ);
  if (given > 0) return given;
  const int error = -errno;
  Close(ends[1]);
  return Failed(ends[0], error);
}

int Accept(int listening, sockaddr_storage* peer, socklen_t* peer_length) {
  return Retried([&] {
    *peer_length = sizeof *peer;
    return accept4(listening, reinterpret_cast<sockaddr*>(peer), peer_length,
                   SOCK_NONBLOCK | SOCK_CLOEXEC);
  });
}

int Connect(const sockaddr* address, socklen_t length, bool* connected) {
  const int fd = socket(address->sa_family, kSocketFlags, 0);
  if (fd < 0) return -errno;
  *connected = connect(fd, address, length) == 0;
  // An interrupted connect goes on by itself, too.
  if (*connected || errno == EINPROGRESS || errno == EINTR) return fd;
  return Failed(fd, -errno);
}

int TakeError(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

void SetNoDelay(int fd) { Set(fd, IPPROTO_TCP, TCP_NODELAY, 1); }

int LocalAddress(int fd, sockaddr_storage* address, socklen_t* length) {
  *length = sizeof *address;
  return getsockname(fd, reinterpret_cast<sockaddr*>(address), length) == 0 ? 0 : -errno;
}

int PeerAddress(int fd, sockaddr_storage* address, socklen_t* length) {
  *length = sizeof *address;
  return getpeername(fd, reinterpret_cast<sockaddr*>(address), length) == 0 ? 0 : -errno;
}

int Listen(const sockaddr* address, socklen_t length, int backlog, bool ipv6_only) {
  const int fd = socket(address->sa_family, kSocketFlags, 0);
  if (fd < 0) return -errno;
  if (address->sa_family != AF_UNIX) {
    // Both are inherited by whoever is accepted: no call for each of them.
    Set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    Set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    Set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  }
  if (address->sa_family == AF_INET6) Set(fd, IPPROTO_IPV6, IPV6_V6ONLY, ipv6_only ? 1 : 0);
  if (bind(fd, address, length) != 0) return Failed(fd, -errno);
  if (listen(fd, backlog) != 0) return Failed(fd, -errno);
  return fd;
}

// The filter of a TCP socket sees segments from the TCP header on; byte 13 has the flags. What is dropped there was
// never answered, so the client sends it again, perhaps to whoever listens next.
int IgnoreNewClients(int listening) {
  constexpr unsigned kFlagsByte = 13, kSyn = 0x02, kAck = 0x10;
  sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, kFlagsByte),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, kSyn | kAck),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kSyn, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
  };
  sockaddr_storage address;
  socklen_t length;
  const int error = LocalAddress(listening, &address, &length);
  if (error != 0 || address.ss_family == AF_UNIX) return error;
  const sock_fprog program = {std::size(steps), steps};
  return setsockopt(listening, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 ? 0
                                                                                          : -errno;
}

void StopListening(int listening) { shutdown(listening, SHUT_RDWR); }

int OpenEpoll() {
  const int fd = epoll_create1(EPOLL_CLOEXEC);
  return fd >= 0 ? fd : -errno;
}

int OpenEvent() {
  const int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return fd >= 0 ? fd : -errno;
}

void Raise(int event) {
  const uint64_t one = 1;
  Retried([&] { return write(event, &one, sizeof one); });
}

int Watch(int epoll, int fd, uint32_t events, void* tag) {
  epoll_event event = {};
  event.events = events;
  event.data.ptr = tag;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

int Unwatch(int epoll, int fd) {
  return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, nullptr) == 0 ? 0 : -errno;
}

// Interrupted is the same as nothing yet: whoever waits looks at the clock anyway.
int WaitForEvents(int epoll, epoll_event* events, int count, int timeout_ms) {
  const int ready = epoll_wait(epoll, events, count, timeout_ms);
  return ready >= 0 ? ready : 0;
}

namespace {

int64_t Micros(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return static_cast<int64_t>(time.tv_sec) * 1'000'000 + time.tv_nsec / 1'000;
}

}  // namespace

uint64_t NowMicros() { return static_cast<uint64_t>(Micros(CLOCK_MONOTONIC)); }

int64_t EpochMicros() { return Micros(CLOCK_REALTIME) - Micros(CLOCK_MONOTONIC); }

}  // namespace sluice::sys
