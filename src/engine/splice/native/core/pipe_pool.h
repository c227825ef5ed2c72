// Kernel pipes of one worker, lent to directions that stream. Opened when first wanted, never more than so many, kept for
// the next one. Owns the descriptors of every pipe, lent or not. Touched by its worker only.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/fd.h"

namespace sluice {

// Not open while its ends are not valid.
struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
  size_t capacity = 0;
  // Bytes in it now.
  size_t pending = 0;
};

class PipePool {
 public:
  PipePool(size_t pipes_max, size_t pipe_bytes) : max_(pipes_max), bytes_(pipe_bytes) {}

  // An empty pipe; nullptr while all are lent, or the system gives none (then the direction goes on without).
  Pipe* Acquire();
  // Takes it back. One that still holds bytes is closed, and opened anew when it is wanted again.
  void Release(Pipe* pipe);

  size_t opened() const { return opened_; }
  size_t lent() const { return pipes_.size() - idle_.size(); }

 private:
  bool Open(Pipe& pipe);

  const size_t max_;
  const size_t bytes_;
  size_t opened_ = 0;
  // After the system gave none: so often it is not asked.
  size_t asks_skipped_ = 0;
  std::vector<std::unique_ptr<Pipe>> pipes_;
  // Those that are not lent; open ones are taken before others.
  std::vector<Pipe*> idle_;
};

}  // namespace sluice
