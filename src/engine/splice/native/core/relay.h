// Bytes both ways between the two sockets of a session: whole, in order, once. A side that reads slowly stops the other
// one; the end of one direction is passed on while the other goes on. Knows nothing of hosts, routes and deadlines.
//
// Each direction is a flow from its source to its sink:
//
//   source --Recv--> buffer of the worker --Send--> sink          small exchanges; what the sink does not take
//                            \-> held ----Send--> sink            stays behind in a buffer of its own
//   source --SpliceIn--> kernel pipe --SpliceOut--> sink          after some full reads in a row
//
// Nothing is read from a source while something of it is pending: that bounds what a session holds, and keeps the order.
// A pipe is lent only while there is something to move, so a session that is quiet holds neither pipe nor buffer.
//
// Owns both sockets of the session from the moment they are given, and what it has borrowed: at most one pipe and one
// held buffer for each direction. Touched by the worker of its session only.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "core/pipe_pool.h"

namespace sluice {

enum Side : uint8_t { kClient = 0, kHost = 1 };
inline Side OtherSide(Side side) { return side == kClient ? kHost : kClient; }

// What every relay of a worker uses in turn.
struct RelayTools {
  uint8_t* buffer;
  size_t buffer_bytes;
  PipePool& pipes;
  uint32_t full_reads_to_stream;
  uint32_t small_reads_to_calm;
  size_t turn_bytes;
  // Bytes that this worker has read from sockets, for its figures.
  uint64_t bytes_moved = 0;
};

// One direction: what was read from its source, and what its sink has not taken yet.
struct Flow {
  // Read from the source since the session began.
  uint64_t bytes = 0;
  // Lent by the pool while the direction streams and has something to move.
  Pipe* pipe = nullptr;
  // Bytes that the sink did not take, in a buffer of their own (malloc); never while the pipe has bytes, too.
  uint8_t* held = nullptr;
  uint32_t held_from = 0;
  uint32_t held_to = 0;
  // In a row: of a whole buffer while it copies, of less than one while it streams.
  uint8_t full_reads = 0;
  uint8_t small_reads = 0;
  // The source has sent its end, and everything before it was read; the sink was told.
  bool ended = false;
  bool end_passed = false;

  size_t pending() const { return held_to - held_from + (pipe == nullptr ? 0 : pipe->pending); }
};

// What became of a relay.
enum class Relayed : uint8_t {
  kWaiting,      // nothing to do before the next event
  kMore,         // its turn is over, there is more to move: call Pump again after the others
  kDone,         // both have ended, everything was delivered
  kClientReset,  // the client is gone
  kHostReset,    // the host is gone
  // Said once: the host had ended and now takes no more; what the client sends is dropped from now on. Otherwise as kMore.
  kLingering,
};

class Relay {
 public:
  Relay() = default;
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // Takes the socket over. It is not read before the system says that it can be; it is written at once.
  void Give(Side side, int fd, bool unix_socket = false);
  int fd(Side side) const { return fds_[side]; }
  // A host that did not accept: close its socket, keep the client's.
  void DropHost();

  // What the system says of one side, EPOLLPRI included. Before the relay has begun it is only remembered.
  void NoteEvents(Side side, uint32_t epoll_events);
  // As the system said: the connection is gone; nothing more will come after what is still to be read.
  bool broken(Side side) const { return broken_[side]; }
  bool end_seen(Side side) const { return end_seen_[side]; }

  // Bytes that the host gets before anything of the client (a PROXY header). Before the first Pump. They do not count.
  void Precede(const uint8_t* bytes, size_t length);

  // Move what can be moved, both ways, up to one turn of bytes each. Once it has said kDone or a reset, only Close.
  Relayed Pump(RelayTools& tools);

  // Close both sockets. `cut`: so that neither side takes what it has for all there was.
  void Close(bool cut, PipePool& pipes);

  const Flow& from_client() const { return flows_[kClient]; }
  const Flow& from_host() const { return flows_[kHost]; }
  // Bytes that the client had not taken when they were read; they stay with us.
  size_t unsent_to_client() const { return flows_[kHost].pending(); }

 private:
  enum class Step : uint8_t {
    kOn,            // go on with the next one
    kWait,          // the sink is full
    kSourceFailed,  // nothing more comes, and what came is not all there was
    kSinkFailed,    // takes no more
    kSinkEnded,     // takes no more, and has sent its end before
  };

  Relayed PumpFlow(Side from, RelayTools& tools);
  Relayed MoveAll(Side from, RelayTools& tools);
  Step Read(Side from, RelayTools& tools);
  Step Copy(Side from, RelayTools& tools);
  Step Stream(Side from, RelayTools& tools);
  Step NothingRead(Side from, ssize_t result);
  void NoteShortRead(Side from);
  Step Send(Side from, const uint8_t* bytes, size_t length);
  Step Deliver(Side from);
  Step DeliverHeld(Side from);
  Step DeliverPipe(Side from);
  static Step SinkFailure(ssize_t result);
  void PrepareSend(Side to);
  bool PrecedesBytes(Side from) const;
  Relayed Failed(Side from, Step step, RelayTools& tools);
  Relayed HostRefused(Step step, RelayTools& tools);
  bool Finished(Side from) const { return flows_[from].ended && flows_[from].pending() == 0; }
  void PassEnd(Side from);

  // In the order of Side: the flow *from* that side.
  int fds_[2] = {-1, -1};
  Flow flows_[2];
  // May be tried; false after the system said "would block", until the next event.
  bool readable_[2] = {false, false};
  bool writable_[2] = {false, false};
  // The system told of the end of what this side sends: it comes right after what is still to be read.
  bool end_seen_[2] = {false, false};
  bool broken_[2] = {false, false};
  // A read that returns less than it might does not mean that nothing is left: reads stop at urgent data (TCP) and at
  // passed descriptors (Unix).
  bool unsure_[2] = {false, false};
  // Bytes of the client are dropped: the host has ended and takes no more.
  bool discarding_ = false;
  bool sent_to_host_ = false;
  bool no_delay_set_ = false;
};

static_assert(sizeof(Relay) <= 160, "every session has one");

}  // namespace sluice
