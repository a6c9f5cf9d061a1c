#include "attend.h"

#include "handoff.h"
#include "kernel.h"
#include "shim_call.h"
#include "spawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
  MAX_DESCRIPTORS = 4096,
  GRACE_MS = 20,  // for processes of a tool that are ending as it ends
  PIECE = 65536,
};

// What one attendant works with.
typedef struct {
  Inner *inner;
  Inners *inners;
  Frames frames;
  Observer observer;
  pthread_t observing;
  int run; // the socket to the tool's side
  int shim_pidfd;
  int numbers[MAX_DESCRIPTORS], copies[MAX_DESCRIPTORS]; // what the shim had, ascending
  size_t count;
  Inherited inherited[MAX_DESCRIPTORS];
  size_t inherited_count;
  int writing[2]; // ends of the capturing pipes, until the tool has them
  pid_t tool;
  bool observed, waiting, ended, shim_gone, orphaned; // waiting: the shim, for the end
  int error; // why the tool did not start
  SpawnReport end;
  uint64_t began_us;
} Attendant;

static uint64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void forget(int *descriptor) {
  if (*descriptor >= 0)
    close(*descriptor);
  *descriptor = -1;
}

static int ascending(const void *left, const void *right) {
  return *(const int *)left - *(const int *)right;
}

static DIR *open_directory(const Attendant *at, const char *what) {
  char name[64];
  snprintf(name, sizeof name, "%d/%s", at->inner->shim, what);
  int file = openat(at->inners->proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *directory = file < 0 ? NULL : fdopendir(file);
  if (file >= 0 && !directory)
    close(file);
  return directory;
}

// Takes copies of all the shim's descriptors. Those it had at its start: it opens none.
static bool copy_descriptors(Attendant *at) {
  DIR *directory = open_directory(at, "fd");
  if (!directory)
    return false;
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (entry->d_name[0] == '.')
      continue;
    if (at->count == MAX_DESCRIPTORS) {
      closedir(directory);
      errno = EMFILE;
      return false;
    }
    at->numbers[at->count++] = atoi(entry->d_name);
  }
  closedir(directory);
  qsort(at->numbers, at->count, sizeof *at->numbers, ascending);
  for (size_t i = 0; i < at->count; i++) {
    at->copies[i] = (int)syscall(__NR_pidfd_getfd, at->shim_pidfd, at->numbers[i], 0);
    if (at->copies[i] < 0)
      return false;
  }
  return true;
}

static int *copy_of(Attendant *at, int number) {
  for (size_t i = 0; i < at->count; i++)
    if (at->numbers[i] == number)
      return &at->copies[i];
  return NULL;
}

// A terminal stays, as tools look at it, and so does /dev/null as stdout, which some know. But the
// reason of a failure is looked at also where nobody else wants to see it.
static bool is_captured(int copy, Kind kind, int which) {
  if (kind == KIND_NULL)
    return which == 1 && (fcntl(copy, F_GETFL) & O_ACCMODE) != O_RDONLY;
  return kind == KIND_FILE || kind == KIND_PIPE || kind == KIND_SOCKET;
}

// Puts a pipe of ours where the tool's output goes, and keeps the original to pass it on.
static bool capture(Attendant *at, int which) {
  Kind kind = at->inner->kinds[1 + which];
  int *copy = copy_of(at, 1 + which), ends[2];
  if (!copy || !is_captured(*copy, kind, which))
    return true;
  if (pipe2(ends, O_CLOEXEC) != 0)
    return false;
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  at->frames.pipes[which] = ends[0];
  at->writing[which] = ends[1];
  struct stat status;
  for (int stream = 0; stream < 2; stream++)
    if (kind == KIND_PIPE && fstat(*copy, &status) == 0 &&
        status.st_ino == at->inners->outputs[stream])
      at->frames.passing[which] = stream;
  if (at->frames.passing[which] < 0)
    at->frames.copies[which] = *copy;
  else
    close(*copy);
  *copy = -1;
  return true;
}

