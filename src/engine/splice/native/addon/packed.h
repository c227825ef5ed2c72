// Many records on their way to JavaScript: one Float64Array of figures, every name once in an array, and texts that are
// mostly different in one string, a line each. So ten thousand sessions are three values and not ten thousand objects; the
// other end is src/engine/splice/packed.ts, which reads in the same order. Main thread only.
#pragma once

#include <napi.h>

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace sluice {

class Packed {
 public:
  void Add(double figure) { figures_.push_back(figure); }
  // A name that many records share: its place among the names.
  void AddName(const std::string& name);
  // No text has a line end.
  void AddText(const std::string& text) { texts_.append(text).push_back('\n'); }
  void Expect(size_t figures) { figures_.reserve(figures); }

  // { figures, names, texts }
  Napi::Object ToObject(Napi::Env env) const;

 private:
  std::vector<double> figures_;
  std::vector<const std::string*> names_;
  std::unordered_map<std::string, uint32_t> places_;
  std::string texts_;
};

}  // namespace sluice
