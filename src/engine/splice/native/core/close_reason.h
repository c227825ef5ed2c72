// Why a session ended: the names and the order of CLOSE_REASONS in src/base/close-reasons.ts; a test compares them.
#pragma once

#include <cstdint>

namespace sluice {

enum class CloseReason : uint8_t {
  kDone,
  kClientReset,
  kHostReset,
  kClientGone,
  kDenied,
  kListenerFull,
  kProxyHeader,
  kNoHost,
  kConnectFailed,
  kQueueFull,
  kQueueTimeout,
  kIdle,
  kKilled,
  kRebalanced,
  kStopped,
};

inline constexpr const char* kCloseReasonNames[] = {
    "done",         "client-reset", "host-reset", "client-gone",   "denied",
    "listener-full", "proxy-header", "no-host",    "connect-failed", "queue-full",
    "queue-timeout", "idle",         "killed",     "rebalanced",    "stopped",
};

}  // namespace sluice
