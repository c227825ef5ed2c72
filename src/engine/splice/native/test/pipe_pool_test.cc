// Lending, taking back, and the limit.
#include "core/pipe_pool.h"

#include <sys/resource.h>

#include <vector>

#include "test/check.h"

namespace sluice::test {

namespace {

constexpr size_t kBytes = 128 * 1024;

// For as long as it lives no descriptor is to be had.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_;
};

}  // namespace

CASE("pipes are opened when they are wanted, and never more than the limit") {
  PipePool pool(2, kBytes);
  CHECK_EQ(pool.opened(), 0u);
  Pipe* first = pool.Acquire();
  Pipe* second = pool.Acquire();
  REQUIRE(first != nullptr && second != nullptr);
  CHECK(first->capacity >= kBytes);
  CHECK(pool.Acquire() == nullptr);
  CHECK_EQ(pool.opened(), 2u);
  CHECK_EQ(pool.lent(), 2u);
  pool.Release(first);
  CHECK_EQ(pool.lent(), 1u);
  CHECK(pool.Acquire() == first);
  pool.Release(second);
  pool.Release(first);
  CHECK_EQ(pool.opened(), 2u);
  CHECK_EQ(pool.lent(), 0u);
}

CASE("a pipe that still holds bytes is opened anew for the next one") {
  PipePool pool(1, kBytes);
  Pipe* pipe = pool.Acquire();
  REQUIRE(pipe != nullptr);
  pipe->pending = 5;
  pool.Release(pipe);
  CHECK_EQ(pool.opened(), 0u);
  pipe = pool.Acquire();
  REQUIRE(pipe != nullptr);
  CHECK_EQ(pipe->pending, 0u);
  CHECK(pipe->read_end.valid());
  CHECK_EQ(pool.opened(), 1u);
  pool.Release(pipe);
}

CASE("open pipes are lent before others are opened") {
  PipePool pool(2, kBytes);
  Pipe* dirty = pool.Acquire();
  Pipe* clean = pool.Acquire();
  pool.Release(clean);
  dirty->pending = 1;
  pool.Release(dirty);
  CHECK(pool.Acquire() == clean);
  CHECK_EQ(pool.opened(), 1u);
  pool.Release(clean);
}

CASE("without a descriptor nobody gets a pipe, and later somebody does again") {
  PipePool pool(4, kBytes);
  {
    const NoDescriptors none;
    CHECK(pool.Acquire() == nullptr);
    CHECK_EQ(pool.opened(), 0u);
    CHECK_EQ(pool.lent(), 0u);
  }
  Pipe* pipe = nullptr;
  int asks = 0;
  while (pipe == nullptr && asks < 10'000) {
    pipe = pool.Acquire();
    asks += 1;
  }
  CHECK(pipe != nullptr);
  // A system that just had none is not asked for each read.
  CHECK(asks > 1);
  if (pipe != nullptr) pool.Release(pipe);
}

CASE("a pool without pipes lends none") {
  PipePool pool(0, kBytes);
  CHECK(pool.Acquire() == nullptr);
}

}  // namespace sluice::test
