// The open sessions of one worker: by id, and oldest first. Owns them, in blocks that are used again, so that a session
// costs no allocation once there were as many before. Touched by its worker only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/session.h"

namespace sluice {

class SessionList {
 public:
  SessionList();
  ~SessionList();

  // Ids only go up.
  Session& Add(uint64_t id, Worker& worker, Listener& listener, int client, const End& peer);
  Session* Find(uint64_t id) const;
  // Not listed any more; lives until Free.
  void Remove(Session& session);
  // Destroy what was removed; when nobody has a pointer to it any more.
  void Free();

  // Which of the sessions this is that had its memory one after the other; modulo 65,536.
  static uint16_t GenerationOf(const Session& session);

  Session* oldest() const { return first_; }
  // The oldest one that came after the session with this id, whether that is still there or not.
  Session* After(uint64_t id) const;
  size_t size() const { return size_; }

 private:
  struct Block;

  void Grow();
  void* TakeBlock();

  std::vector<Session*> buckets_;
  std::vector<std::unique_ptr<Block[]>> blocks_;
  std::vector<void*> unused_;
  std::vector<Session*> removed_;
  Session* first_ = nullptr;
  Session* last_ = nullptr;
  size_t size_ = 0;
};

}  // namespace sluice
