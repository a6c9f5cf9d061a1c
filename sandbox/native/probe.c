#include "probe.h"

#include "filter.h"
#include "kernel.h"
#include "namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

// A trial runs in a child of its own, returns 0 or an errno.
typedef int (*Trial)(void);

static int enter(int namespaces) {
  Plan plan = {.uid = USUAL_ID, .gid = USUAL_ID, .hostname = "probe"};
  Failure failure;
  if (!namespaces_prepare(&failure) || !namespaces_finish(&plan, &failure))
    return failure.error;
  return unshare(namespaces) == 0 ? 0 : errno;
}

static int try_user(void) { return unshare(CLONE_NEWUSER) == 0 ? 0 : errno; }

static int try_network(void) { return enter(0); }

static int try_overlay(void) {
  int error = enter(0);
  if (error)
    return error;
  if (mount("probe", "/tmp", "tmpfs", 0, NULL) != 0 || chdir("/tmp") != 0)
    return errno;
  for (const char *name = "lower\0upper\0work\0merged\0"; *name; name += strlen(name) + 1)
    mkdir(name, 0700);
  const char *options = "userxattr,volatile,lowerdir=lower,upperdir=upper,workdir=work";
  return mount("overlay", "merged", "overlay", 0, options) == 0 ? 0 : errno;
}

static int try_proc(void) {
  int error = enter(CLONE_NEWPID);
  if (error)
    return error;
  pid_t child = fork();
  if (child == 0)
    _exit(mount("proc", "/proc", "proc", 0, NULL) == 0 ? 0 : errno);
  int status;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

static int try_filter(void) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return errno;
  int listener = filter_install(true);
  if (listener < 0)
    return errno;
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP) == 0 ||
                 errno == EINVAL
             ? 0
             : errno;
}

static bool tell(const char *name, Trial trial, const char *way_out) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0)
    _exit(trial());
  int status = 0;
  waitpid(child, &status, 0);
  int error = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
  if (error)
    printf("fail %s %s; %s\n", name, strerror(error), way_out);
  else
    printf("ok %s works\n", name);
  return !error;
}

static bool tell_kernel(void) {
  struct utsname system;
  int major = 0, minor = 0;
  uname(&system);
  sscanf(system.release, "%d.%d", &major, &minor);
  bool enough = major > 5 || (major == 5 && minor >= 19);
  printf("%s kernel %s %s\n", enough ? "ok" : "fail", system.release,
         enough ? "is new enough" : "is too old: Linux 5.19 or newer is needed");
  return enough;
}

int probe_main(void) {
  bool good = tell_kernel();
  good &= tell("user-namespaces", try_user,
               "allow them: sysctl user.max_user_namespaces=65536, "
               "kernel.unprivileged_userns_clone=1 (Debian), "
               "kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu)");
  good &= tell("network-namespaces", try_network, "set sysctl user.max_net_namespaces=65536");
  good &= tell("overlayfs", try_overlay, "load the module `overlay`; Linux 5.11 or newer is needed");
  good &= tell("proc", try_proc, "this container hides part of /proc: run it with /proc unmasked");
  good &= tell("seccomp-notification", try_filter,
               "the kernel needs CONFIG_SECCOMP_FILTER, and a container must not forbid seccomp(2)");
  return good ? 0 : 1;
}
