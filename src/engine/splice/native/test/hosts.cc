// Blocking sockets and threads: slow and plain, so that what is tested against them is the engine.
#include "test/hosts.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace sluice::test {

namespace {

bool SendAll(int fd, const char* bytes, size_t length) {
  while (length > 0) {
    const ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    length -= static_cast<size_t>(sent);
  }
  return true;
}

}  // namespace

SocketAddress Loopback(uint16_t port) {
  End end;
  end.ip = ParseIp("127.0.0.1");
  end.port = port;
  return AddressOf(end);
}

uint16_t PortOf(const SocketAddress& address) { return EndOf(address).port; }

EchoHost::EchoHost() : address_(Loopback()) {
  listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bind(listening_, address_.get(), address_.length);
  listen(listening_, 1024);
  address_.length = sizeof(address_.storage);
  getsockname(listening_, reinterpret_cast<sockaddr*>(&address_.storage), &address_.length);
  accepting_ = std::thread([this] { AcceptAll(); });
}

EchoHost::~EchoHost() {
  stopping_ = true;
  shutdown(listening_, SHUT_RDWR);
  accepting_.join();
  {
    const std::lock_guard<std::mutex> guard(lock_);
    for (const int client : clients_) shutdown(client, SHUT_RDWR);
  }
  for (std::thread& each : echoing_) each.join();
  for (const int client : clients_) close(client);
  close(listening_);
}

void EchoHost::AcceptAll() {
  while (!stopping_) {
    const int client = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    accepted_ += 1;
    const std::lock_guard<std::mutex> guard(lock_);
    clients_.push_back(client);
    echoing_.emplace_back([this, client] { Echo(client); });
  }
}

void EchoHost::Echo(int client) {
  std::array<char, 16384> bytes;
  for (;;) {
    const ssize_t length = recv(client, bytes.data(), bytes.size(), 0);
    if (length <= 0 || !SendAll(client, bytes.data(), static_cast<size_t>(length))) break;
  }
  // Closed by the destructor, so that its number is not given to somebody else before.
  shutdown(client, SHUT_WR);
}

int ConnectTo(const SocketAddress& address) {
  const int fd = socket(address.get()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval ten_seconds{10, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &ten_seconds, sizeof(ten_seconds));
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &ten_seconds, sizeof(ten_seconds));
  if (connect(fd, address.get(), address.length) == 0) return fd;
  close(fd);
  return -1;
}

std::string Exchange(const SocketAddress& address, const std::string& text) {
  const int fd = ConnectTo(address);
  if (fd < 0) return "";
  // The answer is read meanwhile: an echo of more than the sockets hold would stop both sides.
  std::thread sending([fd, &text] {
    SendAll(fd, text.data(), text.size());
    shutdown(fd, SHUT_WR);
  });
  std::string answer;
  std::array<char, 16384> bytes;
  for (;;) {
    const ssize_t length = recv(fd, bytes.data(), bytes.size(), 0);
    if (length <= 0) break;
    answer.append(bytes.data(), static_cast<size_t>(length));
  }
  sending.join();
  close(fd);
  return answer;
}

}  // namespace sluice::test
