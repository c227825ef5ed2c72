// See fields.h: what JavaScript hands over, or a TypeError.
#include "addon/fields.h"

#include <cmath>

namespace sluice {

bool IsWhole(const Napi::Value& value, double max) {
  if (!value.IsNumber()) return false;
  const double number = value.As<Napi::Number>().DoubleValue();
  return number >= 0 && number <= max && std::floor(number) == number;
}

Fields::Fields(const Napi::Value& value, const char* what)
    : env_(value.Env()), value_(value), what_(what) {
  if (!value.IsObject()) Fail("", "an object");
}

void Fields::Fail(const char* name, const char* expected) const {
  // The first fault is told; the ones after it follow from it.
  if (!ok()) return;
  const std::string place = *name == '\0' ? what_ : std::string(what_) + "." + name;
  Napi::TypeError::New(env_, place + " is not " + expected).ThrowAsJavaScriptException();
}

Napi::Value Fields::Any(const char* name) const {
  return ok() ? value_.As<Napi::Object>().Get(name) : Napi::Value(env_, nullptr);
}

double Fields::Whole(const char* name, double max) const {
  const Napi::Value value = Any(name);
  if (!ok()) return 0;
  if (IsWhole(value, max)) return value.As<Napi::Number>().DoubleValue();
  return Fail(name, "a whole number in its range"), 0;
}

bool Fields::Flag(const char* name) const {
  const Napi::Value value = Any(name);
  if (!ok()) return false;
  if (value.IsBoolean()) return value.As<Napi::Boolean>().Value();
  return Fail(name, "a boolean"), false;
}

std::string Fields::Text(const char* name) const {
  const Napi::Value value = Any(name);
  if (!ok()) return {};
  if (value.IsString()) return value.As<Napi::String>().Utf8Value();
  return Fail(name, "a string"), std::string();
}

std::vector<std::string> Fields::Texts(const char* name) const {
  const Napi::Value value = Any(name);
  if (!ok()) return {};
  std::vector<std::string> texts;
  if (!value.IsArray()) return Fail(name, "an array of strings"), texts;
  const auto array = value.As<Napi::Array>();
  const uint32_t count = array.Length();
  texts.reserve(count);
  for (uint32_t i = 0; i < count; i++) {
    const Napi::HandleScope scope(env_);
    const Napi::Value text = array.Get(i);
    if (!ok() || !text.IsString()) return Fail(name, "an array of strings"), texts;
    texts.push_back(text.As<Napi::String>().Utf8Value());
  }
  return texts;
}

bool Fields::IsArrayOf(const Napi::Value& value, napi_typedarray_type type) {
  return value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == type;
}

}  // namespace sluice
