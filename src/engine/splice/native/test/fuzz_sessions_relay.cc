// A relay alone, on the kernel to play with: clients and hosts do whatever they may, in any order. After every step the
// bytes are counted: what was sent is what was taken, what waits in the kernel and what is pending; in the end everything is
// delivered, or there is a reason.
#include <sys/epoll.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/relay.h"
#include "test/options.h"
#include "test/system_fake_outer.h"
#include "test/system_fake.h"

namespace sluice::fake {

namespace {

constexpr uint32_t kWatched = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET;
// Enough to drain everything there can be, a byte at a time.
constexpr int kTurnsToFinish = 200'000;

class RelayRun {
 public:
  RelayRun();
  void Play();

 private:
  void Begin();
  void Turn();
  void Note();
  void Tell(const epoll_event& event);
  void EndOne(Side side);
  void Pump();
  void CheckFlow(Side from);
  void CheckReason();
  void CheckDelivered(Side from);
  Outer& outer(Side side) { return side == kClient ? client_ : host_; }
  const Flow& flow(Side from) const {
    return from == kClient ? relay_.from_client() : relay_.from_host();
  }
  bool over() const { return last_ >= Relayed::kDone && last_ != Relayed::kLingering; }

  Socket& ours_client_ = kernel.NewConnection();
  Socket& ours_host_ = kernel.NewConnection();
  Outer client_{*ours_client_.peer, 1};
  Outer host_{*ours_host_.peer, 2};
  std::vector<uint8_t> buffer_ = std::vector<uint8_t>(120 + kernel.Below(200));
  PipePool pool_{kernel.Below(3), 1 + kernel.Below(400)};
  RelayTools tools_{buffer_.data(),
                    buffer_.size(),
                    pool_,
                    static_cast<uint32_t>(1 + kernel.Below(3)),
                    static_cast<uint32_t>(1 + kernel.Below(4)),
                    1 + kernel.Below(1000)};
  Relay relay_;
  int epoll_ = sys::OpenEpoll();
  Relayed last_ = Relayed::kWaiting;
  bool more_ = false;
  bool lingers_ = false;
  size_t header_ = 0;
};

RelayRun::RelayRun() {
  relay_.Give(kClient, ours_client_.fd);
  relay_.Give(kHost, ours_host_.fd);
  sys::Watch(epoll_, ours_client_.fd, kWatched, nullptr);
  sys::Watch(epoll_, ours_host_.fd, kWatched, this);
  client_.Expect(2);
}

// The client may have said something, or gone, while its host was sought.
void RelayRun::Begin() {
  for (size_t i = kernel.Below(4); i > 0; i--) {
    client_.Act();
    Note();
  }
  if (kernel.Chance(30)) header_ = 1 + kernel.Below(100);
  const std::string header(header_, 'P');
  host_.Expect(1, header);
  if (header_ > 0) relay_.Precede(reinterpret_cast<const uint8_t*>(header.data()), header_);
  Pump();
}

void RelayRun::Play() {
  const size_t steps = kernel.Below(300);
  Begin();
  for (size_t i = 0; i < steps && !over(); i++) {
    client_.Act();
    host_.Act();
    kernel.Tick();
    if (kernel.Chance(70)) Turn();
  }
  const bool closed_early = !over() && kernel.Chance(20);
  if (!closed_early && kernel.Chance(50)) EndOne(kernel.Chance(50) ? kClient : kHost);
  for (int i = 0; !closed_early && !over(); i++) {
    if (i == kTurnsToFinish) Fault("it never ends");
    client_.Finish();
    host_.Finish();
    kernel.Tick();
    Turn();
  }
  if (!closed_early) CheckReason();
  relay_.Close(closed_early || last_ != Relayed::kDone, pool_);
  if (!closed_early && last_ == Relayed::kDone) {
    CheckDelivered(kClient);
    CheckDelivered(kHost);
  }
  if (pool_.lent() != 0) Fault("a pipe was not given back");
  sys::Close(epoll_);
}

// The end of one side is passed on while the other one only listens.
void RelayRun::EndOne(Side side) {
  Outer& listening = outer(OtherSide(side));
  for (int i = 0; !over() && !listening.heard_end() && !listening.left(); i++) {
    if (i == kTurnsToFinish) Fault("an end is not passed on");
    if (outer(side).left() || lingers_) return;
    outer(side).Finish();
    listening.Take();
    kernel.Tick();
    Turn();
  }
}

void RelayRun::Turn() {
  epoll_event events[4];
  const int count = sys::WaitForEvents(epoll_, events, 4, 0);
  for (int i = 0; i < count && !over(); i++) {
    Tell(events[i]);
    Pump();
  }
  if (more_ && !over()) Pump();
}

void RelayRun::Note() {
  epoll_event events[4];
  const int count = sys::WaitForEvents(epoll_, events, 4, 0);
  for (int i = 0; i < count; i++) Tell(events[i]);
}

void RelayRun::Tell(const epoll_event& event) {
  const Side side = event.data.ptr == this ? kHost : kClient;
  relay_.NoteEvents(side, event.events);
  Told(side == kClient ? ours_client_ : ours_host_, event.events);
}

void RelayRun::Pump() {
  last_ = relay_.Pump(tools_);
  more_ = last_ == Relayed::kMore || last_ == Relayed::kLingering;
  if (last_ == Relayed::kLingering && std::exchange(lingers_, true)) Fault("it lingers twice");
  CheckFlow(kClient);
  CheckFlow(kHost);
  const size_t moved = flow(kClient).bytes + flow(kHost).bytes;
  if (tools_.bytes_moved != moved) Fault("the worker counts other bytes");
}

void RelayRun::CheckFlow(Side from) {
  const Side to = OtherSide(from);
  const Socket& source = from == kClient ? ours_client_ : ours_host_;
  const Socket& sink = from == kClient ? ours_host_ : ours_client_;
  const uint64_t sent = outer(from).sent() - outer(from).socket().lost;
  if (flow(from).bytes != sent - source.in.size()) Fault("bytes that were read were not counted");
  const size_t in_pipe = flow(from).pipe != nullptr ? flow(from).pipe->capacity : 0;
  if (flow(from).pending() > std::max(buffer_.size(), in_pipe)) Fault("more is held than may be");
  // What a host that is gone did not take is dropped.
  if (from == kClient && (lingers_ || (over() && host_.left()))) return;
  const uint64_t ahead = from == kClient ? header_ : 0;
  const uint64_t through = outer(to).taken_in_all() + outer(to).socket().in.size() + sink.lost;
  if (flow(from).pipe != nullptr && flow(from).pipe->pending == 0) Fault("an empty pipe is kept");
  const bool failed = over() && last_ != Relayed::kDone;
  if (!failed && flow(from).bytes + ahead != through + flow(from).pending())
    Fault("bytes were lost or made");
}

void RelayRun::CheckReason() {
  if (last_ == Relayed::kDone && (ours_client_.cut || ours_host_.cut))
    Fault("a side that was reset is taken for one that ended");
  if (last_ == Relayed::kHostReset && !ours_host_.cut) Fault("the host had ended");
  if (last_ == Relayed::kClientReset && !client_.left()) Fault("the client was not gone");
  if (last_ == Relayed::kHostReset && !host_.left()) Fault("the host was not gone");
}

// Whoever was there until the end got everything that the other one sent before its end.
void RelayRun::CheckDelivered(Side from) {
  Outer& reader = outer(OtherSide(from));
  if (reader.left() || (lingers_ && from == kClient)) return;
  reader.Take();
  if (reader.heard_reset()) Fault("a session that is done was reset");
  if (!reader.heard_end()) Fault("the end was not passed on");
  const uint64_t sent = outer(from).sent() - outer(from).socket().lost;
  if (reader.taken() != sent) Fault("not everything was delivered");
}

void PlayOne(uint64_t seed) {
  Mood mood;
  std::mt19937_64 random(seed);
  mood.short_write = static_cast<int>(random() % 40);
  mood.late_event = static_cast<int>(random() % 60);
  mood.no_pipe = random() % 4 == 0 ? 60 : 0;
  mood.room_most = 1 + random() % 600;
  mood.strict = true;
  kernel.Reset(seed, mood);
  { RelayRun().Play(); }
  if (kernel.OpenCount() != 0) Fault("a descriptor is left open");
}

}  // namespace

}  // namespace sluice::fake

int main(int count, char** words) {
  const sluice::test::Options options = sluice::test::ParseOptions(count, words);
  const sluice::test::Deadline deadline(options);
  uint64_t runs = 0;
  for (; !deadline.passed(); runs++) sluice::fake::PlayOne(options.seed + runs);
  std::printf("%llu sequences\n", static_cast<unsigned long long>(runs));
  return 0;
}
