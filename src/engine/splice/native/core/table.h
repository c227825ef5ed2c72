// What the control plane hands over for one service: src/engine/table.ts, as the native engine has it. Plain data; made on
// the main thread and then owned by the route.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/address.h"
#include "core/counters.h"
#include "core/service_row.h"

namespace sluice {

enum class RuleKind : uint8_t { kCycle, kChance, kLeast, kHash };

// src/scheduler/rule.ts. Hosts are named by their place in the table. Only the fields of its kind are set.
struct Rule {
  RuleKind kind = RuleKind::kCycle;
  std::vector<uint32_t> order;
  std::vector<double> cumulative;
  uint8_t draws = 1;
  std::vector<uint32_t> weights;
  bool oldest_close_first = false;
  std::vector<uint16_t> slots;
};

enum class ProxyVersion : uint8_t { kNone, kV1, kV2 };

struct HostSpec {
  // Names the host over all tables of the process.
  uint64_t id = 0;
  std::string name;
  // Not known while its name has no address; then it is never ready.
  SocketAddress target;
  bool ready = false;
  bool suspect = false;
  // 0 sets no limit, here and below.
  uint32_t max_sessions = 0;
  CounterRow* counters = nullptr;
};

struct TableSpec {
  std::string service;
  // Where a route of this name counts that does not exist yet.
  ServiceRow* figures = nullptr;
  std::string group;
  // The rule, or the fallback where a function is asked.
  Rule rule;
  bool ask = false;
  uint32_t ask_ms = 0;
  std::vector<HostSpec> hosts;
  uint32_t max_sessions = 0;
  uint32_t retries = 0;
  uint32_t connect_timeout_ms = 5000;
  // 0 never closes an idle session.
  uint64_t idle_timeout_ms = 0;
  uint32_t queue = 0;
  uint64_t queue_timeout_ms = 0;
  // The service is paused, so many clients are held; 0 holds nobody.
  uint32_t hold = 0;
  ProxyVersion proxy = ProxyVersion::kNone;
  // Report every session that ended.
  bool access_log = false;
};

}  // namespace sluice
