#include "init.h"

#include "filter.h"
#include "handoff.h"
#include "kernel.h"
#include "shims.h"
#include "zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_FOUND = 127, NOT_RUNNABLE = 126 }; // exit codes, as in shells

static size_t report_size(const Report *report) {
  if (report->kind != REPORT_FAILED)
    return offsetof(Report, failure);
  return offsetof(Report, failure.message) + strlen(report->failure.message) + 1;
}

static void report_send(int control, const Report *report) {
  while (send(control, report, report_size(report), MSG_NOSIGNAL) < 0 && errno == EINTR)
    ;
}

bool report_receive(int control, Report *report) {
  ssize_t length;
  while ((length = recv(control, report, sizeof *report, 0)) < 0 && errno == EINTR)
    ;
  return length > 0;
}

// The rest of a sandbox's set-up comes after the plan's operations.
_Noreturn static void fail(const Start *start, const char *what, const char *which) {
  Report report = {.kind = REPORT_FAILED};
  failure_set(&report.failure, (unsigned)start->plan->op_count, errno, "cannot %s%s%s: %s", what,
              *which ? " " : "", which, strerror(errno));
  report_send(start->control, &report);
  _exit(1);
}

static void drop_capabilities(const Start *start) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {0};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(__NR_capset, &header, none) != 0)
    fail(start, "drop the capabilities", "");
}

static void set_limits(const Start *start) {
  for (size_t i = 0; i < start->plan->limit_count; i++) {
    const Limit *limit = &start->plan->limits[i];
    struct rlimit64 wanted = {limit->soft, limit->hard};
    if (prlimit64(0, (enum __rlimit_resource)limit->resource, &wanted, NULL) != 0)
      fail(start, "set a resource limit", "");
  }
}

static void reset_signals(void) {
  for (int number = 1; number < NSIG; number++)
    signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static void set_descriptors(const Start *start) {
  int null = open("/dev/null", O_RDWR); // the sandbox's own, if the plan has one
  if (null >= 0)
    dup2(null, STDIN_FILENO);
  if (dup2(start->out, STDOUT_FILENO) < 0 || dup2(start->err, STDERR_FILENO) < 0)
    fail(start, "set up stdout and stderr", "");
}

static const char *variable(char **environment, const char *name) {
  size_t length = strlen(name);
  for (; *environment; environment++)
    if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
      return *environment + length + 1;
  return NULL;
}

// As execvp, but along the plan's PATH; each try is a question like any other. An empty element
// means the working directory.
static void execute_along_path(const Plan *plan) {
  const char *name = plan->argv[0], *path = variable(plan->envp, "PATH");
  int error = ENOENT;
  for (path = path ? path : "/usr/bin:/bin";; path++) {
    char candidate[PATH_MAX];
    int length = (int)strcspn(path, ":");
    int used = snprintf(candidate, sizeof candidate, "%.*s%s%s", length, path, length ? "/" : "",
                        name);
    if (used < (int)sizeof candidate) {
      execve(candidate, plan->argv, plan->envp);
      if (errno != ENOENT && errno != ENOTDIR)
        error = errno;
    }
    path += length;
    if (!*path)
      break;
  }
  errno = error;
}

_Noreturn static void execute(const Plan *plan) {
  if (strchr(plan->argv[0], '/'))
    execve(plan->argv[0], plan->argv, plan->envp);
  else
    execute_along_path(plan);
  int error = errno;
  dprintf(STDERR_FILENO, "bric: cannot run %s: %s\n", plan->argv[0],
          error == ENOENT ? "no such command in the sandbox" : strerror(error));
  _exit(error == ENOENT ? NOT_FOUND : NOT_RUNNABLE);
}

// Returns when process 1 has sealed the root and given up its rights.
static void wait_at(int gate) {
  char byte;
  if (read(gate, &byte, 1) != 1)
    _exit(1); // it has failed, and said so
}

// The tools' side stays in the mounts as they are; the build goes on in a copy with shims on top. The
// zygote is a child of process 1, as the command must not find children of its own.
static void part(const Start *start) {
  pid_t zygote = (pid_t)syscall(__NR_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
  if (zygote < 0)
    fail(start, "fork", "");
  if (zygote == 0) {
    drop_capabilities(start);
    int socket = dup2(start->spawning, STDIN_FILENO);
    close_files(STDIN_FILENO + 1, ~0U);
    fcntl(socket, F_SETFD, FD_CLOEXEC);
    zygote_main(socket);
  }
  Report report = {.kind = REPORT_FAILED};
  if (unshare(CLONE_NEWNS) != 0)
    fail(start, "make the mount namespace for shims", "");
  if (!shims_mount(start->plan, &report.failure)) {
    report_send(start->control, &report);
    _exit(1);
  }
}

_Noreturn static void command_main(const Start *start, int gate) {
  const Plan *plan = start->plan;
  setsid();
  personality(ADDR_NO_RANDOMIZE);
  if (plan->shim_count)
    part(start);
  drop_capabilities(start);
  set_descriptors(start);
  umask(plan->umask);
  set_limits(start);
  if (chdir(plan->cwd) != 0)
    fail(start, "enter the working directory", plan->cwd);
  reset_signals();
  int listener = filter_install(plan->observe);
  if (listener < 0)
    fail(start, "install the seccomp filter", "");
  if (plan->observe && !handoff_send(start->handoff, listener))
    fail(start, "hand the listener over", "");
  wait_at(gate);
  close_files(STDERR_FILENO + 1, ~0U);
  execute(plan);
}

// Ctrl-C and the like, handed on to everything in the sandbox. Only the supervisor, which is in
// an outer PID namespace and so has number 0 here, may ask.
static void hand_on(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  if (info->si_pid == 0)
    kill(-1, info->si_value.sival_int);
}

static void listen_for_signals(void) {
  struct sigaction action = {.sa_sigaction = hand_on, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigaction(SIGRTMIN, &action, NULL);
}

static int reap_until(pid_t command) {
  for (;;) {
    int status;
    pid_t child = waitpid(-1, &status, 0);
    if (child == command)
      return status;
  }
}

static void seal(const Start *start) {
  Report report = {.kind = REPORT_FAILED};
  if (mounts_seal(start->plan, &report.failure))
    return;
  report_send(start->control, &report);
  _exit(1);
}

_Noreturn void init_main(const Start *start) {
  umask(0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  Report report = {.kind = REPORT_FAILED};
  if (!mounts_obey(start->plan, start->place, &report.failure)) {
    report_send(start->control, &report);
    _exit(1);
  }
  int gate[2];
  if (pipe2(gate, O_CLOEXEC) != 0)
    fail(start, "make a pipe", "");
  listen_for_signals();
  // The copy of the mounts that the command's process makes must not hold the old root.
  bool copied = start->plan->shim_count > 0;
  if (copied)
    seal(start);
  pid_t command = fork();
  if (command < 0)
    fail(start, "fork", "");
  if (command == 0) {
    close(gate[1]);
    command_main(start, gate[0]);
  }
  if (!copied)
    seal(start);
  drop_capabilities(start);
  prctl(PR_SET_PDEATHSIG, SIGKILL); // losing capabilities may have cleared it
  prctl(PR_SET_DUMPABLE, 0);        // the command is the same user, but not to touch this process
  if (write(gate[1], "", 1) != 1)
    fail(start, "let the command begin", "");
  close(start->handoff);
  close(start->out);
  close(start->err);
  if (start->spawning >= 0)
    close(start->spawning);
  report = (Report){.kind = REPORT_ENDED, .wait_status = reap_until(command)};
  report_send(start->control, &report);
  _exit(0);
}
