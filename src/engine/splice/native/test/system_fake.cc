// The calls of core/system.h on the kernel to play with; linked in place of core/system.cc.
#include "test/system_fake.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sluice::sys {

namespace {

using fake::Fate;
using fake::kernel;
using fake::Kind;
using fake::Socket;

void Called(const char* name) {
  kernel.calls += 1;
  if (!kernel.listing) return;
  if (!kernel.call_list.empty()) kernel.call_list += ' ';
  kernel.call_list += name;
}

Socket& SocketAt(int fd) { return *kernel.At(fd, Kind::kSocket).socket; }

int CloseDescriptor(int fd, bool reset) {
  const auto found = kernel.descriptors.find(fd);
  if (found == kernel.descriptors.end()) fake::Fault("closed what is not open");
  const fake::Descriptor descriptor = found->second;
  kernel.watched.erase(fd);
  kernel.descriptors.erase(found);
  if (descriptor.kind == Kind::kSocket) kernel.Close(*descriptor.socket, reset);
  return 0;
}

// What of a pipe's room a splice gets: pages are counted, not bytes.
size_t RoomIn(const fake::KernelPipe& pipe) {
  if (!pipe.bytes.empty() && kernel.Chance(50)) return 0;
  const size_t room = pipe.capacity - pipe.bytes.size();
  return room > 1 && kernel.Chance(30) ? 1 + kernel.Below(room - 1) : room;
}

}  // namespace

ssize_t Recv(int fd, void* bytes, size_t length) {
  Called("recv");
  if (length == 0) fake::Fault("asked for no bytes");
  return kernel.Take(SocketAt(fd), static_cast<char*>(bytes), length);
}

ssize_t Peek(int fd, void* bytes, size_t length) {
  Called("peek");
  const Socket& socket = SocketAt(fd);
  const size_t count = std::min(length, kernel.Readable(socket));
  memcpy(bytes, socket.in.data(), count);
  if (count > 0 || socket.end_in) return static_cast<ssize_t>(count);
  return socket.error != 0 ? -socket.error : -EAGAIN;
}

ssize_t Send(int fd, const void* bytes, size_t length) {
  Called("send");
  if (length == 0) fake::Fault("sent no bytes");
  return kernel.Put(SocketAt(fd), static_cast<const char*>(bytes), length);
}

// Stops at urgent data, and takes it for the end where the end is behind it.
ssize_t SpliceIn(int socket, int pipe_write_end, size_t length) {
  Called("splice-in");
  fake::KernelPipe& pipe = *kernel.At(pipe_write_end, Kind::kPipeWrite).pipe;
  Socket& source = SocketAt(socket);
  const size_t room = std::min(length, RoomIn(pipe));
  if (room == 0) return -EAGAIN;
  if (source.mark == 0) return source.end_in ? 0 : -EAGAIN;
  std::string bytes(std::min(room, std::max<size_t>(kernel.Readable(source), 1)), '\0');
  const ssize_t count = kernel.Take(source, bytes.data(), bytes.size());
  if (count > 0) pipe.bytes.append(bytes, 0, static_cast<size_t>(count));
  return count;
}

ssize_t SpliceOut(int pipe_read_end, int socket, size_t length) {
  Called("splice-out");
  fake::KernelPipe& pipe = *kernel.At(pipe_read_end, Kind::kPipeRead).pipe;
  if (length != pipe.bytes.size()) fake::Fault("a pipe has not what is said to be pending");
  fake::Socket& sink = SocketAt(socket);
  const ssize_t count = kernel.Put(sink, pipe.bytes.data(), length);
  if (count <= 0) return count;
  pipe.bytes.erase(0, static_cast<size_t>(count));
  // A process that was stopped in the middle of it moves less though there is room; no event is promised then.
  sink.told_full = sink.wants_room = false;
  return count;
}

int ShutdownWrite(int fd) {
  Called("shutdown");
  return kernel.End(SocketAt(fd));
}

int Close(int fd) {
  Called("close");
  return CloseDescriptor(fd, false);
}

int CloseWithReset(int fd) {
  Called("reset");
  return CloseDescriptor(fd, true);
}

int OpenPipe(int* read_end, int* write_end, size_t bytes) {
  Called("pipe");
  if (kernel.Chance(kernel.mood.no_pipe)) return -EMFILE;
  const auto pipe = std::make_shared<fake::KernelPipe>();
  pipe->capacity = bytes;
  *read_end = kernel.Open({Kind::kPipeRead, nullptr, pipe, false});
  *write_end = kernel.Open({Kind::kPipeWrite, nullptr, pipe, false});
  return static_cast<int>(bytes);
}

