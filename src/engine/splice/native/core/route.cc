// The main thread's side of a route: tables, names, listeners. What can be done before the lock is taken is
// done there, and what a new table replaces is freed after the lock was given back.
#include "core/route.h"

#include <algorithm>

namespace sluice {

Route::Route(std::string service, ServiceRow& figures, const Settings& settings,
             EventQueue& events, std::atomic<uint64_t>& closes, TellWorker tell)
    : figures_(figures),
      settings_(settings),
      events_(events),
      closes_(closes),
      tell_(std::move(tell)),
      chance_(OwnChance()),
      service_(std::move(service)) {}

void Route::Use(TableSpec spec) {
  DropUnusedSlots();
  std::vector<HostSpec> hosts = std::move(spec.hosts);
  std::unique_ptr<Table> table = MakeTable(std::move(spec), hosts);
  const std::shared_ptr<Picker> earlier = Succeeded(*table);
  {
    const std::lock_guard<std::mutex> guard(lock_);
    if (earlier != nullptr) table->picker->Succeed(*earlier);
    Unseat();
    Seat(*table, hosts);
    table->load = LoadOf(table->spec.group);
    table_.swap(table);
    const uint32_t hold = table_->spec.hold;
    if (hold > 0) BeginPause(hold);
    // For somebody who waits there may be room now, or no hope; in a pause he is held.
    WakeQueue(true);
    if (hold == 0) EndPause();
  }
}

void Route::Clear() {
  DropUnusedSlots();
  std::unique_ptr<Table> none;
  {
    const std::lock_guard<std::mutex> guard(lock_);
    Unseat();
    table_.swap(none);
    // Nobody can be given a host any more, and each is told so.
    WakeQueue(true);
    EndPause();
  }
}

void Route::Rename(std::string service) {
  const std::lock_guard<std::mutex> guard(lock_);
  service_.swap(service);
}

void Route::RenameGroup(const std::string& from, const std::string& to) {
  TakePicker(to);
  std::shared_ptr<Picker> picker = TakePicker(from);
  if (picker != nullptr) pickers_.emplace_back(to, std::move(picker));
  const std::lock_guard<std::mutex> guard(lock_);
  for (auto& load : loads_) {
    if (load->group != from) continue;
    load->group = to;
    // Found before what is left of an earlier group of that name.
    load.swap(loads_.front());
    break;
  }
  if (table_ != nullptr && table_->spec.group == from) table_->spec.group = to;
}

RouteState Route::state() {
  const std::lock_guard<std::mutex> guard(lock_);
  waiting_told_ = false;
  RouteState state;
  state.has_table = table_ != nullptr;
  state.paused = HoldsLine();
  state.waiting = waiting();
  if (table_ == nullptr) return state;
  state.open = table_->load->open;
  state.place = table_->picker->place();
  return state;
}

bool Route::unused() {
  const std::lock_guard<std::mutex> guard(lock_);
  return listeners_ == 0 && sessions_ == 0;
}

void Route::AddListener() { listeners_ += 1; }

void Route::RemoveListener() { listeners_ -= 1; }

void Route::SetListener(Listener& listener, CounterRow* counters, uint32_t max_sessions) {
  const std::lock_guard<std::mutex> guard(lock_);
  listener.counters = counters;
  listener.max_sessions = max_sessions;
}

// A slot without a place in the table gets no session any more, so its count only goes down.
void Route::DropUnusedSlots() {
  std::vector<std::map<HostKey, std::unique_ptr<Slot>>::iterator> unused;
  for (auto slot = slots_.begin(); slot != slots_.end(); ++slot) {
    if (slot->second->index == kNoHost) unused.push_back(slot);
  }
  if (unused.empty()) return;
  {
    const std::lock_guard<std::mutex> guard(lock_);
    const auto busy = [](const auto& slot) { return slot->second->sessions > 0; };
    unused.erase(std::remove_if(unused.begin(), unused.end(), busy), unused.end());
  }
  for (const auto& slot : unused) slots_.erase(slot);
}

std::unique_ptr<Route::Table> Route::MakeTable(TableSpec spec, const std::vector<HostSpec>& hosts) {
  auto table = std::make_unique<Table>();
  table->spec = std::move(spec);
  table->slots.reserve(hosts.size());
  for (const HostSpec& host : hosts) {
    std::unique_ptr<Slot>& slot = slots_[{host.counters, host.id}];
    if (slot == nullptr) {
      slot = std::make_unique<Slot>();
      slot->host_id = host.id;
      slot->counters = host.counters;
    }
    table->slots.push_back(slot.get());
    if (host.ready) table->ready += 1;
  }
  table->picker = MakePicker(table->spec.rule, table->slots, settings_, chance_);
  return table;
}

// Whoever would have been next in this group still is, also when another group served in between.
// @returns the earlier picker of the group
std::shared_ptr<Picker> Route::Succeeded(const Table& table) {
  std::shared_ptr<Picker> earlier = TakePicker(table.spec.group);
  pickers_.emplace_back(table.spec.group, table.picker);
  if (pickers_.size() > settings_.pickers_kept) pickers_.erase(pickers_.begin());
  return earlier;
}

// @returns nullptr where none is kept
std::shared_ptr<Picker> Route::TakePicker(const std::string& group) {
  const auto kept = std::find_if(pickers_.begin(), pickers_.end(),
                                 [&group](const auto& each) { return each.first == group; });
  if (kept == pickers_.end()) return nullptr;
  std::shared_ptr<Picker> picker = std::move(kept->second);
  pickers_.erase(kept);
  return picker;
}

// Gives names in exchange for the earlier ones, which are freed with `hosts`.
void Route::Seat(const Table& table, std::vector<HostSpec>& hosts) {
  for (size_t index = 0; index < hosts.size(); index++) {
    HostSpec& host = hosts[index];
    Slot& slot = *table.slots[index];
    slot.index = static_cast<int>(index);
    slot.name.swap(host.name);
    slot.target = host.target;
    slot.ready = host.ready;
    slot.suspect = host.suspect;
    slot.max_sessions = host.max_sessions;
  }
}

void Route::Unseat() {
  if (table_ == nullptr) return;
  for (Slot* slot : table_->slots) slot->index = kNoHost;
}

GroupLoad* Route::LoadOf(const std::string& group) {
  const auto left = [&group](const auto& load) {
    return load->open == 0 && load->places == 0 && load->group != group;
  };
  // Groups come and go; only those that still have sessions are worth remembering.
  loads_.erase(std::remove_if(loads_.begin(), loads_.end(), left), loads_.end());
  for (const auto& load : loads_) {
    if (load->group == group) return load.get();
  }
  loads_.push_back(std::make_unique<GroupLoad>());
  loads_.back()->group = group;
  return loads_.back().get();
}

}  // namespace sluice
