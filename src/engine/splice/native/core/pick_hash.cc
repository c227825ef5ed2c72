// The `hash` rule: a slot by the client's address. A client whose host may not be picked is hashed again, so
// that the clients of a host that is down spread over all others and everybody else stays. Clients without an
// address are one.
#include "core/hash.h"
#include "core/pick_rules.h"

namespace sluice {
namespace {

class HashPicker : public Picker {
 public:
  HashPicker(const Rule& rule, const Slots& slots, uint32_t probes_max)
      : Picker(RuleKind::kHash), table_(rule.slots), slots_(slots), probes_max_(probes_max) {}

  int Next(const PickClient& client) override {
    if (table_.empty()) return kNoHost;
    size_t index = 0;
    for (uint32_t probe = 0; probe < probes_max_; probe++) {
      index = table_[HashBytes(client.ip.bytes.data(), client.ip.length, probe) % table_.size()];
      if (MayPick(slots_, index, client)) return static_cast<int>(index);
    }
    return FirstFrom(slots_, index, client);
  }

 private:
  const std::vector<uint16_t>& table_;
  const Slots& slots_;
  const uint32_t probes_max_;
};

}  // namespace

std::unique_ptr<Picker> MakeHashPicker(const Rule& rule, const Slots& slots, uint32_t probes_max) {
  return std::make_unique<HashPicker>(rule, slots, probes_max);
}

}  // namespace sluice