// What feeds read input to the tool through a pipe: first what was read, then what is left.
typedef struct {
  int from, to;
  size_t length;
  bool whole;
  char bytes[];
} Feed;

static bool put_all(int file, const char *bytes, size_t length) {
  while (length) {
    ssize_t wrote = write(file, bytes, length);
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote < 0)
      return false;
    bytes += wrote;
    length -= (size_t)wrote;
  }
  return true;
}

static void *feed_all(void *argument) {
  Feed *feed = argument;
  bool taken = put_all(feed->to, feed->bytes, feed->length);
  char *piece = taken && !feed->whole ? malloc(PIECE) : NULL;
  for (ssize_t got; piece && (got = read(feed->from, piece, PIECE)) > 0;)
    if (!put_all(feed->to, piece, (size_t)got))
      break;
  free(piece);
  close(feed->to);
  close(feed->from);
  free(feed);
  return NULL;
}

static bool start_detached(void *(*body)(void *), void *argument) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, body, argument) != 0)
    return false;
  pthread_detach(thread);
  return true;
}

// A file was read without moving its offset, so the tool reads it itself. A pipe is replaced.
static bool give_input(Attendant *at) {
  Inner *inner = at->inner;
  int *copy = copy_of(at, 0), ends[2];
  if (!inner->input_known || !copy || inner->kinds[0] == KIND_FILE)
    return true;
  Feed *feed = malloc(sizeof *feed + inner->input_length);
  if (!feed || pipe2(ends, O_CLOEXEC) != 0)
    return false;
  *feed = (Feed){*copy, ends[1], inner->input_length, inner->input_whole};
  memcpy(feed->bytes, inner->input, inner->input_length);
  *copy = ends[0];
  return start_detached(feed_all, feed);
}

static bool is_harmless(const Attendant *at, int number) {
  const Inner *inner = at->inner;
  for (size_t i = 0; i < inner->harmless_count; i++)
    if (inner->harmless[i] == number)
      return true;
  if (number > 2)
    return false;
  if (number > 0 && at->writing[number - 1] >= 0)
    return true; // captured
  if (number == 0)
    return inner->input_whole; // that /dev/null is there is not part of the question
  return inner->kinds[number] == KIND_NULL;
}

static void watch_descriptors(Attendant *at, Spawn *spawn) {
  for (size_t i = 0; i < at->count; i++) {
    if (is_harmless(at, at->numbers[i]))
      continue;
    uint32_t number = (uint32_t)at->numbers[i];
    at->inherited[at->inherited_count++] = (Inherited){(int)number, at->copies[i], false};
    Range *last = spawn->watched_count ? &spawn->watched[spawn->watched_count - 1] : NULL;
    // Too many ranges run together: the observer looks at each use anyway.
    if (last && (last->last + 1 == number || spawn->watched_count == MAX_RANGES))
      last->last = number;
    else
      spawn->watched[spawn->watched_count++] = (Range){number, number};
  }
  at->observer.inherited = at->inherited;
  at->observer.inherited_count = at->inherited_count;
}

static uint64_t signals(const char *status, const char *label) {
  const char *line = strstr(status, label);
  return line ? strtoull(line + strlen(label), NULL, 16) : 0;
}

// The shim blocked SHIM_ENDED for itself.
static void read_signals(const Attendant *at, Spawn *spawn) {
  char name[64], text[4096];
  snprintf(name, sizeof name, "%d/status", at->inner->shim);
  int file = openat(at->inners->proc, name, O_RDONLY | O_CLOEXEC);
  ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
  if (file >= 0)
    close(file);
  text[length < 0 ? 0 : length] = 0;
  spawn->blocked = signals(text, "\nSigBlk:\t") & ~(1ULL << (SHIM_ENDED - 1));
  spawn->ignored = signals(text, "\nSigIgn:\t");
}

