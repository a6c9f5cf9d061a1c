#include "inner.h"

#include "attend.h"
#include "shim_call.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

#include "kernel.h"

enum {
  MAX_STRINGS = 8 << 20,     // above what the kernel takes of argv and environment
  MAX_REMEMBERED = 256 << 20 // bytes of output in one answer
};

static void read_limits(pid_t process, struct rlimit64 *limits) {
  for (int resource = 0; resource < LIMITS; resource++)
    prlimit64(process, (enum __rlimit_resource)resource, NULL, &limits[resource]);
}

// The command has this process's own, but for those that the plan sets.
static void read_usual_limits(Inners *inners, const Plan *plan) {
  read_limits(0, inners->limits);
  for (size_t i = 0; i < plan->limit_count; i++) {
    const Limit *limit = &plan->limits[i];
    inners->limits[limit->resource] = (struct rlimit64){limit->soft, limit->hard};
  }
}

void inners_init(Inners *inners, const Plan *plan, Frames *outer, Observer *observer, int proc,
                 int zygote) {
  *inners = (Inners){.plan = plan, .outer = outer, .observer = observer, .proc = proc,
                     .zygote = zygote};
  pthread_mutex_init(&inners->lock, NULL);
  for (int i = 0; i < 2; i++) {
    struct stat status;
    inners->outputs[i] = fstat(outer->pipes[i], &status) == 0 ? status.st_ino : 0;
  }
  read_usual_limits(inners, plan);
  observer->on_shim = inners_called;
  observer->context = inners;
}

// With the lock held.
static Inner *by_shim(const Inners *inners, pid_t shim) {
  Inner *inner = inners->first;
  while (inner && inner->shim != shim)
    inner = inner->next;
  return inner;
}

static Inner *by_number(const Inners *inners, uint32_t number) {
  Inner *inner = inners->first;
  while (inner && inner->number != number)
    inner = inner->next;
  return inner;
}

void inner_drop(Inner *inner) {
  Inners *inners = inner->inners;
  pthread_mutex_lock(&inners->lock);
  Inner **at = &inners->first;
  while (*at && *at != inner)
    at = &(*at)->next;
  if (*at)
    *at = inner->next;
  pthread_mutex_unlock(&inners->lock);
  free(inner->strings);
  free(inner->answer);
  free(inner->input);
  free(inner);
}

