// A wire that loses, delays and lets some packets overtake others, between the network devices of two namespaces, or from one
// device back to itself. It makes the devices; what comes out of one goes into the other, later or not at all. Does what tc's
// netem does, also where the kernel has none.
//
//   lossy-wire DELAY-US JITTER-US LOSS-PER-MILLE SEED DEVICE [DEVICE]
//
// Says "ready" when the devices are there, and ends with whoever started it. Each packet is late by DELAY and up to JITTER
// more. One with SYN or RST is late and never lost: TCP says the one again after a whole second, and the other not at all.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define PACKET_MAX 65536
// More than the windows of all connections of a test; what comes on top is lost, as in a full switch.
#define PACKETS_MAX 65536

struct packet {
  uint64_t due_us;
  // Of two that are due at once, the one that came first goes first.
  uint64_t number;
  // Where it comes out.
  int device;
  uint8_t *bytes;
  size_t length;
};

// A heap: the one that is due next comes first.
static struct packet queue[PACKETS_MAX];
static size_t count = 0;
static uint64_t random_state;

static uint64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

// xorshift64*.
static uint64_t random_below(uint64_t end) {
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return end == 0 ? 0 : ((random_state * 2685821657736338717ULL) >> 16) % end;
}

static int before(const struct packet *a, const struct packet *b) {
  return a->due_us != b->due_us ? a->due_us < b->due_us : a->number < b->number;
}

static void swap(size_t a, size_t b) {
  const struct packet kept = queue[a];
  queue[a] = queue[b];
  queue[b] = kept;
}

static void push(struct packet packet) {
  size_t at = count++;
  queue[at] = packet;
  for (; at > 0 && before(&queue[at], &queue[(at - 1) / 2]); at = (at - 1) / 2) swap(at, (at - 1) / 2);
}

static struct packet pop(void) {
  const struct packet first = queue[0];
  queue[0] = queue[--count];
  for (size_t at = 0;;) {
    size_t least = at;
    for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++)
      if (before(&queue[child], &queue[least])) least = child;
    if (least == at) return first;
    swap(at, least);
    at = least;
  }
}

// Of TCP over IPv4, all but SYN and RST.
static int may_be_lost(const uint8_t *bytes, size_t length) {
  enum { kTcp = 6, kSyn = 2, kRst = 4 };
  if (length < 20 || bytes[0] >> 4 != 4 || bytes[9] != kTcp) return 0;
  const size_t header = (size_t)(bytes[0] & 15) * 4;
  return length >= header + 20 && (bytes[header + 13] & (kSyn | kRst)) == 0;
}

static int open_device(const char *name) {
  const int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  if (device < 0) return -1;
  struct ifreq request;
  memset(&request, 0, sizeof request);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  return ioctl(device, TUNSETIFF, &request) < 0 ? -1 : device;
}

static void deliver_what_is_due(void) {
  while (count > 0 && queue[0].due_us <= now_us()) {
    const struct packet packet = pop();
    // One that the system does not take is lost.
    if (write(packet.device, packet.bytes, packet.length) < 0) errno = 0;
    free(packet.bytes);
  }
}

struct wire {
  int devices[2];
  uint64_t delay_us;
  uint64_t jitter_us;
  uint64_t loss_per_mille;
};

// @returns whether there was one
static int take_packet(const struct wire *wire, int end) {
  static uint8_t bytes[PACKET_MAX];
  static uint64_t number = 0;
  const ssize_t length = read(wire->devices[end], bytes, sizeof bytes);
  if (length < 0) return 0;
  const int lost = random_below(1000) < wire->loss_per_mille && may_be_lost(bytes, (size_t)length);
  uint8_t *kept = lost || count == PACKETS_MAX ? NULL : malloc((size_t)length);
  if (kept == NULL) return 1;
  memcpy(kept, bytes, (size_t)length);
  const uint64_t due_us = now_us() + wire->delay_us + random_below(wire->jitter_us);
  push((struct packet){due_us, number++, wire->devices[1 - end], kept, (size_t)length});
  return 1;
}

static void wait_for_packets(const struct wire *wire) {
  struct pollfd watched[2] = {{wire->devices[0], POLLIN, 0}, {wire->devices[1], POLLIN, 0}};
  const uint64_t now = now_us();
  const uint64_t left = count == 0 || queue[0].due_us <= now ? 0 : queue[0].due_us - now;
  const struct timespec rest = {(time_t)(left / 1000000), (long)(left % 1000000) * 1000};
  ppoll(watched, 2, count == 0 ? NULL : &rest, NULL);
}

int main(int argc, char **argv) {
  if (argc != 6 && argc != 7) return 2;
  struct wire wire;
  wire.delay_us = strtoull(argv[1], NULL, 10);
  wire.jitter_us = strtoull(argv[2], NULL, 10);
  wire.loss_per_mille = strtoull(argv[3], NULL, 10);
  random_state = strtoull(argv[4], NULL, 10) * 2 + 1;
  wire.devices[0] = open_device(argv[5]);
  wire.devices[1] = argc == 7 ? open_device(argv[6]) : wire.devices[0];
  if (wire.devices[0] < 0 || wire.devices[1] < 0) {
    perror("/dev/net/tun");
    return 1;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  puts("ready");
  fflush(stdout);
  for (;;) {
    deliver_what_is_due();
    const int first = take_packet(&wire, 0);
    const int second = wire.devices[1] != wire.devices[0] && take_packet(&wire, 1);
    if (!first && !second) wait_for_packets(&wire);
  }
}
