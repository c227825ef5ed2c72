// One thread of the engine: an epoll loop over the listeners, which it shares with the other workers, and over its own
// sessions. Owns its sessions, their sockets, pipes and deadlines. Other threads reach it through Post and Call only; it
// waits for nobody but the system.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/door.h"
#include "core/event_queue.h"
#include "core/fd.h"
#include "core/listener.h"
#include "core/pipe_pool.h"
#include "core/relay.h"
#include "core/session_list.h"
#include "core/settings.h"
#include "core/timer_wheel.h"

namespace sluice {

// Figures of one worker: a row of doubles that JavaScript reads without a call. Written by the worker only.
struct WorkerRow {
  Figure sessions;
  Figure accepted;
  Figure bytes_moved;
  Figure pipes;
  Figure pipes_lent;
  Figure turns;
  Figure spare[2];
};

// What all workers share.
struct Shared {
  const Settings& settings;
  EventQueue& events;
  std::atomic<uint64_t> last_session_id{0};
  // Sessions of all workers.
  std::atomic<uint64_t> sessions{0};
  // The main thread waits until there are none.
  std::atomic<bool> emptying{false};
};

class Worker {
 public:
  Worker(uint32_t index, Shared& shared, WorkerRow& row);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // The system gave what it needs. Otherwise it must not be started.
  bool ready() const { return epoll_.valid() && event_.valid(); }

  // Main thread: begin and end the thread. What is still open when it ends is closed without a word.
  void Start();
  void Stop();

  // Any thread. A route decided something about a session of this worker, or a function named its host.
  void PostNews(uint64_t session);
  void PostAnswer(uint64_t session, uint64_t host_id);
  // Any thread: do this on the thread of the worker, before the next event. Must not block.
  void PostCall(std::function<void(Worker&)> call);

  // The rest belongs to the thread of the worker.

  void Watch(Listener& listener, std::shared_ptr<const Admission> admission);
  void Change(uint32_t listener_id, std::shared_ptr<const Admission> admission);
  // Takes whoever has come so far, and then nobody.
  void Unwatch(uint32_t listener_id);

  // One turn of the loop: wait for events, unless something is left to do, and act on them.
  void Turn(bool may_wait);

  SessionList& sessions() { return sessions_; }
  TimerWheel& timers() { return timers_; }
  RelayTools& relay_tools() { return relay_tools_; }
  PipePool& pipes() { return pipes_; }
  const Settings& settings() const { return shared_.settings; }
  EventQueue& events() { return shared_.events; }
  uint64_t now() const { return now_us_; }
  // Tell `session` of what happens to this descriptor, edge by edge. @returns 0 or -errno
  int WatchSession(Session& session, Side side, int fd);
  // Before the socket of a host is closed whose session goes on. A child of this process may have it a moment longer (between
  // fork and exec), and what happens to it then would be taken for news of the next host.
  void UnwatchSession(int fd);
  // Let it continue after everybody else had a turn.
  void QueueTurn(Session& session);
  // The session is closed; it lives until the end of the turn. @returns whether it was the last one of all workers
  bool Forget(Session& session);
  // Tell the main thread that no session is left, where it waits for that.
  void TellEmpty();

 private:
  struct Command {
    uint64_t session;
    uint64_t host_id;
    bool answer;
  };

  void Run();
  void Dispatch(const epoll_event& event);
  void DispatchTo(Side side, void* tagged, uint32_t events);
  void RunCalls();
  void RunCommands();
  void RunTurns();
  void OpenDoor(Door& door);
  void Accept(Door& door, uint32_t most);
  void AcceptOne(Door& door, int client, const End& peer);
  void PauseAccepting(Door& door, int error);
  void ResumeAccepting();
  int SleepMs() const;
  void Post(Command command);
  void WakeUp();
  void Publish();

  const uint32_t index_;
  Shared& shared_;
  WorkerRow& row_;
  UniqueFd epoll_;
  UniqueFd event_;
  std::vector<uint8_t> buffer_;
  PipePool pipes_;
  RelayTools relay_tools_;
  TimerWheel timers_;
  SessionList sessions_;
  std::unordered_map<uint32_t, std::unique_ptr<Door>> doors_;
  std::vector<std::unique_ptr<Door>> closed_doors_;
  std::vector<epoll_event> batch_;
  std::vector<Session*> turns_;
  std::vector<Session*> continuing_;
  uint64_t now_us_;
  uint64_t accept_again_us_ = 0;  // 0: accepts
  uint64_t accepted_ = 0;
  uint64_t turn_count_ = 0;
  std::thread thread_;
  std::atomic<bool> stopping_{false};

  // What other threads want; taken in one go. `raised_`: the event was raised and not lowered yet.
  std::mutex inbox_lock_;
  std::vector<Command> inbox_;
  std::vector<std::function<void(Worker&)>> calls_inbox_;
  std::atomic<bool> raised_{false};
  std::vector<Command> commands_;
  size_t commands_done_ = 0;
};

}  // namespace sluice
