// Every call of the data path into the kernel, once. A seam: the fuzzers link another implementation that plays a
// kernel with short reads, full buffers and resets (test/system_fake.cc). Nothing here throws, blocks or retries, except
// that EINTR is retried; failures are negative errno values.
#pragma once

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace sluice::sys {

// Bytes moved, 0 at the end of what the peer sent, or -errno (-EAGAIN: would block).
ssize_t Recv(int fd, void* bytes, size_t length);
// Like Recv, and the bytes stay where they are.
ssize_t Peek(int fd, void* bytes, size_t length);
// Never raises SIGPIPE.
ssize_t Send(int fd, const void* bytes, size_t length);
// From a socket into a pipe, or from a pipe into a socket. Never blocks.
ssize_t SpliceIn(int socket, int pipe_write_end, size_t length);
ssize_t SpliceOut(int pipe_read_end, int socket, size_t length);

// 0, or -errno.
int ShutdownWrite(int fd);
int Close(int fd);
// Close so that the peer sees a reset, where the kind of socket has one.
int CloseWithReset(int fd);

// A new non-blocking pipe of about `bytes`; the size that the system gave, or -errno.
int OpenPipe(int* read_end, int* write_end, size_t bytes);

// A non-blocking client, with its address, or -errno (-EAGAIN: nobody waits).
int Accept(int listening, sockaddr_storage* peer, socklen_t* peer_length);
// A non-blocking socket that connects to `address`, or -errno. *connected: it already is.
int Connect(const sockaddr* address, socklen_t length, bool* connected);
// What became of a connect: 0 or a positive errno.
int TakeError(int fd);
void SetNoDelay(int fd);
// 0, or -errno.
int LocalAddress(int fd, sockaddr_storage* address, socklen_t* length);
int PeerAddress(int fd, sockaddr_storage* address, socklen_t* length);

// A listening socket, non-blocking, with what clients inherit set on it; or -errno.
int Listen(const sockaddr* address, socklen_t length, int backlog, bool ipv6_only);
// New clients are ignored from now on (they try again by themselves), those whose handshake has begun still come in.
int IgnoreNewClients(int listening);
// Its address is free from here on, also while a child that was just forked has the socket as well.
void StopListening(int listening);

int OpenEpoll();
int OpenEvent();
// Raise an eventfd.
void Raise(int event);
int Watch(int epoll, int fd, uint32_t events, void* tag);
int Unwatch(int epoll, int fd);
// How many events there are; `timeout_ms` -1 waits for ever.
int WaitForEvents(int epoll, epoll_event* events, int count, int timeout_ms);

// Microseconds on a clock that only goes forward, and what has to be added to it for microseconds since 1970.
uint64_t NowMicros();
int64_t EpochMicros();

}  // namespace sluice::sys
