#include "probe.h"

#include "filter.h"
#include "kernel.h"
#include "namespaces.h"
#include "recording.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
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

static int try_mounts(void) {
  int error = enter(0);
  if (error)
    return error;
  int tree = open_tree(AT_FDCWD, "/usr", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
  struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
  if (tree < 0 || mount_setattr(tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0)
    return errno;
  int root = open("/", O_PATH | O_CLOEXEC);
  int target = (int)syscall(__NR_openat2, root, "/tmp", &how, sizeof how);
  return target >= 0 && move_mount(tree, "", target, "",
                                   MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) == 0
             ? 0
             : errno;
}

static int try_processes(void) {
  static char secret = 'x';
  if (memfd_create("probe", MFD_CLOEXEC) < 0 || syscall(__NR_pidfd_open, getpid(), 0) < 0)
    return errno;
  pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  char seen = 0;
  struct iovec ours = {&seen, 1}, theirs = {&secret, 1};
  int error = process_vm_readv(child, &ours, 1, &theirs, 1, 0) == 1 ? 0 : errno;
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  return error;
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

// A thread that is observed does what the recorder does when it is loaded and at a lookup, with one
// more lookup beside the door. The rest of the process answers it as the supervisor would.
enum { STARTED = 0x70000001 }; // no errno: the listener is there

typedef struct {
  _Atomic int listener;
  _Atomic int error; // of the thread, STARTED until it is done
} Lookup;

static int look(Lookup *lookup) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return errno;
  int listener = filter_install(true);
  if (listener < 0)
    return errno;
  lookup->listener = listener;
  int memory = (int)syscall(RECORDER_CALL, 0, 0, 0);
  if (memory < 0)
    return errno;
  void *door = mmap((void *)DOOR, DOOR_SIZE, PROT_READ | PROT_EXEC,
                    MAP_PRIVATE | MAP_FIXED_NOREPLACE, memory, 0);
  if (door == MAP_FAILED)
    return errno;
  void *ring = mmap(NULL, RING_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, memory, DOOR_SIZE);
  if (ring == MAP_FAILED)
    return errno;
  if (door != (void *)DOOR)
    return ENOTSUP; // an old kernel takes MAP_FIXED_NOREPLACE for a hint
  struct stat status;
  long through;
  register long flags __asm__("r10") = 0;
  __asm__ volatile("call *%[door]"
                   : "=a"(through)
                   : "a"(__NR_newfstatat), "D"(AT_FDCWD), "S"("/"), "d"(&status), "r"(flags),
                     [door] "r"(DOOR)
                   : "rcx", "r11", "memory");
  return through == 0 && syscall(__NR_newfstatat, AT_FDCWD, "/", &status, 0) == 0 ? 0 : EPERM;
}

static void *look_on(void *argument) {
  Lookup *lookup = argument;
  lookup->error = look(lookup);
  return NULL;
}

// Answers what the thread asks until it is done. Returns how many lookups were notified, or -1.
static int answer_lookups(Lookup *lookup) {
  enum { WAITS = 200, MILLIS = 10 };
  Recording recording = {.listener = -1};
  static Resolver nothing; // no places stay as they are
  int notified = 0;
  for (int waited = 0; lookup->error == STARTED && waited < WAITS;) {
    recording.listener = lookup->listener;
    struct pollfd asked = {.fd = recording.listener, .events = POLLIN};
    if (poll(&asked, 1, MILLIS) <= 0 || !(asked.revents & POLLIN)) {
      waited++;
      continue;
    }
    struct seccomp_notif notice = {0};
    if (ioctl(recording.listener, SECCOMP_IOCTL_NOTIF_RECV, &notice) != 0)
      return -1;
    if (notice.data.nr == RECORDER_CALL && recording_give(&recording, &nothing, notice.id))
      continue;
    bool looks = notice.data.nr == __NR_newfstatat;
    if (looks && notice.data.instruction_pointer == DOOR_AFTER_CALL)
      return -1;
    notified += looks;
    struct seccomp_notif_resp response = {.id = notice.id, .error = looks ? 0 : -ENOSYS};
    response.flags = looks ? SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
    ioctl(recording.listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
  }
  return notified;
}

static int try_recorder(void) {
  static Lookup lookup = {.listener = -1, .error = STARTED};
  pthread_t thread;
  int error = pthread_create(&thread, NULL, look_on, &lookup);
  if (error)
    return error;
  int notified = answer_lookups(&lookup);
  if (lookup.error != 0)
    return lookup.error == STARTED ? ETIMEDOUT : lookup.error;
  return notified == 1 ? 0 : EPROTO;
}

// Returns whether it works; where it does not, the line begins with `otherwise`.
static bool tell_as(const char *otherwise, const char *name, Trial trial, const char *way_out) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0)
    _exit(trial());
  int status = 0;
  waitpid(child, &status, 0);
  int error = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
  if (error)
    printf("%s %s %s; %s\n", otherwise, name, strerror(error), way_out);
  else
    printf("ok %s works\n", name);
  return !error;
}

static bool tell(const char *name, Trial trial, const char *way_out) {
  return tell_as("fail", name, trial, way_out);
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
  good &= tell("mounts", try_mounts,
               "a container must not forbid open_tree(2), mount_setattr(2), move_mount(2) and "
               "openat2(2)");
  good &= tell("processes", try_processes,
               "a container must not forbid process_vm_readv(2), pidfd_open(2) and "
               "memfd_create(2); a sysctl kernel.yama.ptrace_scope above 1 forbids the first");
  good &= tell("proc", try_proc, "this container hides part of /proc: run it with /proc unmasked");
  good &= tell("seccomp-notification", try_filter,
               "the kernel needs CONFIG_SECCOMP_FILTER, and a container must not forbid seccomp(2)");
  tell_as("warn", "recorder", try_recorder, "runs are right without it, but slower");
  return good ? 0 : 1;
}