static void read_settings(const Attendant *at, Spawn *spawn) {
  pid_t shim = at->inner->shim;
  read_signals(at, spawn);
  memcpy(spawn->limits, at->inner->limits, sizeof spawn->limits);
  spawn->nice = getpriority(PRIO_PROCESS, (id_t)shim);
  long size = syscall(__NR_sched_getaffinity, shim, sizeof spawn->affinity, spawn->affinity);
  spawn->affinity_size = size > 0 ? (uint32_t)size : 0;
}

static uint32_t text_after(uint32_t *end, size_t length) {
  uint32_t at = *end;
  *end += (uint32_t)length;
  return at;
}

// The memory file that tells the tool's process what to become.
static int write_spawn(Attendant *at) {
  const Inner *inner = at->inner;
  size_t fixed = offsetof(Spawn, descriptors) + at->count * sizeof(int32_t), cwd = strlen(inner->cwd) + 1,
         called = strlen(inner->called) + 1, tool = strlen(inner->tool) + 1;
  Spawn *spawn = calloc(1, fixed + sizeof *spawn);
  if (!spawn)
    return -1;
  *spawn = (Spawn){.argc = inner->argc, .envc = inner->envc, .umask = inner->umask,
                   .personality = inner->personality, .descriptor_count = (uint32_t)at->count};
  uint32_t end = 0;
  spawn->cwd = text_after(&end, cwd);
  spawn->path = text_after(&end, called);
  spawn->tool = text_after(&end, tool);
  spawn->strings = end;
  memcpy(spawn->descriptors, at->numbers, at->count * sizeof(int32_t));
  read_settings(at, spawn);
  watch_descriptors(at, spawn);
  int memory = memfd_create("spawn", MFD_CLOEXEC);
  struct iovec parts[] = {{spawn, fixed},
                          {(char *)inner->cwd, cwd},
                          {(char *)inner->called, called},
                          {(char *)inner->tool, tool}};
  bool done = memory >= 0 && writev(memory, parts, 4) == (ssize_t)(fixed + cwd + called + tool) &&
              put_all(memory, inner->strings, inner->strings_length);
  free(spawn);
  if (!done && memory >= 0)
    close(memory);
  return done ? memory : -1;
}

// The tool's own descriptors: ours where output is captured, copies of the shim's otherwise.
static bool send_descriptors(Attendant *at) {
  int batch[SPAWN_BATCH];
  for (size_t done = 0; done < at->count;) {
    size_t size = at->count - done < SPAWN_BATCH ? at->count - done : SPAWN_BATCH;
    for (size_t i = 0; i < size; i++) {
      int number = at->numbers[done + i], which = number - 1;
      bool captured = (which == 0 || which == 1) && at->writing[which] >= 0;
      batch[i] = captured ? at->writing[which] : at->copies[done + i];
    }
    if (!handoff_send_many(at->run, batch, size))
      return false;
    done += size;
  }
  return true;
}

static bool request_spawn(Attendant *at) {
  int ends[2], yes = 1;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return false;
  at->run = ends[0];
  setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes);
  int memory = write_spawn(at);
  int pair[] = {ends[1], memory};
  bool sent = memory >= 0 && send_descriptors(at) && handoff_send_many(at->inners->zygote, pair, 2);
  if (memory >= 0)
    close(memory);
  close(ends[1]);
  for (int i = 0; i < 2; i++)
    forget(&at->writing[i]);
  return sent;
}

static void *observe(void *argument) {
  Attendant *at = argument;
  observer_serve(&at->observer, at->observer.listener);
  return NULL;
}

static void answer_shim(const Attendant *at, int64_t value) {
  observer_answer(at->inners->observer, at->inner->question, value);
}

