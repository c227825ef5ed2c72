// Figures of one listener or host: a row of doubles that JavaScript reads without a call. The memory belongs to an
// ArrayBuffer of JavaScript and outlives every slot and listener that points at it. Changed by one atomic step each,
// because a row may for a while belong to two routes (the sessions of a service that was removed go on when one of its
// name comes back); read by anybody, at any time.
#pragma once

#include <atomic>
#include <cstdint>

namespace sluice {

// One figure. Doubles hold whole numbers exactly up to 2^53.
class Figure {
 public:
  double get() const { return value_.load(std::memory_order_relaxed); }
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  void add(double more) {
    double seen = get();
    while (!value_.compare_exchange_weak(seen, seen + more, std::memory_order_relaxed)) {
    }
  }

 private:
  std::atomic<double> value_;
};

static_assert(sizeof(Figure) == sizeof(double), "a figure is a cell of a Float64Array");
static_assert(std::atomic<double>::is_always_lock_free, "JavaScript takes no lock");

// The order of the cells in src/model/counters.ts.
struct CounterRow {
  Figure open;
  Figure total;
  Figure failed;
  Figure bytes_from_client;
  Figure bytes_from_host;
  Figure last_close;
  Figure spare[2];
};

static_assert(sizeof(CounterRow) == 64, "a row is a cache line");

}  // namespace sluice
