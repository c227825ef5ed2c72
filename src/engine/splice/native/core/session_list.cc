// Sessions in a hash table by id, chained, and in a list by age; their memory in blocks that are never given back, because
// what was needed once will be needed again.
#include "core/session_list.h"

#include <new>

namespace sluice {

namespace {

constexpr size_t kBucketsMin = 256;
constexpr size_t kSessionsInBlock = 64;

}  // namespace

struct alignas(Session) SessionList::Block {
  unsigned char bytes[sizeof(Session)];
  // Of the session that is here, or will be next. The memory is read by whoever has a late event of an earlier one.
  uint16_t generation;
};

SessionList::SessionList() : buckets_(kBucketsMin, nullptr) {}

SessionList::~SessionList() {
  while (first_ != nullptr) Remove(*first_);
  Free();
}

Session& SessionList::Add(uint64_t id, Worker& worker, Listener& listener, int client,
                          const End& peer) {
  if (size_ >= buckets_.size()) Grow();
  auto* session = new (TakeBlock()) Session(id, worker, listener, client, peer);
  Session*& bucket = buckets_[id & (buckets_.size() - 1)];
  session->next_in_bucket = bucket;
  bucket = session;
  session->previous = last_;
  (last_ == nullptr ? first_ : last_->following) = session;
  last_ = session;
  size_ += 1;
  return *session;
}

Session* SessionList::Find(uint64_t id) const {
  Session* session = buckets_[id & (buckets_.size() - 1)];
  while (session != nullptr && session->id() != id) session = session->next_in_bucket;
  return session;
}

void SessionList::Remove(Session& session) {
  Session** link = &buckets_[session.id() & (buckets_.size() - 1)];
  while (*link != &session) link = &(*link)->next_in_bucket;
  *link = session.next_in_bucket;
  (session.previous == nullptr ? first_ : session.previous->following) = session.following;
  (session.following == nullptr ? last_ : session.following->previous) = session.previous;
  size_ -= 1;
  removed_.push_back(&session);
}

void SessionList::Free() {
  for (Session* session : removed_) {
    session->~Session();
    reinterpret_cast<Block*>(session)->generation += 1;
    unused_.push_back(session);
  }
  removed_.clear();
}

Session* SessionList::After(uint64_t id) const {
  const Session* there = Find(id);
  if (there != nullptr) return there->following;
  // Ids were given to other workers as well, so this one may never have had it.
  Session* session = first_;
  while (session != nullptr && session->id() <= id) session = session->following;
  return session;
}

uint16_t SessionList::GenerationOf(const Session& session) {
  return reinterpret_cast<const Block*>(&session)->generation;
}

void SessionList::Grow() {
  std::vector<Session*> wider(buckets_.size() * 2, nullptr);
  for (Session* session = first_; session != nullptr; session = session->following) {
    Session*& bucket = wider[session->id() & (wider.size() - 1)];
    session->next_in_bucket = bucket;
    bucket = session;
  }
  buckets_.swap(wider);
}

void* SessionList::TakeBlock() {
  if (unused_.empty()) {
    blocks_.push_back(std::make_unique<Block[]>(kSessionsInBlock));
    for (size_t i = kSessionsInBlock; i > 0; i--) unused_.push_back(&blocks_.back()[i - 1]);
  }
  void* block = unused_.back();
  unused_.pop_back();
  return block;
}

}  // namespace sluice