static void on_spawned(Attendant *at, int listener, pid_t tool) {
  at->tool = tool;
  at->observer.listener = listener;
  pthread_mutex_lock(&at->inners->lock);
  int pidfd = (int)syscall(__NR_pidfd_open, tool, 0);
  at->inner->tool_pidfd = pidfd > 0 ? pidfd : 0;
  pthread_mutex_unlock(&at->inners->lock);
  at->observed = pthread_create(&at->observing, NULL, observe, at) == 0;
  if (!at->observed) {
    at->error = EAGAIN;
    close(listener); // its calls fail, and it ends
    return;
  }
  at->waiting = true;
  answer_shim(at, SHIM_ANSWER(SHIM_WAIT, 0));
}

static void on_report(Attendant *at) {
  SpawnReport report;
  int listener;
  pid_t sender;
  if (!handoff_receive_with(at->run, &report, sizeof report, &listener, &sender)) {
    at->ended = true; // the zygote was killed, and so the tool cannot be waited for
    at->end = (SpawnReport){.wait_status = SIGKILL};
    at->error = at->waiting ? 0 : ESRCH;
    at->orphaned = true;
    return;
  }
  switch (report.kind) {
  case SPAWNED:
    on_spawned(at, listener, sender);
    break;
  case SPAWN_FAILED: // its end comes too, unless it never was
    at->error = report.error;
    at->ended = !at->waiting;
    break;
  case SPAWN_ENDED:
    at->ended = true;
    at->end = report;
  }
}

static void kill_tool(Attendant *at) {
  at->shim_gone = true;
  at->observer.doomed = true; // those in groups of their own, when they next ask for something
  if (at->tool > 0 && !at->ended) {
    kill(-at->tool, SIGKILL);
    kill(at->tool, SIGKILL);
  }
}

static void pump(Attendant *at) {
  struct pollfd polled[] = {{at->ended ? -1 : at->run, POLLIN, 0},
                            {at->frames.pipes[0], POLLIN, 0},
                            {at->frames.pipes[1], POLLIN, 0},
                            {at->shim_gone || at->ended ? -1 : at->shim_pidfd, POLLIN, 0}};
  if (poll(polled, 4, -1) < 0)
    return;
  for (int which = 0; which < 2; which++)
    if (polled[1 + which].revents)
      frames_drain(&at->frames, which);
  if (polled[3].revents)
    kill_tool(at);
  if (polled[0].revents)
    on_report(at);
}

static void drain_all(Attendant *at) {
  frames_drain(&at->frames, 0);
  frames_drain(&at->frames, 1);
}

// Whether processes of the run go on without it.
static bool is_left_behind(const Attendant *at) {
  struct pollfd listener = {.fd = at->observer.listener};
  return at->observed && !(poll(&listener, 1, GRACE_MS) == 1 && (listener.revents & POLLHUP));
}

// How many of the tool's processes are known to have been ended by a signal, besides the tool's own.
static int64_t killed(Attendant *at) {
  pthread_mutex_lock(&at->observer.lock);
  int64_t all = processes_killed(&at->observer.processes);
  pthread_mutex_unlock(&at->observer.lock);
  return all > 0 && WIFSIGNALED(at->end.wait_status) ? all - 1 : all;
}

static void tell_end(Attendant *at, bool left_behind) {
  int used[MAX_DESCRIPTORS];
  size_t used_count = 0;
  for (size_t i = 0; i < at->inherited_count; i++)
    if (at->inherited[i].used)
      used[used_count++] = at->inherited[i].number;
  const struct rusage *usage = &at->end.usage;
  const char *lost = at->observer.resolver.lost;
  Ending ending = {
      .wait_status = at->waiting ? at->end.wait_status : 126 << 8,
      .user_us = (uint64_t)usage->ru_utime.tv_sec * 1000000 + (uint64_t)usage->ru_utime.tv_usec,
      .system_us = (uint64_t)usage->ru_stime.tv_sec * 1000000 + (uint64_t)usage->ru_stime.tv_usec,
      .wall_us = now_us() - at->began_us,
      .max_rss_kib = (uint64_t)usage->ru_maxrss,
      .notifications = at->observer.notifications,
      .unobserved = at->error         ? "the tool could not be started"
                    : at->shim_gone   ? "the tool's process in the build was killed"
                    : at->orphaned    ? "the sandbox's zygote was killed"
                                      : lost,
      .left_behind = left_behind,
      .torn = at->frames.torn,
      .killed = left_behind ? -1 : killed(at),
      .used = used,
      .used_count = used_count,
  };
  pthread_mutex_lock(&at->observer.lock); // what is left behind may still ask
  observer_flush(&at->observer);
  ending.recorded = recording_passed(&at->observer.recording);
  frames_end(&at->frames, &at->observer.resolver.paths, &ending);
  pthread_mutex_unlock(&at->observer.lock);
}

