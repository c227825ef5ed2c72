// Fetches one big body again and again over COUNT clients for SECONDS, each time on a new connection, and lets
// transfers under way finish. One thread, one epoll. What arrives is thrown away in the kernel (MSG_TRUNC), so
// that the client costs next to nothing and GB/s compares relays, not readers. Prints one line of JSON, the same
// as fetch-clients.js. `fetch-clients PORT PATH COUNT SECONDS`
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { kClientsMax = 256, kTransfersMax = 1 << 20, kReadMax = 1 << 30 };

struct Client {
  int fd;
  double started_ms;
};

static struct Client clients[kClientsMax];
static double times_ms[kTransfersMax];
static size_t transfers = 0;
static unsigned long long bytes = 0;
static unsigned errors = 0;
static char request[1024];
static struct sockaddr_in address;
static int epoll_fd = -1;

static double NowMs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

// Connects blocking: on loopback that is at once, or the relay is not there. Returns 1 where it is on its way.
static int Start(struct Client* client) {
  const size_t length = strlen(request);
  client->started_ms = NowMs();
  client->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (client->fd < 0) return 0;
  struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = client}};
  if (connect(client->fd, (struct sockaddr*)&address, sizeof address) == 0 &&
      send(client->fd, request, length, MSG_NOSIGNAL) == (ssize_t)length &&
      epoll_ctl(epoll_fd, EPOLL_CTL_ADD, client->fd, &event) == 0) {
    return 1;
  }
  close(client->fd);
  return 0;
}

// Takes what is there. Returns 1 while more is to come.
static int Read(const struct Client* client) {
  const ssize_t taken = recv(client->fd, NULL, kReadMax, MSG_TRUNC | MSG_DONTWAIT);
  if (taken > 0) {
    bytes += (unsigned long long)taken;
    return 1;
  }
  if (taken < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
  if (taken < 0) errors += 1;
  if (transfers < kTransfersMax) times_ms[transfers++] = NowMs() - client->started_ms;
  close(client->fd);
  return 0;
}

static int Compare(const void* a, const void* b) {
  const double left = *(const double*)a;
  const double right = *(const double*)b;
  return (left > right) - (left < right);
}

static double Percentile(double share) {
  if (transfers == 0) return 0;
  const size_t index = (size_t)((double)transfers * share);
  return times_ms[index < transfers ? index : transfers - 1];
}

// One client after the other that has ended starts again until the deadline. A start that fails is not repeated.
static void Run(int count, double deadline_ms) {
  int running = 0;
  for (int index = 0; index < count; index++) {
    if (Start(&clients[index])) {
      running += 1;
    } else {
      errors += 1;
    }
  }
  struct epoll_event events[kClientsMax];
  while (running > 0) {
    const int ready = epoll_wait(epoll_fd, events, kClientsMax, -1);
    for (int index = 0; index < ready; index++) {
      struct Client* client = events[index].data.ptr;
      if (Read(client)) continue;
      if (NowMs() < deadline_ms && Start(client)) continue;
      if (NowMs() < deadline_ms) errors += 1;
      running -= 1;
    }
  }
}

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const int wanted = atoi(argv[3]);
  const int count = wanted < kClientsMax ? wanted : kClientsMax;
  address.sin_family = AF_INET;
  address.sin_port = htons((unsigned short)atoi(argv[1]));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  snprintf(request, sizeof request,
           "GET %s HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n", argv[2]);
  epoll_fd = epoll_create1(0);
  const double started_ms = NowMs();
  Run(count, started_ms + atof(argv[4]) * 1e3);
  const double seconds = (NowMs() - started_ms) / 1e3;
  qsort(times_ms, transfers, sizeof times_ms[0], Compare);
  printf("{\"bytes\":%llu,\"errors\":%u,\"seconds\":%.6f,\"p50Ms\":%.4f,\"p99Ms\":%.4f}\n", bytes, errors,
         seconds, Percentile(0.5), Percentile(0.99));
  return 0;
}
