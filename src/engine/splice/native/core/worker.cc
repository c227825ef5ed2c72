// The loop of one worker: wait for events, carry out what others posted, act on each event, let long transfers continue,
// look at the deadlines. What was closed in a turn is destroyed at its end, because an event of the same batch may still
// point at it.
#include "core/worker.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <string>
#include <utility>

#include "core/tag.h"

namespace sluice {

namespace {

constexpr uint32_t kBothWays = EPOLLIN | EPOLLPRI | EPOLLOUT | EPOLLRDHUP | EPOLLET;

// Signals are for the main thread; SIGPIPE of a splice must not end the process.
void BlockSignals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

Worker::Worker(uint32_t index, Shared& shared, WorkerRow& row)
    : index_(index),
      shared_(shared),
      row_(row),
      epoll_(sys::OpenEpoll()),
      event_(sys::OpenEvent()),
      buffer_(shared.settings.buffer_bytes),
      pipes_(shared.settings.pipes_max, shared.settings.pipe_bytes),
      relay_tools_{buffer_.data(),
                   buffer_.size(),
                   pipes_,
                   shared.settings.full_reads_to_stream,
                   shared.settings.small_reads_to_calm,
                   shared.settings.turn_bytes},
      timers_(sys::NowMicros()),
      batch_(shared.settings.events_at_once),
      now_us_(sys::NowMicros()) {
  // Edge by edge: whoever posts raises it anew, so it never has to be lowered.
  sys::Watch(epoll_.get(), event_.get(), EPOLLIN | EPOLLET, Tagged(nullptr, Tag::kInbox));
}

Worker::~Worker() { Stop(); }

void Worker::Start() {
  thread_ = std::thread([this] {
    BlockSignals();
    pthread_setname_np(pthread_self(), ("sluice-io-" + std::to_string(index_)).c_str());
    while (!stopping_.load(std::memory_order_relaxed)) Turn(true);
    RunCalls();
  });
}

void Worker::Stop() {
  stopping_ = true;
  WakeUp();
  if (thread_.joinable()) thread_.join();
  while (sessions_.oldest() != nullptr) sessions_.oldest()->Close(CloseReason::kStopped);
  sessions_.Free();
}

void Worker::Turn(bool may_wait) {
  const bool idle = turns_.empty() && commands_done_ == commands_.size();
  // Whoever asked for another turn in the last one has it in this one, after the events.
  continuing_.swap(turns_);
  const int count = sys::WaitForEvents(epoll_.get(), batch_.data(),
                                       static_cast<int>(batch_.size()),
                                       may_wait && idle ? SleepMs() : 0);
  now_us_ = sys::NowMicros();
  if (raised_.load(std::memory_order_relaxed)) RunCalls();
  RunCommands();
  for (int i = 0; i < count; i++) Dispatch(batch_[static_cast<size_t>(i)]);
  RunTurns();
  timers_.Advance(now_us_, [](Timer& timer) { static_cast<Session&>(timer).OnDeadline(); });
  if (accept_again_us_ != 0 && accept_again_us_ <= now_us_) ResumeAccepting();
  sessions_.Free();
  closed_doors_.clear();
  Publish();
}

void Worker::Dispatch(const epoll_event& event) {
  void* tagged = event.data.ptr;
  switch (TagOf(tagged)) {
    case Tag::kClient:
      return DispatchTo(kClient, tagged, event.events);
    case Tag::kHost:
      return DispatchTo(kHost, tagged, event.events);
    case Tag::kDoor:
      return Accept(ObjectOf<Door>(tagged), settings().accepts_at_once);
    case Tag::kInbox:
      return;
  }
}

// The memory of a session that is over is another one's by now, or nobody's.
void Worker::DispatchTo(Side side, void* tagged, uint32_t events) {
  Session& session = ObjectOf<Session>(tagged);
  if (SessionList::GenerationOf(session) == GenerationOf(tagged)) session.OnEvents(side, events);
}

int Worker::WatchSession(Session& session, Side side, int fd) {
  const Tag tag = side == kClient ? Tag::kClient : Tag::kHost;
  const uint16_t generation = SessionList::GenerationOf(session);
  return sys::Watch(epoll_.get(), fd, kBothWays, Tagged(&session, tag, generation));
}

void Worker::UnwatchSession(int fd) { sys::Unwatch(epoll_.get(), fd); }

void Worker::QueueTurn(Session& session) {
  if (std::exchange(session.waits_for_turn, true)) return;
  turns_.push_back(&session);
}

void Worker::RunTurns() {
  for (Session* session : continuing_) {
    session->waits_for_turn = false;
    session->Continue();
  }
  continuing_.clear();
}

bool Worker::Forget(Session& session) {
  // Where it is among those of this turn, it is passed over: it lives until its end.
  if (session.waits_for_turn)
    turns_.erase(std::remove(turns_.begin(), turns_.end(), &session), turns_.end());
  sessions_.Remove(session);
  return --shared_.sessions == 0;
}

void Worker::TellEmpty() {
  if (shared_.emptying) events().Push(Emptied{});
}

int Worker::SleepMs() const {
  const int timers = timers_.SleepMs(now_us_);
  if (accept_again_us_ == 0) return timers;
  const uint64_t left = accept_again_us_ > now_us_ ? accept_again_us_ - now_us_ : 0;
  const int accepts = static_cast<int>(left / 1000) + 1;
  return timers < 0 ? accepts : std::min(timers, accepts);
}

void Worker::Publish() {
  row_.sessions.set(static_cast<double>(sessions_.size()));
  row_.accepted.set(static_cast<double>(accepted_));
  row_.bytes_moved.set(static_cast<double>(relay_tools_.bytes_moved));
  row_.pipes.set(static_cast<double>(pipes_.opened()));
  row_.pipes_lent.set(static_cast<double>(pipes_.lent()));
  row_.turns.set(static_cast<double>(++turn_count_));
}

void Worker::PostNews(uint64_t session) { Post({session, 0, false}); }

void Worker::PostAnswer(uint64_t session, uint64_t host_id) { Post({session, host_id, true}); }

void Worker::Post(Command command) {
  {
    const std::lock_guard<std::mutex> guard(inbox_lock_);
    inbox_.push_back(command);
  }
  WakeUp();
}

void Worker::PostCall(std::function<void(Worker&)> call) {
  {
    const std::lock_guard<std::mutex> guard(inbox_lock_);
    calls_inbox_.push_back(std::move(call));
  }
  WakeUp();
}

void Worker::WakeUp() {
  if (!raised_.exchange(true)) sys::Raise(event_.get());
}

// What is posted from here on raises the event again.
void Worker::RunCalls() {
  raised_ = false;
  std::vector<std::function<void(Worker&)>> calls;
  {
    const std::lock_guard<std::mutex> guard(inbox_lock_);
    calls.swap(calls_inbox_);
    commands_.insert(commands_.end(), inbox_.begin(), inbox_.end());
    inbox_.clear();
  }
  for (const auto& call : calls) call(*this);
}

// A portion in each turn, so that many clients whose pause is over keep nobody else waiting.
void Worker::RunCommands() {
  const size_t end = std::min(commands_.size(), commands_done_ + settings().commands_at_once);
  for (; commands_done_ < end; commands_done_++) {
    const Command command = commands_[commands_done_];
    Session* session = sessions_.Find(command.session);
    if (session == nullptr) continue;
    if (command.answer)
      session->OnAnswer(command.host_id);
    else
      session->OnNews();
  }
  if (commands_done_ < commands_.size()) return;
  commands_.clear();
  commands_done_ = 0;
}

}  // namespace sluice
