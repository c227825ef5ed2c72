// The four rules, each held against what it promises. The same picks as the portable engine's are tested in
// test/contracts/pick; here is what sanitizers should see, and numbers that both must give.
#include <array>
#include <cmath>
#include <set>

#include "test/pick_bench.h"

namespace sluice::test {

namespace {

// A rule of any kind over so many hosts that all have weight 1.
Rule AnyRule(int64_t kind, size_t hosts) {
  std::vector<uint32_t> order;
  std::vector<uint16_t> slots;
  for (size_t i = 0; i < hosts; i++) order.push_back(static_cast<uint32_t>(i));
  for (size_t i = 0; i < hosts * 7; i++) slots.push_back(static_cast<uint16_t>(i % hosts));
  switch (kind) {
    case 0:
      return Cycle(order);
    case 1:
      return ChanceOf(std::vector<double>(hosts, 1), static_cast<uint8_t>(RandomBetween(1, 2)));
    case 2:
      return Least(std::vector<uint32_t>(hosts, 1), RandomBetween(0, 1) == 1);
    default:
      return Hash(slots);
  }
}

Ip AnyIp() {
  Ip ip;
  constexpr std::array<uint8_t, 3> kLengths{0, 4, 16};
  ip.length = kLengths[static_cast<size_t>(RandomBetween(0, 2))];
  for (size_t i = 0; i < ip.length; i++) ip.bytes[i] = static_cast<uint8_t>(Random()());
  return ip;
}

// Indexes of the hosts that a client gets who tries all of them.
std::string Walk(Bench& bench, const Ip& ip) {
  std::string walk;
  Tried tried;
  while (const Slot* slot = bench.Pick(&tried, ip)) {
    walk += std::to_string(slot->host_id - 1);
    tried.push_back(slot->host_id);
  }
  return walk;
}

}  // namespace

CASE("cycle takes hosts in turn, several turns each, and passes over who may not be picked") {
  Bench bench(3);
  bench.Use(Cycle({2, 0, 0, 1}));
  CHECK_EQ(bench.Letters(6), "caabca");
  CHECK_EQ(bench.picker().place(), 2);
  bench.host(0).ready = false;
  CHECK_EQ(bench.Letters(3), "bcb");
  const Tried tried{2};
  CHECK_EQ(bench.Letters(2, &tried), "cc");
  bench.Use(Cycle({}), {});
  CHECK_EQ(bench.Letters(1), "-");
}

CASE("cycle goes on with whoever would have been next, whatever came and went") {
  Bench bench(5);
  bench.Use(Cycle({0, 1, 2, 3}), {0, 1, 2, 3});
  CHECK_EQ(bench.Letters(2), "ab");
  bench.Use(Cycle({0, 1, 2}), {0, 1, 3});
  CHECK_EQ(bench.Letters(3), "dab");
  bench.Use(Cycle({0, 1, 2}), {3, 4, 0});
  CHECK_EQ(bench.Letters(3), "dea");
  // The same turns of the same hosts: within the round.
  bench.Use(Cycle({0, 0, 0, 1}), {0, 1});
  bench.Letters(2);
  bench.Use(Cycle({0, 0, 0, 1}), {0, 1});
  CHECK_EQ(bench.Letters(3), "aba");
  // The same numbers that are other hosts are no such thing.
  bench.Use(Cycle({0, 0, 0, 1}), {1, 2});
  CHECK_EQ(bench.Letters(1), "b");
}

CASE("cycle begins at the start after another kind of rule, or where nobody of before is left") {
  Bench bench(4);
  bench.Use(Cycle({0, 1}), {0, 1});
  bench.Letters(1);
  bench.Use(Least({1, 1}), {0, 1});
  bench.Use(Cycle({0, 1}), {0, 1});
  CHECK_EQ(bench.Letters(1), "a");
  bench.Use(Cycle({1, 0}), {2, 3});
  CHECK_EQ(bench.Letters(2), "dc");
}

CASE("chance gives shares by weight, also among the few that are left of many") {
  constexpr int kPicks = 20'000;
  Bench bench(40);
  std::vector<double> weights(40, 256);
  weights[3] = 1;
  weights[38] = 3;
  weights[39] = 0;
  bench.Use(ChanceOf(weights));
  for (size_t i = 0; i < 40; i++) bench.host(i).ready = i == 3 || i >= 38;
  int got = 0;
  for (int i = 0; i < kPicks; i++) {
    const Slot* slot = bench.Pick();
    REQUIRE(slot != nullptr && slot != &bench.host(39));
    if (slot == &bench.host(38)) got += 1;
  }
  // Six standard deviations.
  CHECK(std::abs(got - kPicks * 3 / 4) < 6 * std::sqrt(kPicks * 3.0 / 16));
}

CASE("two draws take the less loaded one of two different hosts") {
  Bench bench(2);
  bench.row(0).open.set(2);
  bench.row(1).open.set(15);
  bench.Use(ChanceOf({1, 10}, 2));
  CHECK_EQ(bench.Letters(50), std::string(50, 'b'));
  bench.host(1).ready = false;
  CHECK_EQ(bench.Letters(3), "aaa");
}

CASE("chance of its own is from 0 up to 1, and copies of it share one source") {
  const Chance chance = OwnChance();
  const Chance copy = chance;
  double sum = 0;
  for (int i = 0; i < 10'000; i++) {
    const double drawn = chance();
    CHECK(drawn >= 0 && drawn < 1);
    sum += drawn;
    CHECK(drawn != copy());
  }
  CHECK(std::abs(sum - 5'000) < 6 * std::sqrt(10'000 / 12.0));
}

CASE("least picks what a walk over all hosts would pick") {
  for (int round = 0; round < 200; round++) {
    Bench bench(static_cast<size_t>(RandomBetween(1, 12)));
    const bool oldest = RandomBetween(0, 1) == 1;
    std::vector<uint32_t> weights(bench.count());
    for (uint32_t& weight : weights) weight = static_cast<uint32_t>(RandomBetween(0, 4));
    for (size_t i = 0; i < bench.count(); i++) {
      bench.host(i).max_sessions = static_cast<uint32_t>(RandomBetween(0, 3));
    }
    const auto before = [&](size_t a, size_t b) {
      const double load_a = (bench.row(a).open.get() + 1) / weights[a];
      const double load_b = (bench.row(b).open.get() + 1) / weights[b];
      if (load_a != load_b) return load_a < load_b;
      return oldest && bench.row(a).last_close.get() < bench.row(b).last_close.get();
    };
    bench.Use(Least(weights, oldest));
    for (int step = 0; step < 100; step++) {
      const auto last = static_cast<int64_t>(bench.count()) - 1;
      const auto at = static_cast<size_t>(RandomBetween(0, last));
      const Tried tried{bench.host(at).host_id};
      const PickClient client{kNobody, step % 3 == 0 ? &tried : nullptr};
      const int64_t what = RandomBetween(0, 5);
      if (what == 0) {
        bench.host(at).ready = !bench.host(at).ready;
        bench.Use(Least(weights, oldest));
      } else if (what < 3) {
        if (bench.row(at).open.get() > 0) bench.Close(bench.host(at));
      } else {
        const Slot* wanted = nullptr;
        for (size_t i = 0; i < bench.count(); i++) {
          if (!client.MayGet(bench.host(i)) || weights[i] == 0) continue;
          if (wanted == nullptr || before(i, wanted->host_id - 1)) wanted = &bench.host(i);
        }
        CHECK_EQ(bench.Open(client.tried), wanted);
      }
    }
  }
}

CASE("hash gives the numbers of the portable engine") {
  Bench bench(7);
  bench.Use(Hash({0, 1, 2, 3, 4, 5, 6, 6, 5, 4, 3}));
  CHECK_EQ(Walk(bench, Ip{{192, 0, 2, 7}, 4}), "6502431");
  CHECK_EQ(Walk(bench, Ip{{10, 1, 2, 3}, 4}), "4260531");
  const Ip ipv6{{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7}, 16};
  CHECK_EQ(Walk(bench, ipv6), "2416530");
  CHECK_EQ(Walk(bench, Ip{}), "3106542");
  bench.Use(Hash({}), {});
  CHECK_EQ(Walk(bench, Ip{}), "");
}

CASE("hash with numbers of hosts that the table does not have picks others") {
  Bench bench(2);
  bench.Use(Hash({9, 9, 9}));
  CHECK(bench.Pick() != nullptr);
  bench.Use(Cycle({7, 1}));
  CHECK_EQ(bench.Letters(2), "bb");
}

CASE("by every rule nobody is picked who may not be, and somebody whenever somebody may") {
  for (int round = 0; round < 400; round++) {
    Bench bench(static_cast<size_t>(RandomBetween(1, 12)));
    for (size_t i = 0; i < bench.count(); i++) {
      bench.host(i).ready = RandomBetween(0, 3) > 0;
      bench.host(i).max_sessions = static_cast<uint32_t>(RandomBetween(0, 3));
      bench.host(i).failure_batch = static_cast<uint64_t>(RandomBetween(0, 2));
      bench.row(i).open.set(static_cast<double>(RandomBetween(0, 4)));
    }
    bench.Use(AnyRule(round % 4, bench.count()));
    for (int turn = 0; turn < 30; turn++) {
      Tried tried;
      while (RandomBetween(0, 1) == 1) {
        tried.push_back(static_cast<uint64_t>(RandomBetween(1, 12)));
      }
      const Ip ip = AnyIp();
      std::set<const Slot*> allowed;
      for (size_t i = 0; i < bench.count(); i++) {
        if (PickClient{ip, &tried}.MayGet(bench.host(i))) allowed.insert(&bench.host(i));
      }
      Slot* const picked = bench.Open(&tried, ip);
      CHECK_EQ(picked == nullptr, allowed.empty());
      if (picked == nullptr) continue;
      CHECK(allowed.count(picked) == 1);
      if (turn % 2 == 0) bench.Close(*picked);
    }
  }
}

CASE("a host whose failure was not judged is not given to who asks for others") {
  Bench bench(2);
  bench.host(0).failure_batch = 5;
  for (int64_t kind = 0; kind < 4; kind++) {
    bench.Use(AnyRule(kind, 2));
    const Ip ip = AnyIp();
    for (int i = 0; i < 20; i++) CHECK_EQ(bench.picker().Next({ip, nullptr, 4}), 1);
  }
}

}  // namespace sluice::test
