// What sockets of the kernel to play with do; the calls themselves are in system_fake.cc.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "test/system_fake.h"

namespace sluice::fake {

Kernel kernel;

void Fault(const std::string& what) {
  std::printf("FAULT %s; again: --seed %llu\n", what.c_str(),
              static_cast<unsigned long long>(kernel.seed));
  std::fflush(stdout);
  std::abort();
}

void Kernel::Reset(uint64_t wanted_seed, const Mood& wanted) {
  *this = Kernel();
  mood = wanted;
  seed = wanted_seed;
  random.seed(seed);
  now_us = 1'000'000;
}

Socket& Kernel::NewSocket() {
  sockets.push_back(std::make_unique<Socket>());
  Socket& socket = *sockets.back();
  socket.in_max = 1 + Below(mood.room_most);
  return socket;
}

Socket& Kernel::NewConnection() {
  Socket& ours = NewSocket();
  Socket& theirs = NewSocket();
  ours.peer = &theirs;
  theirs.peer = &ours;
  ours.fd = Open({Kind::kSocket, &ours, nullptr, false});
  return ours;
}

int Kernel::Open(Descriptor descriptor) {
  const int fd = next_fd++;
  descriptors[fd] = std::move(descriptor);
  return fd;
}

Descriptor& Kernel::At(int fd, Kind kind) {
  const auto found = descriptors.find(fd);
  if (found == descriptors.end()) Fault("descriptor " + std::to_string(fd) + " is not open");
  if (found->second.kind != kind) Fault("descriptor " + std::to_string(fd) + " is of another kind");
  return found->second;
}

// In the order of Linux: what arrived, the end, the error, and then the end again.
ssize_t Kernel::Take(Socket& socket, char* bytes, size_t length) {
  if (socket.mark == 0) socket.mark = kNoMark;
  const size_t count = std::min(length, Readable(socket));
  if (count > 0) {
    std::copy_n(socket.in.data(), count, bytes);
    socket.in.erase(0, count);
    // Less than was asked for, and no reason why: that was all.
    if (count < length && !socket.had_mark && !socket.end_in && !socket.dead)
      socket.told_empty = true;
    if (socket.mark != kNoMark) socket.mark -= count;
    return static_cast<ssize_t>(count);
  }
  if (socket.end_in) return 0;
  if (socket.error != 0) return -std::exchange(socket.error, 0);
  if (socket.dead) return 0;
  if (std::exchange(socket.told_empty, true) && mood.strict && socket.fd >= 0)
    Fault("read again for nothing");
  return -EAGAIN;
}

ssize_t Kernel::Put(Socket& socket, const char* bytes, size_t length) {
  if (socket.connecting) Fault("sent before it was connected");
  if (socket.wrote_end && socket.fd >= 0) Fault("sent after its end");
  if (socket.error != 0) return -std::exchange(socket.error, 0);
  if (socket.dead) return -EPIPE;
  Socket& peer = *socket.peer;
  if (peer.closed) {
    socket.reset_due = true;
    socket.sent += length;
    socket.lost += length;
    return static_cast<ssize_t>(length);
  }
  const size_t room = peer.in_max - std::min(peer.in.size(), peer.in_max);
  size_t count = std::min(room, length);
  if (count > 1 && Chance(mood.short_write)) count = 1 + Below(count - 1);
  if (count < length) {
    if (std::exchange(socket.told_full, true) && mood.strict && socket.fd >= 0 && count == 0)
      Fault("sent again for nothing");
    socket.wants_room = true;
  }
  if (count == 0) return -EAGAIN;
  peer.in.append(bytes, count);
  socket.sent += count;
  Wake(peer);
  return static_cast<ssize_t>(count);
}

int Kernel::End(Socket& socket) {
  if (socket.dead) return -ENOTCONN;
  if (socket.wrote_end && socket.fd >= 0) Fault("ended twice");
  socket.wrote_end = true;
  socket.peer->end_in = true;
  Wake(*socket.peer);
  return 0;
}

// Who closes with something unread resets, as Linux does.
void Kernel::Close(Socket& socket, bool reset) {
  if (std::exchange(socket.closed, true)) Fault("closed twice");
  Socket* peer = socket.peer;
  if (peer == nullptr || peer->closed || peer->dead || socket.dead) return;
  if (reset || !socket.in.empty()) {
    peer->error = peer->end_in ? EPIPE : ECONNRESET;
    peer->cut = !peer->end_in;
    peer->dead = true;
  } else {
    peer->end_in = true;
  }
  Wake(*peer);
}

size_t Kernel::Readable(const Socket& socket) const {
  return std::min(socket.in.size(), socket.mark);
}

uint32_t Kernel::Poll(Socket& socket) const {
  if (socket.connecting) return 0;
  uint32_t events = 0;
  if (!socket.in.empty() || socket.end_in || socket.dead) events |= EPOLLIN;
  if (socket.end_in || socket.dead) events |= EPOLLRDHUP;
  if (socket.dead || (socket.end_in && socket.wrote_end)) events |= EPOLLHUP;
  if (socket.error != 0) events |= EPOLLERR;
  if (socket.mark != kNoMark) events |= EPOLLPRI;
  const bool full = socket.peer != nullptr && !socket.peer->closed &&
                    socket.peer->in.size() >= socket.peer->in_max;
  if (socket.dead || socket.wrote_end || !full) events |= EPOLLOUT;
  if (full) socket.wants_room = true;
  return events;
}

uint32_t Kernel::Poll(int fd) {
  Descriptor& descriptor = descriptors.at(fd);
  if (descriptor.kind == Kind::kSocket) return Poll(*descriptor.socket);
  const bool ready = descriptor.kind == Kind::kEvent ? descriptor.raised : !arriving.empty();
  return ready ? static_cast<uint32_t>(EPOLLIN) : 0;
}

void Told(Socket& socket, uint32_t events) {
  if ((events & ~static_cast<uint32_t>(EPOLLOUT)) != 0) socket.told_empty = false;
  if ((events & EPOLLOUT) != 0) socket.told_full = false;
}

void Kernel::Wake(int fd) {
  const auto found = watched.find(fd);
  if (found != watched.end()) found->second.due = true;
}

void Kernel::Arrive(Socket& socket) {
  if (socket.closed || socket.dead || socket.connecting) return;
  if (socket.reset_due && Chance(70)) {
    socket.error = socket.end_in ? EPIPE : ECONNRESET;
    socket.dead = true;
    Wake(socket);
  }
  const Socket* peer = socket.peer;
  if (!socket.wants_room || peer == nullptr || Chance(30)) return;
  if (!peer->closed && peer->in.size() >= peer->in_max) return;
  socket.wants_room = false;
  Wake(socket);
}

void Kernel::Settle(Socket& socket, Fate fate) {
  socket.connecting = fate == Fate::kNever;
  if (fate == Fate::kNever) return;
  if (fate == Fate::kRefused || fate == Fate::kRefusedLater) {
    socket.dead = true;
    socket.error = Chance(50) ? ECONNREFUSED : EHOSTUNREACH;
  } else {
    Socket& host = fate == Fate::kSelf ? socket : NewSocket();
    socket.peer = &host;
    host.peer = &socket;
    if (fate == Fate::kSelf) socket.local = socket.target;
    if (fate != Fate::kSelf) reached.push_back(&host);
  }
  Wake(socket);
}

void Kernel::Tick() {
  now_us += Below(2'000);
  for (size_t i = 0; i < sockets.size(); i++) {
    Socket& socket = *sockets[i];
    if (socket.fd < 0 || socket.closed) continue;
    if (socket.connecting && socket.peer == nullptr && Chance(40)) {
      constexpr Fate kFates[] = {Fate::kSoon, Fate::kSoon, Fate::kSoon, Fate::kRefusedLater,
                                 Fate::kNever, Fate::kSelf};
      if (mood.fate != Fate::kNever)
        Settle(socket, mood.fate == Fate::kAny ? kFates[Below(6)] : mood.fate);
    }
    Arrive(socket);
    if (Chance(mood.needless_event)) Wake(socket);
  }
}

}  // namespace sluice::fake