static bool still_asked(const Inners *inners, uint64_t id) {
  return ioctl(inners->observer->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

// By the page: what lies behind the last one may be missing.
static bool read_memory(pid_t pid, uint64_t address, char *to, size_t length) {
  while (length) {
    struct iovec here = {to, length}, there = {(void *)address, length};
    ssize_t got = process_vm_readv(pid, &here, 1, &there, 1, 0);
    if (got <= 0)
      return false;
    to += got;
    address += (uint64_t)got;
    length -= (size_t)got;
  }
  return true;
}

static bool read_string(pid_t pid, uint64_t address, char *to, size_t size) {
  for (size_t done = 0; done < size;) {
    size_t page = 4096 - ((address + done) & 4095), want = size - done < page ? size - done : page;
    if (!read_memory(pid, address + done, to + done, want))
      return false;
    if (memchr(to + done, 0, want))
      return true;
    done += want;
  }
  return false;
}

static bool read_link(const Inners *inners, pid_t pid, const char *what, char *to) {
  char link[64];
  snprintf(link, sizeof link, "%d/%s", pid, what);
  ssize_t length = readlinkat(inners->proc, link, to, PATH_MAX - 1);
  to[length < 0 ? 0 : length] = 0;
  return length > 0;
}

static bool is_terminal(dev_t device) {
  unsigned type = major(device);
  return type == 4 || type == 5 || (type >= 136 && type <= 143);
}

Kind inner_kind(const struct stat *status) {
  if (S_ISREG(status->st_mode))
    return KIND_FILE;
  if (S_ISFIFO(status->st_mode))
    return KIND_PIPE;
  if (S_ISSOCK(status->st_mode))
    return KIND_SOCKET;
  if (!S_ISCHR(status->st_mode))
    return KIND_OTHER;
  if (status->st_rdev == makedev(1, 3))
    return KIND_NULL;
  return is_terminal(status->st_rdev) ? KIND_TERMINAL : KIND_OTHER;
}

static Kind kind_of(const Inners *inners, pid_t pid, int descriptor) {
  char link[64];
  struct stat status;
  snprintf(link, sizeof link, "%d/fd/%d", pid, descriptor);
  return fstatat(inners->proc, link, &status, 0) == 0 ? inner_kind(&status) : KIND_CLOSED;
}

static bool is_shim(const Plan *plan, const char *path) {
  for (size_t i = 0; i < plan->shim_count; i++)
    if (strcmp(plan->shims[i], path) == 0)
      return true;
  return false;
}

// What stands in the frame before the strings.
static void tell_asked(const Inners *inners, const Inner *inner) {
  uint32_t head[] = {inner->number, (uint32_t)getpid(), inner->umask};
  uint8_t kinds[4] = {0};
  for (int i = 0; i < 3; i++)
    kinds[i] = (uint8_t)inner->kinds[i];
  const char *texts[] = {inner->tool, inner->called, inner->cwd};
  uint32_t lengths[3], tail[] = {inner->argc, inner->envc, (uint32_t)inner->strings_length};
  struct iovec payload[12] = {{head, sizeof head},
                              {kinds, sizeof kinds},
                              {(void *)inner->limits, sizeof inner->limits},
                              {(void *)inners->limits, sizeof inners->limits}};
  for (int i = 0; i < 3; i++) {
    lengths[i] = (uint32_t)strlen(texts[i]);
    payload[4 + 2 * i] = (struct iovec){&lengths[i], sizeof lengths[i]};
    payload[5 + 2 * i] = (struct iovec){(char *)texts[i], lengths[i]};
  }
  payload[10] = (struct iovec){tail, sizeof tail};
  payload[11] = (struct iovec){inner->strings, inner->strings_length};
  frames_send(inners->outer->wire, 'a', payload, 12);
}

// Everything that the shim's process can tell of itself. False if it is gone, or no shim.
static bool learn(const Inners *inners, Inner *inner, const struct seccomp_notif *notice) {
  const __u64 *argument = notice->data.args;
  inner->strings_length = argument[2];
  inner->argc = (uint32_t)argument[3];
  inner->envc = (uint32_t)(argument[3] >> 32);
  inner->umask = (uint32_t)argument[4];
  inner->personality = (uint32_t)(argument[4] >> 32);
  if (!inner->strings_length || inner->strings_length > MAX_STRINGS)
    return false;
  inner->strings = malloc(inner->strings_length);
  if (!inner->strings || !read_link(inners, inner->shim, "exe", inner->tool) ||
      !is_shim(inners->plan, inner->tool) || !read_link(inners, inner->shim, "cwd", inner->cwd) ||
      !read_memory(inner->shim, argument[1], inner->strings, inner->strings_length) ||
      !read_string(inner->shim, argument[5], inner->called, sizeof inner->called))
    return false;
  inner->strings[inner->strings_length - 1] = 0;
  for (int i = 0; i < 3; i++)
    inner->kinds[i] = kind_of(inners, inner->shim, i);
  read_limits(inner->shim, inner->limits);
  return still_asked(inners, notice->id);
}

static void on_ask(Inners *inners, const struct seccomp_notif *notice) {
  Inner *inner = calloc(1, sizeof *inner);
  if (!inner) {
    observer_answer(inners->observer, notice->id, -ENOMEM);
    return;
  }
  inner->inners = inners;
  inner->shim = (pid_t)notice->pid;
  inner->question = notice->id;
  inner->state = INNER_ASKED;
  pthread_mutex_init(&inner->lock, NULL);
  pthread_cond_init(&inner->changed, NULL);
  if (!learn(inners, inner, notice)) {
    observer_answer(inners->observer, notice->id, -ENOSYS);
    free(inner->strings);
    free(inner);
    return;
  }
  pthread_mutex_lock(&inners->lock);
  inner->number = ++inners->count;
  inner->next = inners->first;
  inners->first = inner;
  pthread_mutex_unlock(&inners->lock);
  tell_asked(inners, inner);
}

// The next thing for the shim to do. After the last, nothing is left of the inner run.
static int64_t next_step(Inner *inner) {
  enum { HEADER = 5 };
  while (inner->answer_at + HEADER <= inner->answer_length) {
    uint32_t length;
    uint8_t stream = (uint8_t)inner->answer[inner->answer_at];
    memcpy(&length, inner->answer + inner->answer_at + 1, sizeof length);
    inner->answer_at += HEADER;
    size_t left = inner->answer_length - inner->answer_at;
    inner->piece_left = length < left ? length : left;
    if (!inner->piece_left)
      continue;
    if (inner->failed)
      return SHIM_ANSWER(SHIM_FAIL, inner->piece_left);
    return SHIM_ANSWER(stream ? SHIM_ERR : SHIM_OUT, inner->piece_left);
  }
  inner->state = INNER_DONE;
  return SHIM_ANSWER(SHIM_EXIT, inner->exit_code);
}

static int64_t give_piece(Inner *inner, uint64_t address, uint64_t size) {
  size_t length = inner->piece_left < size ? inner->piece_left : size;
  struct iovec here = {inner->answer + inner->answer_at, length}, there = {(void *)address, length};
  if (!length || process_vm_writev(inner->shim, &here, 1, &there, 1, 0) != (ssize_t)length)
    return -EFAULT;
  inner->answer_at += length;
  inner->piece_left -= length;
  return (int64_t)length;
}

static void on_take(Inners *inners, const struct seccomp_notif *notice) {
  const __u64 *argument = notice->data.args;
  pthread_mutex_lock(&inners->lock);
  Inner *inner = by_shim(inners, (pid_t)notice->pid);
  int64_t value = -EINVAL;
  if (inner && inner->state == INNER_REPLAYING)
    value = argument[2] ? give_piece(inner, argument[1], argument[2]) : next_step(inner);
  bool over = inner && inner->state == INNER_DONE;
  pthread_mutex_unlock(&inners->lock); // till here, lest inners_check drops it
  observer_answer(inners->observer, notice->id, value);
  if (over)
    inner_drop(inner);
}

static void on_signal(Inners *inners, const struct seccomp_notif *notice) {
  pthread_mutex_lock(&inners->lock);
  Inner *inner = by_shim(inners, (pid_t)notice->pid);
  if (inner)
    inner_signal(inner, (int)notice->data.args[1]);
  pthread_mutex_unlock(&inners->lock);
  observer_answer(inners->observer, notice->id, 0);
}

void inners_called(void *context, const struct seccomp_notif *notice) {
  Inners *inners = context;
  switch (notice->data.args[0]) {
  case SHIM_ASK: return on_ask(inners, notice);
  case SHIM_TAKE: return on_take(inners, notice);
  case SHIM_SIGNAL: return on_signal(inners, notice);
  default: observer_answer(inners->observer, notice->id, -ENOSYS);
  }
}

void inner_replay(Inner *inner, char *answer, size_t length, int exit_code) {
  inner->answer = answer;
  inner->answer_length = length;
  inner->exit_code = exit_code;
  int64_t value = next_step(inner);
  bool over = inner->state == INNER_DONE;
  if (!over)
    inner->state = INNER_REPLAYING;
  observer_answer(inner->inners->observer, inner->question, value);
  if (over)
    inner_drop(inner);
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

// 'h': u32 exit code, u32 length, pieces of output.
static bool on_hit(Inner *inner, int connection) {
  uint32_t head[2];
  if (!read_exactly(connection, head, sizeof head) || head[1] > MAX_REMEMBERED)
    return false;
  char *answer = malloc(head[1] + 1);
  if (!answer || !read_exactly(connection, answer, head[1])) {
    free(answer);
    return false;
  }
  if (inner && inner->state == INNER_ASKED)
    inner_replay(inner, answer, head[1], (int)head[0]);
  else
    free(answer);
  return true;
}

// 'r': u32 count, descriptors that the tool may use unremarked.
static bool on_run(Inner *inner, int connection) {
  uint32_t count;
  int harmless[MAX_HARMLESS];
  if (!read_exactly(connection, &count, sizeof count) || count > MAX_HARMLESS ||
      !read_exactly(connection, harmless, count * sizeof *harmless))
    return false;
  if (!inner || inner->state != INNER_ASKED)
    return true;
  memcpy(inner->harmless, harmless, count * sizeof *harmless);
  inner->harmless_count = count;
  inner->state = INNER_RUNNING;
  attend(inner);
  return true;
}

// 'i': u64 bytes at most.
static bool on_input(Inner *inner, int connection) {
  uint64_t most;
  if (!read_exactly(connection, &most, sizeof most))
    return false;
  if (inner && inner->state == INNER_ASKED)
    attend_input(inner, most);
  return true;
}

static void on_done(Inner *inner) {
  pthread_mutex_lock(&inner->lock);
  inner->released = true;
  pthread_cond_signal(&inner->changed);
  pthread_mutex_unlock(&inner->lock);
}

bool inners_request(Inners *inners, uint8_t kind, int connection) {
  uint32_t number;
  if (!strchr("hrid", kind) || !read_exactly(connection, &number, sizeof number))
    return false;
  pthread_mutex_lock(&inners->lock);
  Inner *inner = by_number(inners, number);
  pthread_mutex_unlock(&inners->lock);
  switch (kind) {
  case 'h': return on_hit(inner, connection);
  case 'r': return on_run(inner, connection);
  case 'i': return on_input(inner, connection);
  }
  if (inner)
    on_done(inner);
  return true;
}

// A shim that died while Java thought, or while it took its output.
static Inner *find_gone(Inners *inners) {
  pthread_mutex_lock(&inners->lock);
  Inner *inner = inners->first;
  for (; inner; inner = inner->next) {
    bool asked = inner->state == INNER_ASKED && !inner->reading;
    bool replaying = inner->state == INNER_REPLAYING;
    if (asked && !still_asked(inners, inner->question))
      break;
    if (replaying && kill(inner->shim, 0) != 0)
      break;
  }
  pthread_mutex_unlock(&inners->lock);
  return inner;
}

void inners_check(Inners *inners) {
  Inner *gone;
  while ((gone = find_gone(inners))) {
    struct iovec number = {&gone->number, sizeof gone->number};
    if (gone->state == INNER_ASKED)
      frames_send(inners->outer->wire, 'c', &number, 1);
    inner_drop(gone);
  }
}
