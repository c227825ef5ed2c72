// See packed.h: records as three values of JavaScript.
#include "addon/packed.h"

#include <algorithm>

namespace sluice {

void Packed::AddName(const std::string& name) {
  const auto [entry, added] = places_.try_emplace(name, names_.size());
  if (added) names_.push_back(&entry->first);
  Add(entry->second);
}

Napi::Object Packed::ToObject(Napi::Env env) const {
  auto figures = Napi::Float64Array::New(env, figures_.size());
  std::copy(figures_.begin(), figures_.end(), figures.Data());
  const auto names = Napi::Array::New(env, names_.size());
  for (uint32_t i = 0; i < names_.size(); i++) names.Set(i, Napi::String::New(env, *names_[i]));
  const auto packed = Napi::Object::New(env);
  packed.Set("figures", figures);
  packed.Set("names", names);
  packed.Set("texts", Napi::String::New(env, texts_));
  return packed;
}

}  // namespace sluice
