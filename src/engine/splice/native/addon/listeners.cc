// See tables.h: listeners, and the settings of the whole engine.
#include <optional>
#include <utility>

#include "addon/addresses.h"
#include "addon/fields.h"
#include "addon/tables.h"

namespace sluice {

namespace {

Networks ReadNetworks(const Fields& fields, const char* name) {
  std::optional<Networks> networks = NetworksOf(fields.Texts(name));
  if (!networks.has_value()) fields.Fail(name, "an array of networks");
  return networks.has_value() ? std::move(*networks) : Networks();
}

// As many as a row has room for, rising, in milliseconds.
HistogramBounds ReadBounds(const Fields& fields, const char* name) {
  const Cells<double> given = fields.Doubles(name);
  HistogramBounds bounds{};
  if (!fields.ok()) return bounds;
  bool right = given.count == bounds.size();
  for (size_t i = 0; right && i < bounds.size(); i++) {
    right = given[i] > (i == 0 ? 0 : given[i - 1]) && given[i] <= UINT32_MAX;
    bounds[i] = static_cast<uint64_t>(given[i] * 1000);
  }
  if (!right) fields.Fail(name, "made of as many bounds as a row has, each higher than the last");
  return bounds;
}

}  // namespace

std::optional<ListenerSpec> ReadListener(const Napi::Value& value, const SharedRows& rows) {
  const Fields fields(value, "listener");
  ListenerSpec listener;
  listener.id = fields.Word("id");
  listener.service = fields.Text("service");
  listener.name = fields.Text("name");
  const std::string place = fields.Text("place");
  listener.address = AddressAt(place, static_cast<uint16_t>(fields.Whole("port", UINT16_MAX)));
  listener.max_sessions = fields.Word("maxSessions");
  listener.counters = rows.counters.Find(fields.Word("chunk"), fields.Word("row"));
  listener.figures = rows.services.Find(fields.Word("serviceChunk"), fields.Word("serviceRow"));
  listener.admission.allow = ReadNetworks(fields, "allow");
  listener.admission.deny = ReadNetworks(fields, "deny");
  listener.admission.proxy = fields.Flag("proxy");
  if (!listener.address.known()) fields.Fail("place", "an address");
  if (listener.counters == nullptr) fields.Fail("row", "a row that is there");
  if (listener.figures == nullptr) fields.Fail("serviceRow", "a row that is there");
  if (!fields.ok()) return std::nullopt;
  return listener;
}

std::optional<Settings> ReadSettings(const Napi::Value& value) {
  const Fields fields(value, "settings");
  Settings settings;
  settings.threads = fields.Word("threads");
  settings.track_peers = fields.Flag("trackPeers");
  settings.listen_backlog = static_cast<int>(fields.Whole("listenBacklog", INT32_MAX));
  settings.proxy_header_ms = fields.Word("proxyHeaderMs");
  settings.proxy_v2_bytes_max = fields.Word("proxyV2BytesMax");
  settings.linger_ms = fields.Word("lingerMs");
  settings.held_max = fields.Word("heldMax");
  settings.let_go_at_once = fields.Word("letGoAtOnce");
  settings.hash_probes_max = fields.Word("hashProbesMax");
  settings.chance_draws_max = fields.Word("chanceDrawsMax");
  settings.pickers_kept = fields.Word("pickersKept");
  settings.events_at_once = fields.Word("eventsAtOnce");
  settings.commands_at_once = fields.Word("commandsAtOnce");
  settings.accepts_at_once = fields.Word("acceptsAtOnce");
  settings.accept_pause_ms = fields.Word("acceptPauseMs");
  settings.buffer_bytes = fields.Long("bufferBytes");
  settings.pipes_max = fields.Word("pipesMax");
  settings.pipe_bytes = fields.Long("pipeBytes");
  settings.full_reads_to_stream = fields.Word("fullReadsToStream");
  settings.small_reads_to_calm = fields.Word("smallReadsToCalm");
  settings.turn_bytes = fields.Long("turnBytes");
  settings.records_max = fields.Word("recordsMax");
  settings.events_max = fields.Word("eventsMax");
  settings.connect_bounds_us = ReadBounds(fields, "connectBoundsMs");
  settings.session_bounds_us = ReadBounds(fields, "sessionBoundsMs");
  if (fields.ok() && settings.threads == 0) fields.Fail("threads", "at least 1");
  if (!fields.ok()) return std::nullopt;
  return settings;
}

}  // namespace sluice
