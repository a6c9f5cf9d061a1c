#include "run.h"

#include "frames.h"
#include "init.h"
#include "inner.h"
#include "namespaces.h"
#include "observe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CHECK_MS = 200 }; // how soon Java hears that a shim it thinks about was killed

typedef struct {
  Plan plan;
  Wire wire;
  Frames frames;
  Inners inners;
  Observer observer;
  int connection, control, handoff, spawning;
  pid_t init;
  bool observing, ended, killed;
  int wait_status; // of the command; until it has ended, as if process 1 had been killed
  uint64_t began_us;
} Session;

static uint64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t microseconds(struct timeval time) {
  return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

// Ends the run without a command's result.
_Noreturn static void refuse(Session *session, const Failure *failure) {
  frames_failure(&session->frames, failure->op, failure->error, failure->message);
  _exit(0);
}

static bool read_exactly(int connection, void *bytes, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t got = read(connection, (char *)bytes + done, length - done);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    done += (size_t)got;
  }
  return true;
}

static void read_plan(Session *session) {
  uint32_t length;
  if (!read_exactly(session->connection, &length, sizeof length))
    _exit(0); // nobody is there
  uint8_t *bytes = malloc((size_t)length + 1);
  Failure failure = {.message = "no memory for the plan"};
  if (!bytes)
    refuse(session, &failure);
  if (!read_exactly(session->connection, bytes, length))
    _exit(0);
  if (!plan_parse(bytes, length, &session->plan, failure.message, sizeof failure.message)) {
    failure.error = EINVAL;
    refuse(session, &failure);
  }
  free(bytes);
}

// Not unshare(CLONE_NEWPID) and fork: after that the kernel lets this process start no thread.
static pid_t fork_first(void) {
  return (pid_t)syscall(__NR_clone, CLONE_NEWPID | SIGCHLD, NULL, NULL, NULL, NULL);
}

static void start_init(Session *session, const Run *run) {
  int out[2], err[2], control[2], handoff[2], spawning[2] = {-1, -1};
  Failure failure = {0};
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0 ||
      socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) != 0 ||
      socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, handoff) != 0 ||
      (session->plan.shim_count &&
       socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, spawning) != 0)) {
    failure_set(&failure, 0, errno, "cannot make the sandbox's pipes: %s", strerror(errno));
    refuse(session, &failure);
  }
  session->init = fork_first();
  if (session->init < 0) {
    failure_set(&failure, 0, errno, "cannot fork the sandbox's first process: %s", strerror(errno));
    refuse(session, &failure);
  }
  if (session->init == 0) {
    close(control[0]); // so that the supervisor's ends are alone on their side
    close(handoff[0]);
    if (spawning[0] >= 0)
      close(spawning[0]);
    init_main(&(Start){&session->plan, run->place, control[1], handoff[1], out[1], err[1],
                       spawning[1]});
  }
  close(control[1]);
  close(handoff[1]);
  close(out[1]);
  close(err[1]);
  if (spawning[1] >= 0)
    close(spawning[1]);
  session->spawning = spawning[0];
  // Only our ends: whoever writes into the pipes still blocks as usual.
  fcntl(out[0], F_SETFL, O_NONBLOCK);
  fcntl(err[0], F_SETFL, O_NONBLOCK);
  session->control = control[0];
  session->frames.pipes[0] = out[0];
  session->frames.pipes[1] = err[0];
  session->handoff = handoff[0];
}

static void start_observer(Session *session, const Run *run) {
  if (!session->plan.observe)
    return;
  inners_init(&session->inners, &session->plan, &session->frames, &session->observer, run->proc,
              session->spawning);
  int error = observer_start(&session->observer, &session->plan, &session->frames, run->proc,
                             session->handoff);
  if (error) {
    kill(session->init, SIGKILL);
    Failure failure = {0};
    failure_set(&failure, 0, error, "cannot observe the run: %s", strerror(error));
    refuse(session, &failure);
  }
  session->observing = true;
}

