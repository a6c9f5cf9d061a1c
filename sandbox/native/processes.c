#include "processes.h"

#include "kernel.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REAP_MS = 50 }; // for parents, or process 1, to take note of the last ends

static int open_pidfd(pid_t number, unsigned flags) {
  return (int)syscall(__NR_pidfd_open, number, flags);
}

static bool ask_kernel(int pidfd, uint64_t what, struct process_info *info) {
  *info = (struct process_info){.mask = what};
  return ioctl(pidfd, PROCESS_INFO, info) == 0 && (info->mask & what);
}

// Takes down how the process ended. False while nobody has waited for it.
static bool note_end(Processes *processes, int pidfd) {
  struct pollfd reaped = {.fd = pidfd};
  struct process_info info;
  if (poll(&reaped, 1, 0) != 1 || !(reaped.revents & POLLHUP))
    return false;
  if (!ask_kernel(pidfd, PROCESS_INFO_EXIT, &info))
    processes->lost = true;
  else if (WIFSIGNALED(info.exit_code))
    processes->killed++;
  return true;
}

// Threads are found again by the numbers of their processes.
static void forget_ended(Processes *processes) {
  size_t kept = 0;
  for (size_t i = 0; i < processes->count; i++) {
    int pidfd = processes->known[i].pidfd;
    if (pidfd >= 0 && !note_end(processes, pidfd))
      processes->known[kept++] = processes->known[i];
    else if (pidfd >= 0)
      close(pidfd);
  }
  processes->count = kept;
}

static bool knows(const Processes *processes, pid_t number) {
  for (size_t i = processes->count; i > 0; i--)
    if (processes->known[i - 1].thread == number)
      return true;
  return false;
}

static bool add(Processes *processes, pid_t thread, int pidfd) {
  if (processes->count == MOST_PROCESSES)
    forget_ended(processes);
  if (processes->count == MOST_PROCESSES)
    return false;
  processes->known[processes->count].thread = thread;
  processes->known[processes->count++].pidfd = pidfd;
  return true;
}

// The number of the process that a thread other than its first belongs to; 0 if it is not known.
static pid_t process_of(pid_t thread) {
  struct process_info info;
  int pidfd = open_pidfd(thread, PROCESS_OF_THREAD);
  if (pidfd < 0)
    return 0;
  bool told = ask_kernel(pidfd, PROCESS_INFO_PID, &info);
  close(pidfd);
  return told ? (pid_t)info.tgid : 0;
}

static bool still_asked(int listener, uint64_t id) {
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

void processes_saw(Processes *processes, pid_t thread, int listener, uint64_t id) {
  if (!processes->noted || processes->lost || knows(processes, thread))
    return;
  pid_t process = thread;
  int pidfd = open_pidfd(thread, 0);
  if (pidfd < 0) {
    process = process_of(thread);
    bool known = process > 0 && knows(processes, process);
    if (known) {
      add(processes, thread, -1); // if there is room; else it is asked again next time
      return;
    }
    pidfd = process > 0 ? open_pidfd(process, 0) : -1;
    processes->lost = pidfd < 0 && still_asked(listener, id);
  }
  // One that was killed meanwhile is one that was never seen; another may have its number.
  if (pidfd >= 0 && still_asked(listener, id) && add(processes, process, pidfd))
    processes->seen++;
  else if (pidfd >= 0)
    close(pidfd);
}

void processes_fork(Processes *processes) { processes->forks++; }

int64_t processes_killed(Processes *processes) {
  for (int waited = 0; processes->count && waited < REAP_MS; waited++) {
    forget_ended(processes);
    if (processes->count)
      poll(&(struct pollfd){.fd = processes->known[0].pidfd}, 1, 1);
  }
  bool all = processes->noted && !processes->lost && !processes->count &&
             processes->seen == processes->forks + 1;
  return all || processes->killed ? (int64_t)processes->killed : -1;
}

void processes_free(Processes *processes) {
  for (size_t i = 0; i < processes->count; i++)
    if (processes->known[i].pidfd >= 0)
      close(processes->known[i].pidfd);
  processes->count = 0;
}
