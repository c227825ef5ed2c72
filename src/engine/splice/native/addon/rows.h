// The memory that JavaScript shares with the workers: rows of doubles in Float64Arrays, which are kept from being freed as
// long as this lives. A row is named by its chunk, in the order in which chunks came, and its place in there. Main thread
// only; what the rows hold is touched by whoever core/counters.h and core/service_row.h say.
#pragma once

#include <napi.h>

#include <cstdint>
#include <vector>

#include "core/counters.h"
#include "core/service_row.h"

namespace sluice {

template <typename Row>
class RowsOf {
 public:
  // @returns false where `chunk` is no Float64Array of whole rows
  bool Add(const Napi::Value& chunk) {
    constexpr size_t kRowCells = sizeof(Row) / sizeof(double);
    if (!chunk.IsTypedArray()) return false;
    if (chunk.As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) return false;
    auto array = chunk.As<Napi::Float64Array>();
    const size_t cells = array.ElementLength();
    if (cells == 0 || cells % kRowCells != 0) return false;
    auto* first = reinterpret_cast<Row*>(array.Data());
    chunks_.push_back({Napi::Persistent(array), first, cells / kRowCells});
    return true;
  }

  // nullptr where there is no such row.
  Row* Find(uint32_t chunk, uint32_t row) const {
    if (chunk >= chunks_.size() || row >= chunks_[chunk].rows) return nullptr;
    return chunks_[chunk].first + row;
  }

 private:
  struct Chunk {
    Napi::Reference<Napi::Float64Array> array;
    Row* first;
    size_t rows;
  };

  std::vector<Chunk> chunks_;
};

// What tables and listeners name rows of.
struct SharedRows {
  RowsOf<CounterRow> counters;
  RowsOf<ServiceRow> services;
};

}  // namespace sluice