static void await_release(Inner *inner) {
  pthread_mutex_lock(&inner->lock);
  while (!inner->released)
    pthread_cond_wait(&inner->changed, &inner->lock);
  pthread_mutex_unlock(&inner->lock);
}

// Through the pidfd: the number may be another's by now.
static void end_shim(const Attendant *at) {
  siginfo_t info = {.si_signo = SHIM_ENDED, .si_code = SI_QUEUE};
  info.si_value.sival_int = at->end.wait_status;
  syscall(__NR_pidfd_send_signal, at->shim_pidfd, SHIM_ENDED, &info, 0);
}

// The shim still waits for the answer to its question.
static void fail_shim(const Attendant *at) {
  enum { HEADER = 5, SIZE = 2 * PATH_MAX };
  Inner *inner = at->inner;
  char *answer = malloc(SIZE);
  if (!answer)
    return;
  uint32_t length = (uint32_t)snprintf(answer + HEADER, SIZE - HEADER, "bric: cannot run %s: %s\n",
                                       inner->called, strerror(at->error));
  answer[0] = 1;
  memcpy(answer + 1, &length, sizeof length);
  inner->failed = true;
  inner_replay(inner, answer, HEADER + length, 126);
}

static void close_outputs(Attendant *at) {
  for (size_t i = 0; i < at->count; i++)
    forget(&at->copies[i]);
  for (int which = 0; which < 2; which++) {
    forget(&at->frames.pipes[which]);
    forget(&at->frames.copies[which]);
  }
}

static void close_all(Attendant *at) {
  for (int which = 0; which < 2; which++)
    forget(&at->writing[which]);
  close_outputs(at);
  forget(&at->run);
  forget(&at->shim_pidfd);
}

static bool prepare(Attendant *at) {
  Inner *inner = at->inner;
  frames_init(&at->frames, at->inners->outer->wire, -1, -1);
  at->frames.run = inner->number;
  at->frames.outer = at->inners->outer;
  int error = observer_init_inner(&at->observer, at->inners->observer, &at->frames);
  at->shim_pidfd = (int)syscall(__NR_pidfd_open, inner->shim, 0);
  if (error || at->shim_pidfd < 0 || !at->frames.buffer) {
    errno = error ? error : errno;
    return false;
  }
  return copy_descriptors(at) && capture(at, 0) && capture(at, 1) && give_input(at) &&
         request_spawn(at);
}

static void stop_signals(Attendant *at) {
  pthread_mutex_lock(&at->inners->lock);
  int pidfd = at->inner->tool_pidfd;
  at->inner->tool_pidfd = 0;
  pthread_mutex_unlock(&at->inners->lock);
  if (pidfd)
    close(pidfd);
}

// Output of what was left behind goes on to where it belongs.
static void outlast(Attendant *at) {
  while (at->frames.pipes[0] >= 0 || at->frames.pipes[1] >= 0)
    pump(at);
}

static void free_all(Attendant *at) {
  close_all(at);
  if (at->observed)
    pthread_join(at->observing, NULL);
  forget(&at->observer.listener);
  recording_free(&at->observer.recording);
  processes_free(&at->observer.processes);
  resolver_free(&at->observer.resolver);
  free(at->frames.buffer);
  free(at);
}

