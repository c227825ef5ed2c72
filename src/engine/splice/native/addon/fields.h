// Reads what JavaScript hands over, field by field. It comes from our own TypeScript and is trusted to mean what it says,
// but not to have the right type: what has not becomes a TypeError that names the field, never a crash. Once a read has
// failed the others give nothing; ask `ok` before anything is done with them. Main thread only.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

// Cells of a typed array of JavaScript; valid until JavaScript runs again.
template <typename Cell>
struct Cells {
  const Cell* first = nullptr;
  size_t count = 0;

  const Cell& operator[](size_t index) const { return first[index]; }
  std::vector<Cell> copy() const { return std::vector<Cell>(first, first + count); }
};

class Fields {
 public:
  // `what` names the object in errors. A value that is no object fails at once.
  Fields(const Napi::Value& value, const char* what);

  bool ok() const { return !env_.IsExceptionPending(); }
  void Fail(const char* name, const char* expected) const;

  // A whole number from 0 to `max`.
  double Whole(const char* name, double max) const;
  uint32_t Word(const char* name) const { return static_cast<uint32_t>(Whole(name, UINT32_MAX)); }
  uint64_t Long(const char* name) const { return static_cast<uint64_t>(Whole(name, kWholeMax)); }
  bool Flag(const char* name) const;
  std::string Text(const char* name) const;
  std::vector<std::string> Texts(const char* name) const;
  Napi::Value Any(const char* name) const;

  template <typename Cell>
  Cells<Cell> CellsOf(const char* name, napi_typedarray_type type, const char* expected) const {
    const Napi::Value value = Any(name);
    if (!ok() || !IsArrayOf(value, type)) return Fail(name, expected), Cells<Cell>();
    const auto array = value.As<Napi::TypedArrayOf<Cell>>();
    return {array.Data(), array.ElementLength()};
  }
  Cells<uint8_t> Bytes(const char* name) const {
    return CellsOf<uint8_t>(name, napi_uint8_array, "a Uint8Array");
  }
  Cells<uint16_t> Shorts(const char* name) const {
    return CellsOf<uint16_t>(name, napi_uint16_array, "a Uint16Array");
  }
  Cells<uint32_t> Words(const char* name) const {
    return CellsOf<uint32_t>(name, napi_uint32_array, "a Uint32Array");
  }
  Cells<double> Doubles(const char* name) const {
    return CellsOf<double>(name, napi_float64_array, "a Float64Array");
  }

  // Numbers beyond are not whole in a double.
  static constexpr double kWholeMax = 9007199254740991.0;

 private:
  static bool IsArrayOf(const Napi::Value& value, napi_typedarray_type type);

  Napi::Env env_;
  Napi::Value value_;
  const char* what_;
};

// Is it a whole number from 0 to `max`?
bool IsWhole(const Napi::Value& value, double max);

}  // namespace sluice
