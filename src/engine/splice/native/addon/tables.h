// Tables, listeners and settings as JavaScript hands them over (src/engine/splice/addon.ts has their shape), for the core.
// Main thread only. Nothing, and a TypeError in JavaScript, where a field has the wrong type or names what is not there.
#pragma once

#include <napi.h>

#include <optional>

#include "addon/rows.h"
#include "core/engine.h"
#include "core/settings.h"
#include "core/table.h"

namespace sluice {

std::optional<Settings> ReadSettings(const Napi::Value& value);
std::optional<TableSpec> ReadTable(const Napi::Value& value, const SharedRows& rows);
std::optional<ListenerSpec> ReadListener(const Napi::Value& value, const SharedRows& rows);
// A rule for so many hosts.
std::optional<Rule> ReadRule(const Napi::Value& value, size_t hosts);

}  // namespace sluice
