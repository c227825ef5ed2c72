// The life of a session, top to bottom: admit, PROXY header, choose, connect, relay, close. Every way out ends in Close.
#include "core/session.h"

#include <algorithm>
#include <cerrno>

#include "core/listener.h"
#include "core/proxy_header.h"
#include "core/worker.h"

namespace sluice {

namespace {

// First port from which Linux takes the local ends of connections, by default.
constexpr uint16_t kEphemeralPortMin = 32768;

// These say something about this machine and nothing about the host; see src/base/connect-fault.ts. Only Unix sockets
// answer EAGAIN: a burst filled the queue of a host that is well.
bool IsLocal(int error) {
  switch (error) {
    case EMFILE:
    case ENFILE:
    case EADDRNOTAVAIL:
    case ENOBUFS:
    case ENOMEM:
    case ENOSPC:
    case EAGAIN:
      return true;
    default:
      return false;
  }
}

End LocalEnd(int fd) {
  SocketAddress address;
  address.length = sizeof(address.storage);
  if (sys::LocalAddress(fd, &address.storage, &address.length) < 0) return End{};
  return EndOf(address);
}

}  // namespace

Session::Session(uint64_t id, Worker& worker, Listener& listener, int client, const End& peer)
    : client_(peer), accepted_us_(worker.now()), moved_us_(worker.now()) {
  place_.session = id;
  place_.worker = &worker;
  place_.listener = &listener;
  place_.ip = peer.ip;
  relay_.Give(kClient, client, listener.unix_socket);
}

void Session::Start(bool denied, bool proxy) {
  const Choice choice = route().Enter(place_, denied, proxy);
  if (choice.kind == Choice::Kind::kEnd) return Close(choice.reason);
  if (worker().WatchSession(*this, kClient, relay_.fd(kClient)) < 0)
    return Close(CloseReason::kClientGone);
  Follow(choice);
}

void Session::OnEvents(Side side, uint32_t events) {
  if (closed_) return;
  relay_.NoteEvents(side, events);
  if (step_ == Step::kRelaying) return Pump();
  if (side == kHost) return OnHostEvents(events);
  if (relay_.broken(kClient)) return Close(CloseReason::kClientGone);
  if (step_ == Step::kHeader) ReadHeader();
}

// The header stays in the socket until it is whole, so that what follows it is never ours.
void Session::ReadHeader() {
  RelayTools& tools = worker().relay_tools();
  const size_t most = worker().settings().proxy_v2_bytes_max;
  const ssize_t length =
      sys::Peek(relay_.fd(kClient), tools.buffer, std::min<size_t>(most, tools.buffer_bytes));
  if (length == -EAGAIN) return;
  if (length < 0) return Close(CloseReason::kClientGone);
  const ProxyHeader header = ParseProxyHeader(tools.buffer, static_cast<size_t>(length), most);
  if (header.state == ProxyHeader::State::kIncomplete && !relay_.end_seen(kClient)) return;
  if (header.state != ProxyHeader::State::kComplete) return Close(CloseReason::kProxyHeader);
  sys::Recv(relay_.fd(kClient), tools.buffer, header.length);
  if (header.source.known()) client_ = header.source;
  destination_ = header.destination;
  place_.ip = client_.ip;
  Follow(route().Choose(place_));
}

void Session::Follow(Choice choice) {
  switch (choice.kind) {
    case Choice::Kind::kConnect:
      return Connect(choice.target);
    case Choice::Kind::kQueued:
      if (queue_until_us_ == 0) queue_until_us_ = worker().now() + choice.wait_ms * 1000;
      step_ = Step::kQueued;
      return worker().timers().Set(*this, queue_until_us_);
    case Choice::Kind::kHeld:
      // A pause has its own deadline, and the time in it is not taken for waiting in the queue.
      queue_until_us_ = 0;
      step_ = Step::kHeld;
      return worker().timers().Clear(*this);
    case Choice::Kind::kAsk:
      return Enter(Step::kChoosing, choice.wait_ms);
    case Choice::Kind::kHeader:
      return Enter(Step::kHeader, choice.wait_ms);
    case Choice::Kind::kEnd:
      return Close(choice.reason);
  }
}

void Session::OnNews() {
  if (closed_ || !waits()) return;
  Follow(route().TakeGiven(place_));
}

void Session::OnAnswer(uint64_t host_id) {
  if (closed_ || step_ != Step::kChoosing) return;
  Follow(route().ChooseAsked(place_, host_id));
}

void Session::Connect(const SocketAddress& target) {
  Enter(Step::kConnecting, place_.terms.connect_timeout_ms);
  target_ = EndOf(target);
  bool connected = false;
  const int fd = sys::Connect(target.get(), target.length, &connected);
  if (fd < 0) return ConnectFailed(-fd);
  relay_.Give(kHost, fd, target.get()->sa_family == AF_UNIX);
  const int watched = worker().WatchSession(*this, kHost, fd);
  if (watched < 0) return ConnectFailed(-watched);
  if (connected) BeginRelay();
}

void Session::OnHostEvents(uint32_t events) {
  if (step_ != Step::kConnecting) return;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
    const int error = sys::TakeError(relay_.fd(kHost));
    return ConnectFailed(error == 0 ? ECONNRESET : error);
  }
  if ((events & EPOLLOUT) != 0) BeginRelay();
}

