// Real hosts and clients for cases of the whole engine: blocking sockets of 127.0.0.1, a thread for each connection of a
// host. Everything is closed and joined when the object goes.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "core/address.h"

namespace sluice::test {

// 127.0.0.1, a port of the system's choice.
SocketAddress Loopback(uint16_t port = 0);
uint16_t PortOf(const SocketAddress& address);

// Sends back what comes and ends when the client ends.
class EchoHost {
 public:
  EchoHost();
  ~EchoHost();

  const SocketAddress& address() const { return address_; }
  uint32_t accepted() const { return accepted_; }

 private:
  void AcceptAll();
  void Echo(int client);

  SocketAddress address_;
  int listening_ = -1;
  std::atomic<bool> stopping_{false};
  std::atomic<uint32_t> accepted_{0};
  std::mutex lock_;
  std::list<std::thread> echoing_;
  std::list<int> clients_;
  std::thread accepting_;
};

// A blocking connection, or -1. Waits at most ten seconds for anything.
int ConnectTo(const SocketAddress& address);

// Connects, sends `text`, ends, and returns everything that came back.
std::string Exchange(const SocketAddress& address, const std::string& text);

}  // namespace sluice::test
