// A kernel to play with: core/system.h on sockets, pipes and events that live in memory, on a clock that the fuzzer turns.
// It does what Linux may do and rarely does: tiny buffers, short writes, late and needless wake-ups, reads that stop at
// urgent data, pipes that are full or not to be had, hosts that hang. One thread.
//
// Every use of a descriptor is checked: one that is not open, or not of the kind that the call needs, ends the program, and
// so does one that is still open when everything should be over. Numbers are never used again, so that nothing is missed.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/address.h"
#include "core/system.h"

namespace sluice::fake {

inline constexpr size_t kNoMark = SIZE_MAX;

// One end of a connection. Those with a descriptor are the engine's, the others in the hands of the fuzzer.
struct Socket {
  int fd = -1;
  Socket* peer = nullptr;
  // Arrived and not read, and how much of it there may be.
  std::string in;
  size_t in_max = 0;
  // Bytes before urgent data, at which a read stops.
  size_t mark = kNoMark;
  bool had_mark = false;
  // The peer's end comes after `in`.
  bool end_in = false;
  bool wrote_end = false;
  bool closed = false;
  // A reset came; `error` is told once. `cut`: it came before the peer's end.
  bool dead = false;
  bool cut = false;
  int error = 0;
  // Was told that there is no room, and is owed a wake-up.
  bool wants_room = false;
  // The engine was told "would block", and of no event since: to try again is a call for nothing, and a fault where the
  // fuzzer says of each event when it was told (`Told`) and is strict.
  bool told_empty = false;
  bool told_full = false;
  // Sent to a peer that is gone, which will answer with a reset.
  bool reset_due = false;
  bool connecting = false;
  SocketAddress local;
  SocketAddress target;
  // Of all bytes that it sent: put into the connection, and lost because the peer was gone.
  uint64_t sent = 0;
  uint64_t lost = 0;
};

struct KernelPipe {
  std::string bytes;
  size_t capacity = 0;
};

enum class Kind : uint8_t { kSocket, kListener, kPipeRead, kPipeWrite, kEpoll, kEvent };

struct Descriptor {
  Kind kind = Kind::kSocket;
  Socket* socket = nullptr;
  std::shared_ptr<KernelPipe> pipe;
  bool raised = false;
};

struct Watched {
  uint32_t events = 0;
  void* tag = nullptr;
  bool due = false;
};

// What happens to the next connect; kAny draws one.
enum class Fate : uint8_t {
  kAny,
  kAtOnce,
  kSoon,
  kRefused,
  kRefusedLater,
  kNever,
  kSelf,
  kNoneLeft,
};

// How hostile it is: chances in 100.
struct Mood {
  int short_write = 10;
  int late_event = 15;
  int needless_event = 3;
  int no_pipe = 5;
  int failed_accept = 3;
  size_t room_most = 300;
  Fate fate = Fate::kAny;
  bool strict = false;
};

struct Kernel {
  // Forgets everything and begins anew.
  void Reset(uint64_t seed, const Mood& wanted);
  bool Chance(int percent) { return Below(100) < static_cast<size_t>(percent); }
  size_t Below(size_t limit) { return random() % limit; }

  Socket& NewSocket();
  // Two ends of a connection; the first one gets a descriptor.
  Socket& NewConnection();
  int Open(Descriptor descriptor);
  Descriptor& At(int fd, Kind kind);
  size_t OpenCount() const { return descriptors.size(); }

  // What both the engine and the fuzzer do with an end.
  ssize_t Take(Socket& socket, char* bytes, size_t length);
  ssize_t Put(Socket& socket, const char* bytes, size_t length);
  int End(Socket& socket);
  void Close(Socket& socket, bool reset);
  // How much of `in` a splice may have; less than all before urgent data.
  size_t Readable(const Socket& socket) const;
  uint32_t Poll(Socket& socket) const;
  uint32_t Poll(int fd);

  void Wake(int fd);
  void Wake(const Socket& socket) { Wake(socket.fd); }
  // What takes time happens: resets, connects, room, needless wake-ups.
  void Tick();
  void Settle(Socket& connecting, Fate fate);
  void Arrive(Socket& socket);

  Mood mood;
  uint64_t seed = 0;
  std::mt19937_64 random;
  int next_fd = 100;
  uint64_t now_us = 0;
  std::unordered_map<int, Descriptor> descriptors;
  std::unordered_map<int, Watched> watched;
  std::deque<std::unique_ptr<Socket>> sockets;
  // Clients that nobody has accepted yet, and hosts that the fuzzer has not seen yet: their own ends.
  std::deque<Socket*> arriving;
  std::vector<Socket*> reached;
  uint64_t calls = 0;
  std::string call_list;  // one word for each call, while `listing`
  bool listing = false;
};

extern Kernel kernel;

void Told(Socket& socket, uint32_t events);

// A fault of the engine: says it, with the seed that plays it again, and ends the program.
[[noreturn]] void Fault(const std::string& what);

}  // namespace sluice::fake