void Session::ConnectFailed(int error) {
  if (relay_.fd(kHost) >= 0) worker().UnwatchSession(relay_.fd(kHost));
  relay_.DropHost();
  Follow(route().ConnectFailed(place_, error, IsLocal(error)));
}

void Session::BeginRelay() {
  if (MetItself()) return ConnectFailed(ECONNREFUSED);
  step_ = Step::kRelaying;
  connected_us_ = moved_us_ = worker().now();
  route().Connected(place_, connected_us_ - accepted_us_);
  PrecedeHeader();
  if (place_.terms.idle_timeout_ms == 0)
    worker().timers().Clear(*this);
  else
    worker().timers().Set(*this, moved_us_ + place_.terms.idle_timeout_ms * 1000);
  Pump();
}

// Linux lets a connection to a free local port meet itself. Looked at only where that can be: it is a system call.
bool Session::MetItself() {
  if (!target_.known()) return false;
  if (!worker().settings().track_peers && target_.port < kEphemeralPortMin) return false;
  local_ = LocalEnd(relay_.fd(kHost));
  return local_ == target_;
}

void Session::PrecedeHeader() {
  if (place_.terms.proxy == ProxyVersion::kNone) return;
  const End destination = destination_.known() ? destination_ : LocalEnd(relay_.fd(kClient));
  uint8_t bytes[kProxyHeaderWrittenMax];
  relay_.Precede(bytes, FormatProxyHeader(place_.terms.proxy, client_, destination, bytes));
}

void Session::Continue() {
  if (!closed_) Pump();
}

void Session::Pump() {
  RelayTools& tools = worker().relay_tools();
  const uint64_t before = tools.bytes_moved;
  const Relayed relayed = relay_.Pump(tools);
  if (tools.bytes_moved != before) moved_us_ = worker().now();
  switch (relayed) {
    case Relayed::kWaiting:
      return;
    case Relayed::kMore:
      return worker().QueueTurn(*this);
    case Relayed::kDone:
      return Close(CloseReason::kDone);
    case Relayed::kClientReset:
      return Close(CloseReason::kClientReset);
    case Relayed::kHostReset:
      return Close(CloseReason::kHostReset);
    case Relayed::kLingering:
      lingering_ = true;
      Linger();
      return worker().QueueTurn(*this);
  }
}

// A host that sent its end and then refuses more has said everything. The client gets all of it before it gets the reset;
// one that reads slowly has more time as long as it does read.
void Session::Linger() {
  unsent_ = relay_.unsent_to_client();
  Enter(Step::kRelaying, worker().settings().linger_ms);
}

void Session::OnDeadline() {
  switch (step_) {
    case Step::kHeader:
      return Close(CloseReason::kProxyHeader);
    case Step::kChoosing:
      return Follow(route().ChooseAsked(place_, 0));
    case Step::kHeld:
      return;
    case Step::kQueued:
      // Otherwise it was given a host in the meantime, and the news of it is on the way.
      if (route().LeaveQueue(place_)) Close(CloseReason::kQueueTimeout);
      return;
    case Step::kConnecting:
      return ConnectFailed(ETIMEDOUT);
    case Step::kRelaying:
      return OnQuiet();
  }
}

void Session::OnQuiet() {
  if (lingering_) {
    if (relay_.unsent_to_client() < unsent_) return Linger();
    return Close(CloseReason::kHostReset);
  }
  // Moving bytes does not touch the timer; whether it was early is seen here.
  const uint64_t due = moved_us_ + place_.terms.idle_timeout_ms * 1000;
  if (due <= worker().now()) return Close(CloseReason::kIdle);
  worker().timers().Set(*this, due);
}

void Session::Close(CloseReason reason) {
  if (closed_) return;
  closed_ = true;
  const bool cut = step_ == Step::kRelaying && reason != CloseReason::kDone;
  SessionRecord record = Record();
  record.reason = reason;
  worker().timers().Clear(*this);
  const bool last = worker().Forget(*this);
  // Settled before either side can see the end and act on it.
  route().Leave(place_, record, connected_us_ != 0);
  relay_.Close(cut, worker().pipes());
  if (last) worker().TellEmpty();
}

void Session::Enter(Step step, uint64_t left_ms) {
  step_ = step;
  worker().timers().Set(*this, worker().now() + left_ms * 1000);
}

SessionRecord Session::Describe() {
  SessionRecord record = Record();
  route().Describe(place_, record);
  return record;
}

SessionRecord Session::Record() const {
  const uint64_t now = worker().now();
  const bool waits = set() && step_ != Step::kChoosing && (step_ != Step::kRelaying || lingering_);
  SessionRecord record;
  record.id = id();
  record.step = step_;
  record.client = client_;
  record.local = local_;
  record.target = target_;
  record.since_us = accepted_us_;
  record.idle_us = now - moved_us_;
  if (connected_us_ != 0) record.connect_us = static_cast<int64_t>(connected_us_ - accepted_us_);
  record.duration_us = now - accepted_us_;
  if (waits) record.left_us = due_us > now ? static_cast<int64_t>(due_us - now) : 0;
  record.bytes_from_client = relay_.from_client().bytes;
  record.bytes_from_host = relay_.from_host().bytes;
  return record;
}

}  // namespace sluice
