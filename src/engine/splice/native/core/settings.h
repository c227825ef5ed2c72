// The limits of src/base/limits.ts that the native engine keeps, and the bounds of its histograms; handed over once when the
// engine is made.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/service_row.h"

namespace sluice {

struct Settings {
  uint32_t threads = 1;
  // Keep our own address towards the host, so that somebody can ask who is behind it. A system call a session.
  bool track_peers = false;

  int listen_backlog = 4096;
  uint32_t proxy_header_ms = 5000;
  uint32_t proxy_v2_bytes_max = 16 + 2048;
  uint32_t linger_ms = 2000;
  uint32_t held_max = 65536;
  // Held clients that are let go at once when a pause is over, 1 at least; for each that has gone there is one more.
  uint32_t let_go_at_once = 64;
  uint32_t hash_probes_max = 32;
  uint32_t chance_draws_max = 16;
  uint32_t pickers_kept = 8;

  // Events of one turn of a worker, commands that it carries out between two turns, and clients that it accepts from one
  // listener before it looks at everybody else.
  uint32_t events_at_once = 256;
  uint32_t commands_at_once = 64;
  uint32_t accepts_at_once = 16;
  // How long a worker accepts nobody after the system had no descriptor left for a client.
  uint32_t accept_pause_ms = 100;

  // The buffer of each worker through which small exchanges go; what one direction may hold when its reader is slow.
  size_t buffer_bytes = 64 * 1024;
  // Kernel pipes of each worker, and the size of each.
  uint32_t pipes_max = 64;
  size_t pipe_bytes = 1024 * 1024;
  // Full reads in a row after which a direction streams, and small ones in a row after which it does not any more.
  uint32_t full_reads_to_stream = 2;
  uint32_t small_reads_to_calm = 8;
  // Bytes that one direction moves before others have their turn.
  size_t turn_bytes = 1024 * 1024;

  // Reports of ended sessions, and of anything else, that wait for a main thread that is busy; more are counted only.
  uint32_t records_max = 16384;
  uint32_t events_max = 16384;

  // Times from accept to a connected host, and from accept to the end.
  HistogramBounds connect_bounds_us{};
  HistogramBounds session_bounds_us{};
};

}  // namespace sluice
