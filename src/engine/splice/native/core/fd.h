// Owns one file descriptor. Closing happens here and nowhere else, except for the two sockets of a session, which
// its Relay closes because how they are closed is part of what the peer is told.
#pragma once

#include <utility>

#include "core/system.h"

namespace sluice {

// Move-only. Touched by one thread at a time; which one, says the class that has it.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    Reset(std::exchange(other.fd_, -1));
    return *this;
  }
  ~UniqueFd() { Reset(-1); }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  void Reset(int fd) {
    if (fd_ >= 0) sys::Close(fd_);
    fd_ = fd;
  }

 private:
  int fd_ = -1;
};

}  // namespace sluice
