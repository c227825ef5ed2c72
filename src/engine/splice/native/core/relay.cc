// How bytes get from one side to the other; the picture is in the header. Calls that are known to fail are not made: a
// source is read while the system may have something, a sink is written until it takes less than it was given.
#include "core/relay.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "core/system.h"

namespace sluice {

namespace {

bool Hold(Flow& flow, const uint8_t* bytes, size_t length) {
  flow.held = static_cast<uint8_t*>(malloc(length));
  if (flow.held == nullptr) return false;
  memcpy(flow.held, bytes, length);
  flow.held_from = 0;
  flow.held_to = static_cast<uint32_t>(length);
  return true;
}

void FreeHeld(Flow& flow) {
  free(flow.held);
  flow.held = nullptr;
  flow.held_from = flow.held_to = 0;
}

void GiveBackPipe(Flow& flow, PipePool& pipes) {
  if (flow.pipe == nullptr) return;
  pipes.Release(flow.pipe);
  flow.pipe = nullptr;
}

void DropPending(Flow& flow, PipePool& pipes) {
  FreeHeld(flow);
  GiveBackPipe(flow, pipes);
}

bool Streams(const Flow& flow, const RelayTools& tools) {
  return flow.full_reads >= tools.full_reads_to_stream;
}

void NoteCopied(Flow& flow, bool full, const RelayTools& tools) {
  if (!full) flow.full_reads = 0;
  if (full && !Streams(flow, tools)) flow.full_reads += 1;
}

void NoteStreamed(Flow& flow, size_t bytes, const RelayTools& tools) {
  flow.small_reads = bytes < tools.buffer_bytes ? flow.small_reads + 1 : 0;
  if (flow.small_reads < tools.small_reads_to_calm) return;
  flow.small_reads = 0;
  flow.full_reads = 0;
}

void Count(Flow& flow, size_t bytes, RelayTools& tools) {
  flow.bytes += bytes;
  tools.bytes_moved += bytes;
}

bool IsReset(Relayed relayed) {
  return relayed == Relayed::kClientReset || relayed == Relayed::kHostReset;
}

}  // namespace

// The system tells a side that was reset after its end from one that was reset without.
Relay::Step Relay::SinkFailure(ssize_t result) {
  return result == -EPIPE ? Step::kSinkEnded : Step::kSinkFailed;
}

void Relay::Give(Side side, int fd, bool unix_socket) {
  fds_[side] = fd;
  readable_[side] = false;
  writable_[side] = true;
  end_seen_[side] = false;
  broken_[side] = false;
  unsure_[side] = unix_socket;
  // A Unix socket delays nothing and does not know the option.
  if (side == kHost) no_delay_set_ = unix_socket;
}

void Relay::DropHost() {
  if (fds_[kHost] >= 0) sys::Close(fds_[kHost]);
  Give(kHost, -1);
}

void Relay::NoteEvents(Side side, uint32_t epoll_events) {
  if ((epoll_events & (EPOLLRDHUP | EPOLLHUP)) != 0) end_seen_[side] = true;
  if ((epoll_events & EPOLLERR) != 0) broken_[side] = true;
  if ((epoll_events & EPOLLPRI) != 0) unsure_[side] = true;
  if ((epoll_events & (EPOLLIN | EPOLLPRI | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
    readable_[side] = true;
  if ((epoll_events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) writable_[side] = true;
}

void Relay::Precede(const uint8_t* bytes, size_t length) { Hold(flows_[kClient], bytes, length); }

// The host first: when both have ended, or the host is gone, what it said is on its way before anything else is found out.
Relayed Relay::Pump(RelayTools& tools) {
  const Relayed from_host = PumpFlow(kHost, tools);
  if (IsReset(from_host)) return from_host;
  const Relayed from_client = PumpFlow(kClient, tools);
  if (IsReset(from_client)) return from_client;
  // Closing both tells the same as passing the last end on, and is one call less.
  if (Finished(kHost) && Finished(kClient)) return Relayed::kDone;
  PassEnd(kHost);
  PassEnd(kClient);
  return from_client == Relayed::kWaiting ? from_host : from_client;
}

void Relay::Close(bool cut, PipePool& pipes) {
  for (const Side side : {kHost, kClient}) {
    DropPending(flows_[side], pipes);
    if (fds_[side] < 0) continue;
    if (cut)
      sys::CloseWithReset(fds_[side]);
    else
      sys::Close(fds_[side]);
    fds_[side] = -1;
  }
}

Relayed Relay::PumpFlow(Side from, RelayTools& tools) {
  const Relayed relayed = MoveAll(from, tools);
  Flow& flow = flows_[from];
  if (flow.pipe != nullptr && flow.pipe->pending == 0) GiveBackPipe(flow, tools.pipes);
  return relayed;
}

Relayed Relay::MoveAll(Side from, RelayTools& tools) {
  Flow& flow = flows_[from];
  const uint64_t end_of_turn = flow.bytes + tools.turn_bytes;
  for (;;) {
    Step step;
    if (flow.pending() > 0 && !PrecedesBytes(from))
      step = Deliver(from);
    else if (flow.ended || !readable_[from])
      return Relayed::kWaiting;
    else if (flow.bytes >= end_of_turn)
      return Relayed::kMore;
    else
      step = Read(from, tools);
    if (step == Step::kWait) return Relayed::kWaiting;
    if (step != Step::kOn) return Failed(from, step, tools);
  }
}

Relay::Step Relay::Read(Side from, RelayTools& tools) {
  Flow& flow = flows_[from];
  const bool discards = discarding_ && from == kClient;
  if (!Streams(flow, tools) || unsure_[from] || discards) return Copy(from, tools);
  if (flow.pipe == nullptr) flow.pipe = tools.pipes.Acquire();
  return flow.pipe == nullptr ? Copy(from, tools) : Stream(from, tools);
}

Relay::Step Relay::Copy(Side from, RelayTools& tools) {
  Flow& flow = flows_[from];
  const size_t ahead = flow.pending();
  if (ahead > 0) memcpy(tools.buffer, flow.held + flow.held_from, ahead);
  const size_t room = tools.buffer_bytes - ahead;
  const ssize_t result = sys::Recv(fds_[from], tools.buffer + ahead, room);
  if (result <= 0) return NothingRead(from, result);
  const size_t got = static_cast<size_t>(result);
  Count(flow, got, tools);
  NoteCopied(flow, got == room, tools);
  if (got < room) NoteShortRead(from);
  FreeHeld(flow);
  return Send(from, tools.buffer, ahead + got);
}

// How much fits into a pipe depends on how the bytes lie in memory, so a short read says nothing here.
Relay::Step Relay::Stream(Side from, RelayTools& tools) {
  Flow& flow = flows_[from];
  Pipe& pipe = *flow.pipe;
  const ssize_t result = sys::SpliceIn(fds_[from], pipe.write_end.get(), pipe.capacity);
  // The system also says "end" where urgent data precedes the end; what a read says is true.
  if (result == 0) return Copy(from, tools);
  if (result < 0) return NothingRead(from, result);
  pipe.pending = static_cast<size_t>(result);
  Count(flow, pipe.pending, tools);
  NoteStreamed(flow, pipe.pending, tools);
  return DeliverPipe(from);
}

Relay::Step Relay::NothingRead(Side from, ssize_t result) {
  if (result < 0 && result != -EAGAIN) return Step::kSourceFailed;
  readable_[from] = false;
  if (result == 0) flows_[from].ended = true;
  return Step::kOn;
}

// All there was has been read. Where the end was announced, nothing comes after it: asking for it would be a call more.
void Relay::NoteShortRead(Side from) {
  if (unsure_[from] || broken_[from]) return;
  readable_[from] = false;
  if (end_seen_[from]) flows_[from].ended = true;
}

Relay::Step Relay::Send(Side from, const uint8_t* bytes, size_t length) {
  if (discarding_ && from == kClient) return Step::kOn;
  const Side to = OtherSide(from);
  PrepareSend(to);
  const ssize_t result = sys::Send(fds_[to], bytes, length);
  if (result < 0 && result != -EAGAIN) return SinkFailure(result);
  const size_t sent = static_cast<size_t>(std::max<ssize_t>(result, 0));
  if (sent == length) return Step::kOn;
  writable_[to] = false;
  return Hold(flows_[from], bytes + sent, length - sent) ? Step::kWait : Step::kSinkFailed;
}

Relay::Step Relay::Deliver(Side from) {
  if (!writable_[OtherSide(from)]) return Step::kWait;
  return flows_[from].held != nullptr ? DeliverHeld(from) : DeliverPipe(from);
}

Relay::Step Relay::DeliverHeld(Side from) {
  Flow& flow = flows_[from];
  const Side to = OtherSide(from);
  PrepareSend(to);
  const size_t length = flow.held_to - flow.held_from;
  const ssize_t result = sys::Send(fds_[to], flow.held + flow.held_from, length);
  if (result < 0 && result != -EAGAIN) return SinkFailure(result);
  flow.held_from += static_cast<uint32_t>(std::max<ssize_t>(result, 0));
  if (flow.pending() == 0) {
    FreeHeld(flow);
    return Step::kOn;
  }
  writable_[to] = false;
  return Step::kWait;
}

// The system moves the whole pipe in one call, unless the sink is full, or the process is stopped in the middle of it
// (SIGSTOP, a debugger, a container that is frozen). No event comes of the latter, so only EAGAIN says that it is full.
Relay::Step Relay::DeliverPipe(Side from) {
  Pipe& pipe = *flows_[from].pipe;
  const Side to = OtherSide(from);
  PrepareSend(to);
  const ssize_t result = sys::SpliceOut(pipe.read_end.get(), fds_[to], pipe.pending);
  if (result < 0 && result != -EAGAIN) return SinkFailure(result);
  pipe.pending -= static_cast<size_t>(std::max<ssize_t>(result, 0));
  if (result > 0) return Step::kOn;
  writable_[to] = false;
  return Step::kWait;
}

// The system holds back a second small send until the first one is acknowledged, unless it is told otherwise. Many
// sessions send their host one request, and need not pay for that.
void Relay::PrepareSend(Side to) {
  if (to == kClient || no_delay_set_) return;
  if (sent_to_host_) {
    sys::SetNoDelay(fds_[kHost]);
    no_delay_set_ = true;
  }
  sent_to_host_ = true;
}

// The first bytes of the client travel with the header that precedes them, in one send.
bool Relay::PrecedesBytes(Side from) const {
  const Flow& flow = flows_[from];
  const bool fits = flow.held_to > 0 && flow.held_from == 0 && flow.bytes == 0;
  return fits && !flow.ended && readable_[from] && writable_[OtherSide(from)];
}

Relayed Relay::Failed(Side from, Step step, RelayTools& tools) {
  const bool client = (from == kClient) == (step == Step::kSourceFailed);
  if (client) return Relayed::kClientReset;
  return step == Step::kSourceFailed ? Relayed::kHostReset : HostRefused(step, tools);
}

Relayed Relay::HostRefused(Step step, RelayTools& tools) {
  // What it said before it was gone is still to be read, perhaps its end, too.
  readable_[kHost] = true;
  if (!flows_[kHost].ended && step != Step::kSinkEnded) {
    PumpFlow(kHost, tools);
    return Relayed::kHostReset;
  }
  DropPending(flows_[kClient], tools.pipes);
  flows_[kClient].end_passed = true;
  discarding_ = true;
  return Relayed::kLingering;
}

void Relay::PassEnd(Side from) {
  Flow& flow = flows_[from];
  if (!Finished(from) || flow.end_passed) return;
  flow.end_passed = true;
  // A sink that is gone says so when it is read or written next.
  sys::ShutdownWrite(fds_[OtherSide(from)]);
}

}  // namespace sluice
