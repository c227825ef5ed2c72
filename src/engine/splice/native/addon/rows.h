// The memory that JavaScript shares with the workers: rows of doubles in Float64Arrays, which are kept from being freed as
// long as this lives. A row is named by its chunk, in the order in which chunks came, and its place in there. Main thread
// only; what the rows hold is touched by whoever core/counters.h says.
#pragma once

#include <napi.h>

#include <cstdint>
#include <vector>

#include "core/counters.h"

namespace sluice {

class Rows {
 public:
  // @returns false where `chunk` is no Float64Array of whole rows
  bool Add(const Napi::Value& chunk);
  // nullptr where there is no such row.
  CounterRow* Find(uint32_t chunk, uint32_t row) const;

 private:
  struct Chunk {
    Napi::Reference<Napi::Float64Array> array;
    CounterRow* first;
    size_t rows;
  };

  std::vector<Chunk> chunks_;
};

}  // namespace sluice
