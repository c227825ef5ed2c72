// See rows.h: memory of JavaScript, as rows.
#include "addon/rows.h"

#include <utility>

namespace sluice {

namespace {

constexpr size_t kRowCells = sizeof(CounterRow) / sizeof(double);

}  // namespace

bool Rows::Add(const Napi::Value& chunk) {
  if (!chunk.IsTypedArray()) return false;
  if (chunk.As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) return false;
  auto array = chunk.As<Napi::Float64Array>();
  const size_t cells = array.ElementLength();
  if (cells == 0 || cells % kRowCells != 0) return false;
  auto* first = reinterpret_cast<CounterRow*>(array.Data());
  chunks_.push_back({Napi::Persistent(array), first, cells / kRowCells});
  return true;
}

CounterRow* Rows::Find(uint32_t chunk, uint32_t row) const {
  if (chunk >= chunks_.size() || row >= chunks_[chunk].rows) return nullptr;
  return chunks_[chunk].first + row;
}

}  // namespace sluice
