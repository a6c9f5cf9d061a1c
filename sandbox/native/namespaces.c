#include "namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static bool raise_loopback(void) {
  int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (any < 0)
    return false;
  struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
  bool up = ioctl(any, SIOCSIFFLAGS, &loopback) == 0;
  close(any);
  return up;
}

static bool write_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0)
    return false;
  bool done = write(file, text, strlen(text)) == (ssize_t)strlen(text);
  close(file);
  return done;
}

static bool map(const char *path, unsigned inside, unsigned outside) {
  char line[64];
  snprintf(line, sizeof line, "%u %u 1\n", inside, outside);
  return write_file(path, line);
}

static bool enter(uid_t uid, gid_t gid, Failure *failure) {
  uid_t outer_uid = geteuid();
  gid_t outer_gid = getegid();
  if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS) != 0)
    return failure_set(failure, 0, errno,
                       "cannot make namespaces for the sandbox: %s (user namespaces must be "
                       "allowed: `bric doctor` tells how)",
                       strerror(errno));
  if (!write_file("/proc/self/setgroups", "deny") ||
      !map("/proc/self/uid_map", uid, outer_uid) || !map("/proc/self/gid_map", gid, outer_gid))
    return failure_set(failure, 0, errno, "cannot map the user into the sandbox: %s",
                       strerror(errno));
  if (!raise_loopback())
    return failure_set(failure, 0, errno, "cannot bring up the sandbox's loopback: %s",
                       strerror(errno));
  return true;
}

bool namespaces_prepare(Failure *failure) {
  return enter(USUAL_ID, USUAL_ID, failure);
}

bool namespaces_finish(const Plan *plan, Failure *failure) {
  // A map is written once, so other ids take namespaces inside those made ahead.
  bool usual = plan->uid == USUAL_ID && plan->gid == USUAL_ID;
  if (!usual && !enter(plan->uid, plan->gid, failure))
    return false;
  if (sethostname(plan->hostname, strlen(plan->hostname)) != 0)
    return failure_set(failure, 0, errno, "cannot set the host name to %s: %s", plan->hostname,
                       strerror(errno));
  if (unshare(CLONE_NEWNS) != 0)
    return failure_set(failure, 0, errno, "cannot make a mount namespace: %s", strerror(errno));
  return true;
}