static void *attend_run(void *argument) {
  Attendant *at = argument;
  Inner *inner = at->inner;
  at->began_us = now_us();
  if (!prepare(at))
    at->error = errno ? errno : EIO;
  while (!at->ended && (!at->error || at->waiting))
    pump(at);
  drain_all(at);
  stop_signals(at);
  bool left_behind = is_left_behind(at);
  drain_all(at); // what was written within the time of grace
  tell_end(at, left_behind);
  await_release(inner);
  if (!left_behind)
    close_outputs(at); // before the shim ends: a reader may wait for the end of its input
  if (at->waiting)
    end_shim(at);
  outlast(at);
  if (at->waiting)
    inner_drop(inner);
  else
    fail_shim(at);
  free_all(at);
  return NULL;
}

void attend(Inner *inner) {
  Attendant *at = calloc(1, sizeof *at);
  if (at) {
    *at = (Attendant){.inner = inner, .inners = inner->inners, .run = -1, .shim_pidfd = -1,
                      .writing = {-1, -1}, .observer.listener = -1};
    if (start_detached(attend_run, at))
      return;
  }
  free(at);
  inner->failed = true;
  inner_replay(inner, NULL, 0, 126);
}

void inner_signal(Inner *inner, int number) {
  if (inner->tool_pidfd)
    syscall(__NR_pidfd_send_signal, inner->tool_pidfd, number, NULL, 0);
}

// Reading a shim's standard input.
typedef struct {
  Inner *inner;
  int file;
  uint64_t most;
} Reading;

// A file's offset stays, for the tool that may read it.
static ssize_t read_some(const Reading *reading, char *to, size_t size, off_t *at) {
  if (*at < 0)
    return read(reading->file, to, size);
  ssize_t got = pread(reading->file, to, size, *at);
  *at += got > 0 ? got : 0;
  return got;
}

static void read_input(const Reading *reading) {
  Inner *inner = reading->inner;
  off_t at = inner->kinds[0] == KIND_FILE ? lseek(reading->file, 0, SEEK_CUR) : -1;
  size_t capacity = 0;
  while (inner->input_length < reading->most) {
    if (capacity - inner->input_length < PIECE) {
      capacity = capacity * 2 + PIECE;
      char *grown = realloc(inner->input, capacity);
      if (!grown)
        return;
      inner->input = grown;
    }
    ssize_t got = read_some(reading, inner->input + inner->input_length, PIECE, &at);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      inner->input_whole = got == 0;
      return;
    }
    inner->input_length += (size_t)got;
  }
}

static void *attend_reading(void *argument) {
  Reading *reading = argument;
  Inner *inner = reading->inner;
  if (reading->file >= 0)
    read_input(reading);
  uint8_t whole = inner->input_whole;
  struct iovec payload[] = {{&inner->number, sizeof inner->number},
                            {&whole, sizeof whole},
                            {inner->input, inner->input_length}};
  Wire *wire = inner->inners->outer->wire;
  inner->input_known = reading->file >= 0;
  pthread_mutex_lock(&inner->inners->lock); // Java's answer may end the inner run at once
  frames_send(wire, 'i', payload, 3);
  inner->reading = false;
  pthread_mutex_unlock(&inner->inners->lock);
  if (reading->file >= 0)
    close(reading->file);
  free(reading);
  return NULL;
}

void attend_input(Inner *inner, uint64_t most) {
  Reading *reading = malloc(sizeof *reading);
  if (!reading)
    return;
  int shim = (int)syscall(__NR_pidfd_open, inner->shim, 0);
  *reading = (Reading){inner, (int)syscall(__NR_pidfd_getfd, shim, 0, 0), most};
  if (shim >= 0)
    close(shim);
  inner->reading = true;
  if (!start_detached(attend_reading, reading))
    attend_reading(reading);
}
