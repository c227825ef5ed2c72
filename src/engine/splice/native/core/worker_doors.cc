// The listeners of one worker. All workers watch the same listening sockets; the system wakes one of them for a client.
#include <cerrno>
#include <utility>

#include "core/tag.h"
#include "core/worker.h"

namespace sluice {

namespace {

// The client is gone again, or the network told of an old fault; see accept(2). The next one may be well.
bool ConcernsOneClient(int error) {
  switch (error) {
    case ECONNABORTED:
    case ENETDOWN:
    case EPROTO:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
    case EPERM:
      return true;
    default:
      return false;
  }
}

}  // namespace

void Worker::Watch(Listener& listener, std::shared_ptr<const Admission> admission) {
  auto door = std::make_unique<Door>();
  door->listener = &listener;
  door->admission = std::move(admission);
  if (accept_again_us_ == 0) OpenDoor(*door);
  doors_[listener.id] = std::move(door);
}

void Worker::Change(uint32_t listener_id, std::shared_ptr<const Admission> admission) {
  const auto found = doors_.find(listener_id);
  if (found != doors_.end()) found->second->admission = std::move(admission);
}

void Worker::Unwatch(uint32_t listener_id) {
  const auto found = doors_.find(listener_id);
  if (found == doors_.end()) return;
  Door& door = *found->second;
  // Whoever is in the queue of the system would be reset when the socket is closed.
  Accept(door, static_cast<uint32_t>(settings().listen_backlog) + 1);
  sys::Unwatch(epoll_.get(), door.listener->socket.get());
  door.listener = nullptr;
  closed_doors_.push_back(std::move(found->second));
  doors_.erase(found);
}

void Worker::OpenDoor(Door& door) {
  const int watched = sys::Watch(epoll_.get(), door.listener->socket.get(),
                                 EPOLLIN | EPOLLEXCLUSIVE, Tagged(&door, Tag::kDoor));
  if (watched < 0) events().Push(ListenerFailed{door.listener->id, -watched});
}

void Worker::Accept(Door& door, uint32_t most) {
  for (uint32_t i = 0; i < most && door.listener != nullptr; i++) {
    sockaddr_storage peer;
    socklen_t length = sizeof(peer);
    const int client = sys::Accept(door.listener->socket.get(), &peer, &length);
    if (client == -EAGAIN) return;
    if (client < 0 && ConcernsOneClient(-client)) continue;
    if (client < 0) return PauseAccepting(door, -client);
    door.failing = false;
    AcceptOne(door, client, EndOf(peer, length));
  }
}

void Worker::AcceptOne(Door& door, int client, const End& peer) {
  accepted_ += 1;
  shared_.sessions += 1;
  const Admission& admission = *door.admission;
  Session& session =
      sessions_.Add(++shared_.last_session_id, *this, *door.listener, client, peer);
  session.Start(!admission.Admits(peer.ip), admission.proxy);
}

// Without a free descriptor every accept fails at once; that is one report, and a pause instead of a busy loop.
void Worker::PauseAccepting(Door& door, int error) {
  if (!std::exchange(door.failing, true))
    events().Push(ListenerFailed{door.listener->id, error});
  if (accept_again_us_ == 0) {
    for (auto& [id, each] : doors_) sys::Unwatch(epoll_.get(), each->listener->socket.get());
  }
  accept_again_us_ = now_us_ + settings().accept_pause_ms * 1000;
}

void Worker::ResumeAccepting() {
  accept_again_us_ = 0;
  for (auto& [id, door] : doors_) OpenDoor(*door);
}

}  // namespace sluice
