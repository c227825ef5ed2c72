// Lending of pipes: the one given back last is lent first, because its memory is warm.
#include "core/pipe_pool.h"

#include <algorithm>

namespace sluice {

namespace {

// Where the system gives a smaller one (its account has many), copying is faster than streaming.
constexpr size_t kBytesMin = 64 * 1024;
// A system that has no descriptor or memory left is not asked again for each of so many reads.
constexpr size_t kAsksSkipped = 256;

}  // namespace

Pipe* PipePool::Acquire() {
  if (idle_.empty()) {
    if (pipes_.size() == max_) return nullptr;
    pipes_.push_back(std::make_unique<Pipe>());
    idle_.push_back(pipes_.back().get());
  }
  Pipe* pipe = idle_.back();
  if (!pipe->read_end.valid() && !Open(*pipe)) return nullptr;
  idle_.pop_back();
  return pipe;
}

void PipePool::Release(Pipe* pipe) {
  if (pipe->pending == 0) {
    idle_.push_back(pipe);
    return;
  }
  *pipe = Pipe();
  opened_ -= 1;
  idle_.insert(idle_.begin(), pipe);
}

bool PipePool::Open(Pipe& pipe) {
  if (asks_skipped_ > 0) {
    asks_skipped_ -= 1;
    return false;
  }
  int read_end;
  int write_end;
  const int capacity = sys::OpenPipe(&read_end, &write_end, bytes_);
  if (capacity >= 0) {
    pipe.read_end.Reset(read_end);
    pipe.write_end.Reset(write_end);
    pipe.capacity = static_cast<size_t>(capacity);
  }
  if (pipe.capacity < std::min(bytes_, kBytesMin)) {
    pipe = Pipe();
    asks_skipped_ = kAsksSkipped;
    return false;
  }
  opened_ += 1;
  return true;
}

}  // namespace sluice
