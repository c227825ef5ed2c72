// See tables.h: routing tables.
#include "addon/tables.h"

#include <algorithm>
#include <string>
#include <utility>

#include "addon/addresses.h"
#include "addon/fields.h"

namespace sluice {

namespace {

// Bits of a host's flags.
constexpr uint8_t kReady = 1;
constexpr uint8_t kSuspect = 2;

template <typename Cell>
std::vector<Cell> PlacesOf(const Fields& fields, const char* name, const Cells<Cell>& places,
                           size_t hosts) {
  const auto outside = [hosts](Cell place) { return place >= hosts; };
  if (std::any_of(places.first, places.first + places.count, outside))
    fields.Fail(name, "made of places of hosts");
  return places.copy();
}

template <typename Cell>
std::vector<Cell> OneEach(const Fields& fields, const char* name, const Cells<Cell>& cells,
                          size_t hosts) {
  if (cells.count != hosts) fields.Fail(name, "one figure for each host");
  return cells.copy();
}

bool SetTarget(HostSpec& host, const std::string& place, uint16_t port) {
  if (place.empty()) return true;
  host.target = AddressAt(place, port);
  return host.target.known();
}

// One column for each field: ten thousand hosts are a few arrays, not ten thousand objects.
std::vector<HostSpec> ReadHosts(const Fields& fields, const RowsOf<CounterRow>& rows) {
  const Cells<double> ids = fields.Doubles("hostIds");
  std::vector<std::string> names = fields.Texts("hostNames");
  const std::vector<std::string> places = fields.Texts("targetPlaces");
  const Cells<uint16_t> ports = fields.Shorts("targetPorts");
  const Cells<uint8_t> flags = fields.Bytes("hostFlags");
  const Cells<uint32_t> limits = fields.Words("hostLimits");
  const Cells<uint32_t> row_names = fields.Words("hostRows");
  if (!fields.ok()) return {};
  const size_t count = ids.count;
  const bool even = names.size() == count && places.size() == count && ports.count == count &&
                    flags.count == count && limits.count == count && row_names.count == 2 * count;
  if (!even) return fields.Fail("hostIds", "as long as the other columns"), std::vector<HostSpec>();
  std::vector<HostSpec> hosts(count);
  for (size_t i = 0; i < count; i++) {
    HostSpec& host = hosts[i];
    host.id = static_cast<uint64_t>(ids[i]);
    host.name = std::move(names[i]);
    host.ready = (flags[i] & kReady) != 0;
    host.suspect = (flags[i] & kSuspect) != 0;
    host.max_sessions = limits[i];
    host.counters = rows.Find(row_names[2 * i], row_names[2 * i + 1]);
    if (host.counters == nullptr) fields.Fail("hostRows", "made of rows that are there");
    if (!SetTarget(host, places[i], ports[i])) fields.Fail("targetPlaces", "made of addresses");
  }
  return hosts;
}

}  // namespace

std::optional<Rule> ReadRule(const Napi::Value& value, size_t hosts) {
  const Fields fields(value, "rule");
  const std::string kind = fields.Text("kind");
  Rule rule;
  if (kind == "cycle") {
    rule.kind = RuleKind::kCycle;
    rule.order = PlacesOf(fields, "order", fields.Words("order"), hosts);
  } else if (kind == "chance") {
    rule.kind = RuleKind::kChance;
    rule.cumulative = OneEach(fields, "cumulative", fields.Doubles("cumulative"), hosts);
    rule.draws = static_cast<uint8_t>(fields.Whole("draws", 2));
  } else if (kind == "least") {
    rule.kind = RuleKind::kLeast;
    rule.weights = OneEach(fields, "weights", fields.Words("weights"), hosts);
    rule.oldest_close_first = fields.Text("tie") == "oldest-close";
  } else if (kind == "hash") {
    rule.kind = RuleKind::kHash;
    rule.slots = PlacesOf(fields, "slots", fields.Shorts("slots"), hosts);
  } else {
    fields.Fail("kind", "a kind of rule");
  }
  if (!fields.ok()) return std::nullopt;
  return rule;
}

std::optional<TableSpec> ReadTable(const Napi::Value& value, const SharedRows& rows) {
  const Fields fields(value, "table");
  TableSpec table;
  table.service = fields.Text("service");
  table.figures = rows.services.Find(fields.Word("serviceChunk"), fields.Word("serviceRow"));
  if (table.figures == nullptr) fields.Fail("serviceRow", "a row that is there");
  table.group = fields.Text("group");
  table.hosts = ReadHosts(fields, rows.counters);
  if (!fields.ok()) return std::nullopt;
  std::optional<Rule> rule = ReadRule(fields.Any("rule"), table.hosts.size());
  if (!rule.has_value()) return std::nullopt;
  table.rule = std::move(*rule);
  table.ask = fields.Flag("ask");
  table.ask_ms = fields.Word("askMs");
  table.max_sessions = fields.Word("maxSessions");
  table.retries = fields.Word("retries");
  table.connect_timeout_ms = fields.Word("connectTimeoutMs");
  table.idle_timeout_ms = fields.Long("idleTimeoutMs");
  table.queue = fields.Word("queue");
  table.queue_timeout_ms = fields.Long("queueTimeoutMs");
  table.hold = fields.Word("hold");
  table.proxy = static_cast<ProxyVersion>(fields.Whole("proxy", 2));
  table.access_log = fields.Flag("accessLog");
  if (!fields.ok()) return std::nullopt;
  return table;
}

}  // namespace sluice
