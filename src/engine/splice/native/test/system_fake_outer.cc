// Far ends; see the header.
#include "test/system_fake_outer.h"

#include <algorithm>
#include <cerrno>

namespace sluice::fake {

namespace {

constexpr size_t kTakenAtOnce = 4096;

}  // namespace

char ByteOf(uint32_t stream, uint64_t at) {
  if (at < kNameBytes) return static_cast<char>(stream >> (8 * at));
  const uint64_t mixed = (at + 1) * 0x9e3779b97f4a7c15u + stream * 0xc2b2ae3d27d4eb4fu;
  return static_cast<char>(mixed >> 56);
}

void Outer::Act() {
  if (socket_.closed) return;
  const size_t what = kernel.Below(100);
  if (what < 40) return SendSome();
  if (what < 80) return Take(1 + kernel.Below(2 * kernel.mood.room_most));
  if (what < 83) {
    if (!socket_.dead && !socket_.wrote_end) kernel.End(socket_);
  } else if (what == 83) {
    kernel.Close(socket_, kernel.Chance(50));
  } else if (what <= 85) {
    SendUrgent();
  }
}

void Outer::SendUrgent() {
  if (socket_.dead || socket_.wrote_end || socket_.peer->mark != kNoMark) return;
  Socket& reader = *socket_.peer;
  // It comes after what was sent so far.
  reader.mark = reader.in.size();
  reader.had_mark = true;
  kernel.Wake(reader);
  SendSome();
  if (kernel.Chance(50)) kernel.End(socket_);
}

void Outer::Say(const std::string& words) {
  while (said_ < words.size()) {
    const ssize_t count = kernel.Put(socket_, words.data() + said_, words.size() - said_);
    if (count < 0) Fault("there is no room for the first words");
    said_ += static_cast<uint64_t>(count);
  }
}

void Outer::Finish() {
  if (socket_.closed) return;
  Take();
  if (!socket_.dead && !socket_.wrote_end) kernel.End(socket_);
}

void Outer::SendSome() {
  if (socket_.dead || socket_.wrote_end) return;
  std::string bytes(1 + kernel.Below(2 * kernel.mood.room_most), '\0');
  for (size_t i = 0; i < bytes.size(); i++) bytes[i] = ByteOf(stream_, sent() + i);
  kernel.Put(socket_, bytes.data(), bytes.size());
}

void Outer::Take(size_t most) {
  char bytes[kTakenAtOnce];
  while (most > 0 && !socket_.closed) {
    const ssize_t count = kernel.Take(socket_, bytes, std::min(most, sizeof bytes));
    if (count == -EAGAIN) return;
    if (count == 0 && !heard_reset_) heard_end_ = true;
    if (count < 0) heard_reset_ = true;
    if (count <= 0) return;
    Check(bytes, static_cast<size_t>(count));
    most -= static_cast<size_t>(count);
  }
}

void Outer::Check(const char* bytes, size_t count) {
  for (size_t i = 0; i < count; i++, taken_++) {
    const bool in_header = taken_ < header_.size();
    const uint64_t at = taken_ - header_.size();
    if (!in_header && at < kNameBytes && !knows_) {
      expected_ |= static_cast<uint32_t>(static_cast<uint8_t>(bytes[i])) << (8 * at);
    }
    const char wanted = in_header ? header_[taken_] : ByteOf(expected_, at);
    if (bytes[i] != wanted)
      Fault("byte " + std::to_string(taken_) + " is not the one that was sent");
  }
}

}  // namespace sluice::fake