int Accept(int listening, sockaddr_storage* peer, socklen_t* peer_length) {
  Called("accept");
  kernel.At(listening, Kind::kListener);
  if (kernel.arriving.empty()) return -EAGAIN;
  if (kernel.Chance(kernel.mood.failed_accept)) return kernel.Chance(50) ? -EMFILE : -ECONNABORTED;
  Socket& ours = *std::exchange(kernel.arriving.front(), nullptr);
  kernel.arriving.pop_front();
  ours.fd = kernel.Open({Kind::kSocket, &ours, nullptr, false});
  memcpy(peer, &ours.target.storage, sizeof *peer);
  *peer_length = ours.target.length;
  return ours.fd;
}

int Connect(const sockaddr* address, socklen_t length, bool* connected) {
  Called("connect");
  constexpr Fate kFates[] = {Fate::kAtOnce, Fate::kSoon, Fate::kSoon, Fate::kRefused,
                             Fate::kNoneLeft};
  const Fate fate = kernel.mood.fate == Fate::kAny ? kFates[kernel.Below(5)] : kernel.mood.fate;
  *connected = false;
  if (fate == Fate::kRefused) return -ECONNREFUSED;
  if (fate == Fate::kNoneLeft) return kernel.Chance(50) ? -EMFILE : -EADDRNOTAVAIL;
  Socket& socket = kernel.NewSocket();
  socket.fd = kernel.Open({Kind::kSocket, &socket, nullptr, false});
  socket.connecting = true;
  memcpy(&socket.target.storage, address, length);
  socket.target.length = length;
  End local;
  local.ip = ParseIp("127.0.0.1");
  local.port = static_cast<uint16_t>(socket.fd % 30'000 + 1);
  socket.local = AddressOf(local);
  *connected = fate == Fate::kAtOnce;
  if (*connected) kernel.Settle(socket, fate);
  return socket.fd;
}

int TakeError(int fd) { return std::exchange(SocketAt(fd).error, 0); }

void SetNoDelay(int fd) {
  Called("nodelay");
  SocketAt(fd);
}

int LocalAddress(int fd, sockaddr_storage* address, socklen_t* length) {
  Called("local");
  const Socket& socket = SocketAt(fd);
  memcpy(address, &socket.local.storage, sizeof *address);
  *length = socket.local.length;
  return socket.dead ? -ENOTCONN : 0;
}

int PeerAddress(int fd, sockaddr_storage* address, socklen_t* length) {
  const Socket& socket = SocketAt(fd);
  memcpy(address, &socket.target.storage, sizeof *address);
  *length = socket.target.length;
  return socket.dead ? -ENOTCONN : 0;
}

int Listen(const sockaddr*, socklen_t, int, bool) {
  return kernel.Open({Kind::kListener, nullptr, nullptr, false});
}

int IgnoreNewClients(int listening) {
  kernel.At(listening, Kind::kListener);
  return 0;
}

void StopListening(int listening) { kernel.At(listening, Kind::kListener); }

int OpenEpoll() { return kernel.Open({Kind::kEpoll, nullptr, nullptr, false}); }

int OpenEvent() { return kernel.Open({Kind::kEvent, nullptr, nullptr, false}); }

void Raise(int event) {
  kernel.At(event, Kind::kEvent).raised = true;
  kernel.Wake(event);
}


int Watch(int epoll, int fd, uint32_t events, void* tag) {
  Called("watch");
  kernel.At(epoll, Kind::kEpoll);
  if (kernel.descriptors.count(fd) == 0) fake::Fault("watched what is not open");
  if (!kernel.watched.emplace(fd, fake::Watched{events, tag, true}).second)
    fake::Fault("watched twice");
  return 0;
}

int Unwatch(int epoll, int fd) {
  kernel.At(epoll, Kind::kEpoll);
  return kernel.watched.erase(fd) == 1 ? 0 : -ENOENT;
}

int WaitForEvents(int epoll, epoll_event* events, int count, int timeout_ms) {
  Called("wait");
  kernel.At(epoll, Kind::kEpoll);
  if (timeout_ms != 0) fake::Fault("waits for what never comes");
  std::vector<int> order;
  for (const auto& [fd, watched] : kernel.watched) order.push_back(fd);
  std::sort(order.begin(), order.end());
  std::shuffle(order.begin(), order.end(), kernel.random);
  int ready = 0;
  for (const int fd : order) {
    fake::Watched& watched = kernel.watched.at(fd);
    const bool by_edge = (watched.events & EPOLLET) != 0;
    if (ready == count || (by_edge && !watched.due) || kernel.Chance(kernel.mood.late_event))
      continue;
    const uint32_t asked = watched.events | EPOLLERR | EPOLLHUP;
    const uint32_t found = kernel.Poll(fd) & asked;
    watched.due = false;
    if (found == 0) continue;
    events[ready].events = found;
    events[ready++].data.ptr = watched.tag;
  }
  return ready;
}

uint64_t NowMicros() { return kernel.now_us; }
int64_t EpochMicros() { return 0; }

}  // namespace sluice::sys
