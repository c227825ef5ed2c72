// Figures of one service: how its sessions ended, how long it took to reach a host, and how long they lasted. A row of doubles
// like those of core/counters.h, in memory of JavaScript's, in the order of src/engine/service-tally.ts. Written under the lock
// of a route, by atomic steps all the same: the sessions of a service that was removed count on in the row when one of its
// name comes back.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "core/close_reason.h"
#include "core/counters.h"

namespace sluice {

inline constexpr size_t kHistogramBounds = 12;

// Upper bounds of buckets in microseconds, each included, rising. JavaScript has them, and hands them over in the settings.
using HistogramBounds = std::array<uint64_t, kHistogramBounds>;

struct Histogram {
  Figure sum_ms;
  // One for each bound, and one for what took longer than the last.
  Figure counts[kHistogramBounds + 1];

  void Note(const HistogramBounds& bounds, uint64_t micros) {
    size_t bucket = 0;
    while (bucket < kHistogramBounds && micros > bounds[bucket]) bucket++;
    counts[bucket].add(1);
    sum_ms.add(static_cast<double>(micros) / 1000);
  }
};

struct ServiceRow {
  // Sessions that came in and have not left.
  Figure open;
  Figure ends[std::size(kCloseReasonNames)];
  Histogram connect;
  Histogram session;
  Figure spare[4];
};

static_assert(sizeof(ServiceRow) % 64 == 0, "no two services share a cache line");

}  // namespace sluice
