// Who is at the far end of a connection of the kernel to play with: a client or a host that sends a stream of its own,
// takes what comes, ends, resets or just stands there. Checks every byte it takes. A stream begins with its name, so who
// does not know whose it takes finds out.
#pragma once

#include <cstdint>
#include <string>

#include "test/system_fake.h"

namespace sluice::fake {

inline constexpr uint64_t kNameBytes = 4;

class Outer {
 public:
  // `socket` is the far end; `stream` names what it sends.
  Outer(Socket& socket, uint32_t stream) : socket_(socket), stream_(stream) {}

  // Does one thing that a peer may do, or nothing.
  void Act();
  // Sends no more, takes everything, ends.
  void Finish();
  // Takes what is there.
  void Take(size_t most = SIZE_MAX);

  // Sends these bytes before its stream; there must be room for them, and it does so once, first.
  void Say(const std::string& words);
  // What it takes must be `header`, and then the stream with this name, from its beginning.
  void Expect(uint32_t stream, std::string header = "") {
    expected_ = stream;
    header_ = std::move(header);
    knows_ = stream != 0;
  }
  // What it takes is the stream with this name; 0 while it has not been told.
  uint32_t heard_stream() const { return taken() >= kNameBytes ? expected_ : 0; }

  const Socket& socket() const { return socket_; }
  uint32_t stream() const { return stream_; }
  // Of the stream.
  uint64_t sent() const { return socket_.sent - said_; }
  // Of the stream, the header not counted; and both.
  uint64_t taken() const { return taken_ < header_.size() ? 0 : taken_ - header_.size(); }
  uint64_t taken_in_all() const { return taken_; }
  bool heard_end() const { return heard_end_; }
  bool heard_reset() const { return heard_reset_; }
  // It closed or reset its connection, and was not just done.
  bool left() const { return socket_.closed; }

 private:
  void SendSome();
  void SendUrgent();
  void Check(const char* bytes, size_t count);

  Socket& socket_;
  const uint32_t stream_;
  uint64_t said_ = 0;
  uint32_t expected_ = 0;
  bool knows_ = false;
  std::string header_;
  uint64_t taken_ = 0;
  bool heard_end_ = false;
  bool heard_reset_ = false;
};

// Byte number `at` of a stream.
char ByteOf(uint32_t stream, uint64_t at);

}  // namespace sluice::fake
