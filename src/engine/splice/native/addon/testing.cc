// What tests ask the core directly. Arguments are trusted: a test passes what the header says.
#include "addon/testing.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "core/address.h"
#include "core/hash.h"
#include "core/networks.h"
#include "core/proxy_header.h"

namespace sluice {
namespace {

constexpr const char* kStateNames[] = {"incomplete", "invalid", "complete"};

Napi::Value ObjectOf(Napi::Env env, const End& end) {
  auto object = Napi::Object::New(env);
  object["ip"] = FormatIp(end.ip);
  object["port"] = end.port;
  return object;
}

// undefined, or an IP address that is none: not known.
End EndIn(const Napi::Value& value) {
  if (!value.IsObject()) return {};
  const auto object = value.As<Napi::Object>();
  const Ip ip = ParseIp(object.Get("ip").ToString());
  return {ip, static_cast<uint16_t>(object.Get("port").ToNumber().Uint32Value())};
}

Napi::Value ParseHeader(const Napi::CallbackInfo& info) {
  const auto bytes = info[0].As<Napi::Uint8Array>();
  const size_t v2_bytes_max = info[1].ToNumber().Uint32Value();
  // A copy of its own size: reading beyond it is seen by memory checkers.
  const std::vector<uint8_t> copy(bytes.Data(), bytes.Data() + bytes.ByteLength());
  const ProxyHeader header = ParseProxyHeader(copy.data(), copy.size(), v2_bytes_max);
  auto parsed = Napi::Object::New(info.Env());
  parsed["state"] = kStateNames[static_cast<int>(header.state)];
  parsed["length"] = static_cast<double>(header.length);
  if (header.source.known()) parsed["source"] = ObjectOf(info.Env(), header.source);
  if (header.destination.known()) parsed["destination"] = ObjectOf(info.Env(), header.destination);
  return parsed;
}

Napi::Value FormatHeader(const Napi::CallbackInfo& info) {
  const bool v1 = info[0].ToString().Utf8Value() == "v1";
  uint8_t bytes[kProxyHeaderWrittenMax];
  const size_t length = FormatProxyHeader(v1 ? ProxyVersion::kV1 : ProxyVersion::kV2,
                                          EndIn(info[1]), EndIn(info[2]), bytes);
  return Napi::Buffer<uint8_t>::Copy(info.Env(), bytes, length);
}

Napi::Value Hash(const Napi::CallbackInfo& info) {
  const auto bytes = info[0].As<Napi::Uint8Array>();
  const uint32_t seed = info[1].ToNumber().Uint32Value();
  return Napi::Number::New(info.Env(), HashBytes(bytes.Data(), bytes.ByteLength(), seed));
}

Napi::Value BytesOfText(const Napi::CallbackInfo& info) {
  const Ip ip = ParseIp(info[0].ToString());
  return Napi::Buffer<uint8_t>::Copy(info.Env(), ip.bytes.data(), ip.length);
}

Napi::Value TextOfBytes(const Napi::CallbackInfo& info) {
  const auto bytes = info[0].As<Napi::Uint8Array>();
  Ip ip;
  ip.length = static_cast<uint8_t>(std::min(bytes.ByteLength(), ip.bytes.size()));
  std::copy_n(bytes.Data(), ip.length, ip.bytes.begin());
  return Napi::String::New(info.Env(), FormatIp(ip));
}

Napi::Value NetworksOf(const Napi::CallbackInfo& info) {
  const auto texts = info[0].As<Napi::Array>();
  std::vector<Network> list;
  for (uint32_t i = 0; i < texts.Length(); i++) {
    const auto network = ParseNetwork(texts.Get(i).ToString());
    if (!network) return info.Env().Undefined();
    list.push_back(*network);
  }
  const auto networks = std::make_shared<const Networks>(list);
  return Napi::Function::New(info.Env(), [networks](const Napi::CallbackInfo& asked) {
    return Napi::Boolean::New(asked.Env(), networks->Has(ParseIp(asked[0].ToString())));
  });
}

}  // namespace

Napi::Object MakeTesting(Napi::Env env) {
  auto testing = Napi::Object::New(env);
  testing["parseProxyHeader"] = Napi::Function::New(env, ParseHeader);
  testing["formatProxyHeader"] = Napi::Function::New(env, FormatHeader);
  testing["hashBytes"] = Napi::Function::New(env, Hash);
  testing["parseIp"] = Napi::Function::New(env, BytesOfText);
  testing["formatIp"] = Napi::Function::New(env, TextOfBytes);
  testing["networksOf"] = Napi::Function::New(env, NetworksOf);
  return testing;
}

}  // namespace sluice
