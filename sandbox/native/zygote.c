#include "zygote.h"

#include "handoff.h"
#include "init.h"
#include "kernel.h"
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// A tool under way.
typedef struct Child {
  struct Child *next;
  pid_t pid;
  int run; // where its end is told
} Child;

static void tell(int run, const SpawnReport *report) {
  while (send(run, report, sizeof *report, MSG_NOSIGNAL) < 0 && errno == EINTR)
    ;
}

_Noreturn static void give_up(int run) {
  tell(run, &(SpawnReport){.kind = SPAWN_FAILED, .error = errno});
  _exit(126);
}

static const Spawn *map(int run, int memory) {
  struct stat status;
  if (fstat(memory, &status) != 0)
    give_up(run);
  void *spawn = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, memory, 0);
  if (spawn == MAP_FAILED)
    give_up(run);
  close(memory);
  return spawn;
}

// Descriptors arrive in batches and take the lowest numbers. As the wanted numbers ascend, each is
// at least as high as the one it arrived at, and going down none is overwritten before it moved.
static int place_descriptors(int run, const Spawn *spawn) {
  int count = (int)spawn->descriptor_count, top = count;
  for (int i = 0; i < count; i++)
    if (spawn->descriptors[i] >= top)
      top = spawn->descriptors[i] + 1;
  int moved = fcntl(run, F_DUPFD_CLOEXEC, top + 1);
  if (moved < 0)
    give_up(run);
  close_files(0, (unsigned)moved - 1);
  for (int have = 0; have < count;) {
    int received = handoff_receive_many(moved, SPAWN_BATCH);
    if (received <= 0)
      give_up(moved);
    have += received;
  }
  for (int i = count - 1; i >= 0; i--) {
    if (spawn->descriptors[i] == i)
      continue;
    if (dup2(i, spawn->descriptors[i]) < 0)
      give_up(moved);
    close(i);
  }
  return moved;
}

static void set_limits(int run, const Spawn *spawn) {
  for (int resource = 0; resource < LIMITS; resource++)
    if (prlimit64(0, (enum __rlimit_resource)resource, &spawn->limits[resource], NULL) != 0)
      give_up(run);
}

static void set_signals(const Spawn *spawn) {
  for (int number = 1; number < NSIG; number++)
    signal(number, spawn->ignored >> (number - 1) & 1 ? SIG_IGN : SIG_DFL);
  uint64_t blocked = spawn->blocked;
  syscall(__NR_rt_sigprocmask, SIG_SETMASK, &blocked, NULL, sizeof blocked);
}

static char **words(const char **text, uint32_t count) {
  char **list = malloc((count + 1) * sizeof *list);
  for (uint32_t i = 0; list && i < count; i++) {
    list[i] = (char *)*text;
    *text += strlen(*text) + 1;
  }
  if (list)
    list[count] = NULL;
  return list;
}

// By the words that the shim was called with, so that AT_EXECFN and what a script finds as its name
// are the same; by the tool's own path where those name nothing (an execveat of a descriptor).
static void execute(const Spawn *spawn) {
  const char *texts = (const char *)&spawn->descriptors[spawn->descriptor_count];
  const char *strings = texts + spawn->strings;
  char **argv = words(&strings, spawn->argc), **envp = words(&strings, spawn->envc);
  if (!argv || !envp)
    return;
  execve(texts + spawn->path, argv, envp);
  if (errno == ENOENT || errno == ENOTDIR)
    execve(texts + spawn->tool, argv, envp);
}

_Noreturn static void become_tool(int run, int memory) {
  const Spawn *spawn = map(run, memory);
  const char *texts = (const char *)&spawn->descriptors[spawn->descriptor_count];
  prctl(PR_SET_DUMPABLE, 1); // the supervisor has to look at its links
  setpgid(0, 0); // a signal for the shim's group would reach the tool twice, as the shim passes it on
  run = place_descriptors(run, spawn);
  if (chdir(texts + spawn->cwd) != 0)
    give_up(run);
  umask(spawn->umask);
  setpriority(PRIO_PROCESS, 0, spawn->nice);
  if (spawn->affinity_size)
    sched_setaffinity(0, spawn->affinity_size, (const cpu_set_t *)spawn->affinity);
  personality(spawn->personality);
  int listener = filter_install_inner(spawn->watched, spawn->watched_count);
  SpawnReport report = {.kind = SPAWNED};
  if (listener < 0 || !handoff_send_with(run, listener, &report, sizeof report))
    give_up(run);
  close(listener);
  set_limits(run, spawn); // late: it may be few descriptors
  set_signals(spawn);
  execute(spawn);
  int error = errno;
  tell(run, &(SpawnReport){.kind = SPAWN_FAILED, .error = error});
  dprintf(STDERR_FILENO, "bric: cannot run %s: %s\n", texts + spawn->path, strerror(error));
  _exit(error == ENOENT ? 127 : 126);
}

static void start(Child **children, int run, int memory, int deaths, int socket) {
  Child *child = malloc(sizeof *child);
  pid_t pid = child ? fork() : -1;
  if (pid == 0) {
    close(deaths);
    close(socket);
    become_tool(run, memory);
  }
  close(memory);
  if (pid < 0) {
    tell(run, &(SpawnReport){.kind = SPAWN_FAILED, .error = errno ? errno : ENOMEM});
    close(run);
    free(child);
    return;
  }
  *child = (Child){*children, pid, run};
  *children = child;
}

static void reap(Child **children) {
  SpawnReport report = {.kind = SPAWN_ENDED};
  pid_t pid;
  while ((pid = wait4(-1, &report.wait_status, WNOHANG, &report.usage)) > 0) {
    for (Child **at = children; *at; at = &(*at)->next) {
      Child *child = *at;
      if (child->pid != pid)
        continue;
      tell(child->run, &report);
      close(child->run);
      *at = child->next;
      free(child);
      break;
    }
  }
}

_Noreturn void zygote_main(int socket) {
  prctl(PR_SET_DUMPABLE, 0); // the build is the same user, but not to touch this process
  setpgid(0, 0);             // a signal for the build's group is not for this
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  sigemptyset(&all);
  sigaddset(&all, SIGCHLD);
  int deaths = signalfd(-1, &all, SFD_NONBLOCK | SFD_CLOEXEC);
  Child *children = NULL;
  for (;;) {
    struct pollfd polled[] = {{socket, POLLIN, 0}, {deaths, POLLIN, 0}};
    if (poll(polled, 2, -1) < 0)
      continue;
    struct signalfd_siginfo ignored;
    if (polled[1].revents && read(deaths, &ignored, sizeof ignored) > 0)
      reap(&children);
    int run, memory;
    if (!polled[0].revents)
      continue;
    if (!handoff_receive_two(socket, &run, &memory))
      _exit(0);
    start(&children, run, memory, deaths, socket);
  }
}