static void kill_sandbox(Session *session) {
  kill(session->init, SIGKILL);
}

// False once the sandbox has nothing more to say.
static bool on_report(Session *session) {
  Report report;
  if (!report_receive(session->control, &report))
    return false;
  switch (report.kind) {
  case REPORT_FAILED:
    waitpid(session->init, NULL, 0);
    refuse(session, &report.failure);
  case REPORT_ENDED:
    session->wait_status = report.wait_status;
    session->ended = true;
    return false;
  }
  return true;
}

// Java sends 's' and a signal's number. The end of its side of the connection kills the run: Java
// may have died, or asks for it and reads on.
static void on_request(Session *session) {
  uint8_t kind, number;
  bool good = read_exactly(session->connection, &kind, sizeof kind);
  if (good && kind != 's') {
    good = session->plan.shim_count && inners_request(&session->inners, kind, session->connection);
  } else if (good && (good = read_exactly(session->connection, &number, sizeof number))) {
    union sigval value = {.sival_int = number};
    sigqueue(session->init, SIGRTMIN, value);
  }
  if (good)
    return;
  kill_sandbox(session);
  session->killed = true;
}

static void drain(Session *session, const struct pollfd *polled, int which) {
  if (polled->revents)
    frames_drain(&session->frames, which);
}

static void supervise(Session *session) {
  for (;;) {
    // A negative descriptor, of a pipe at its end, is skipped by poll.
    struct pollfd polled[] = {{session->killed ? -1 : session->connection, POLLIN, 0},
                              {session->control, POLLIN, 0},
                              {session->frames.pipes[0], POLLIN, 0},
                              {session->frames.pipes[1], POLLIN, 0}};
    bool shims = session->plan.shim_count > 0;
    if (shims)
      inners_check(&session->inners);
    if (poll(polled, 4, shims ? CHECK_MS : -1) < 0)
      continue;
    drain(session, &polled[2], 0);
    drain(session, &polled[3], 1);
    if (polled[0].revents)
      on_request(session);
    if (session->wire.broken)
      kill_sandbox(session);
    if (polled[1].revents && !on_report(session))
      return;
  }
}

// Process 1's end is everybody's: when it has been waited for, no process of the sandbox is left,
// and what it reaped is in its usage.
static void finish(Session *session) {
  struct rusage usage = {0};
  int init_status = 0;
  while (wait4(session->init, &init_status, 0, &usage) < 0 && errno == EINTR)
    ;
  if (session->observing)
    observer_stop(&session->observer);
  observer_flush(&session->observer);
  frames_drain(&session->frames, 0);
  frames_drain(&session->frames, 1);
  Ending ending = {
      .wait_status = session->wait_status,
      .user_us = microseconds(usage.ru_utime),
      .system_us = microseconds(usage.ru_stime),
      .wall_us = now_us() - session->began_us,
      .max_rss_kib = (uint64_t)usage.ru_maxrss,
      .notifications = session->observer.notifications,
      .recorded = recording_passed(&session->observer.recording),
      .unobserved = session->plan.observe ? session->observer.resolver.lost : "not asked to observe",
  };
  bool ran = session->ended || session->killed || session->observer.listener >= 0;
  if (ran)
    frames_end(&session->frames, &session->observer.resolver.paths, &ending);
  else
    refuse(session, &(Failure){.error = ECHILD, .message = "the sandbox's first process died while "
                                                           "setting up"});
}

_Noreturn void run_main(const Run *run) {
  static Session session;
  session = (Session){.connection = run->connection, .wait_status = SIGKILL,
                      .observer.listener = -1};
  wire_init(&session.wire, run->connection);
  frames_init(&session.frames, &session.wire, -1, -1);
  read_plan(&session);
  session.began_us = now_us();
  Failure failure;
  if (run->failed)
    refuse(&session, run->failed);
  if (!namespaces_finish(&session.plan, &failure))
    refuse(&session, &failure);
  start_init(&session, run);
  start_observer(&session, run);
  supervise(&session);
  finish(&session);
  _exit(0);
}
