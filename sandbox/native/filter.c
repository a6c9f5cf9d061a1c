#include "filter.h"

#include "kernel.h"
#include "recorder.h"
#include "shim_call.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

// Calls that look up, list, make or start files: every one is a question.
static const int ASKED[] = {
    __NR_openat, __NR_stat, __NR_lstat, __NR_open, __NR_execve, __NR_getdents64, __NR_faccessat2,
    __NR_openat2, __NR_unlink, __NR_unlinkat, __NR_rename, __NR_renameat, __NR_renameat2,
    __NR_chdir, __NR_mkdir, __NR_mkdirat, __NR_rmdir, __NR_creat, __NR_link, __NR_linkat,
    __NR_symlink, __NR_symlinkat, __NR_truncate, __NR_getdents, __NR_chmod, __NR_fchmodat,
    __NR_fchmodat2, __NR_chown, __NR_lchown, __NR_fchownat, __NR_utime, __NR_utimes,
    __NR_utimensat, __NR_futimesat, __NR_mknod, __NR_mknodat, __NR_statfs, __NR_getxattr,
    __NR_lgetxattr, __NR_listxattr, __NR_llistxattr, __NR_setxattr, __NR_lsetxattr,
    __NR_removexattr, __NR_lremovexattr, __NR_inotify_add_watch, __NR_execveat, __NR_connect,
    __NR_bind, __NR_fchmod, __NR_seccomp,
};

// Questions too, but not through the recorder's door. They bring no bytes of a file: a program cannot
// take up anything there that makes another program of it.
static const int LOOKUPS[] = {__NR_newfstatat, __NR_statx, __NR_readlink, __NR_readlinkat,
                              __NR_access, __NR_faccessat};

// With mmap, the calls by which the door could be closed.
static const int UNMAPPINGS[] = {__NR_munmap, __NR_mprotect, __NR_mremap};

static const int DENIED[] = { // EPERM
    __NR_mount, __NR_umount2, __NR_pivot_root, __NR_chroot, __NR_open_tree, __NR_open_tree_attr,
    __NR_move_mount, __NR_fsopen, __NR_fsconfig, __NR_fsmount, __NR_fspick, __NR_mount_setattr,
    __NR_setns, __NR_name_to_handle_at, __NR_open_by_handle_at, __NR_bpf, __NR_perf_event_open,
    __NR_userfaultfd, __NR_keyctl, __NR_add_key, __NR_request_key, __NR_kexec_load,
    __NR_kexec_file_load, __NR_init_module, __NR_finit_module, __NR_delete_module, __NR_swapon,
    __NR_swapoff, __NR_acct, __NR_fanotify_init, __NR_fanotify_mark, __NR_quotactl,
    __NR_quotactl_fd, __NR_reboot,
};

// Looks at files by ways not observed here; ENOSYS makes the caller use the older call.
static const int ABSENT[] = {
    __NR_io_uring_setup, __NR_io_uring_enter, __NR_io_uring_register, __NR_clone3, __NR_uselib,
    __NR_statmount, __NR_listmount, __NR_setxattrat, __NR_getxattrat, __NR_listxattrat,
    __NR_removexattrat, __NR_file_getattr, __NR_file_setattr,
};

static const uint32_t NEW_NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                       CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

// What the filter does about a call. Neighbours of the same kind share a leaf of the tree below.
typedef enum {
  KIND_ALLOWED,
  KIND_ASKED,
  KIND_DENIED,
  KIND_ABSENT,
  KIND_CLONE,
  KIND_FORK, // clone that may make a process, and then is told
  KIND_UNSHARE,
  KIND_SOCKET,
  KIND_OUTPUT_FIRST, // the descriptor written to is the first argument
  KIND_OUTPUT_THIRD,
  KIND_ADDRESSED,
  KIND_USE_FIRST, // of an inherited descriptor, the first argument
  KIND_USE_FIRST_TWO,
  KIND_USE_FIRST_AND_THIRD,
  KIND_LOOKUP,
  KIND_MAPPING,
  KIND_UNMAPPING,
  KIND_SETTING, // prctl, by which a process can install a filter of its own
  KIND_DUPLICATE, // fcntl that makes another descriptor
} Kind;

// Calls that move what an inherited descriptor is open on, or give it another number. fstat, lseek,
// poll and ioctl tell at most of what kind it is, and that is told to Java beforehand.
static const int USES_FIRST[] = {
    __NR_read, __NR_readv, __NR_pread64, __NR_preadv, __NR_preadv2, __NR_pwrite64, __NR_pwritev,
    __NR_pwritev2, __NR_recvfrom, __NR_recvmsg, __NR_recvmmsg, __NR_sendmsg, __NR_sendmmsg,
    __NR_dup, __NR_dup2, __NR_dup3, __NR_ftruncate, __NR_fallocate, __NR_vmsplice, __NR_fchown,
};

typedef struct {
  struct sock_filter code[4096];
  unsigned short count;
  bool listens, shims; // whether there are questions; of an outer run: whether a shim's call is one
  const Range *inherited;
  size_t inherited_count;
  uint8_t kinds[FIRST_UNKNOWN_SYSCALL];
} Filter;

static void emit(Filter *filter, struct sock_filter instruction) {
  filter->code[filter->count++] = instruction;
}

static void load(Filter *filter, size_t offset) {
  emit(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void answer(Filter *filter, uint32_t action) {
  emit(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static uint32_t refuse(int error) {
  return SECCOMP_RET_ERRNO | (uint32_t)error;
}

// Compares the accumulator in the way `test` says; if it holds, the answer is `action`.
static void answer_if(Filter *filter, int test, uint32_t value, uint32_t action) {
  emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | test | BPF_K, value, 0, 1));
  answer(filter, action);
}

static size_t argument(int index) {
  return offsetof(struct seccomp_data, args) + sizeof(uint64_t) * (size_t)index;
}

static void refuse_namespaces(Filter *filter, uint32_t bits) {
  load(filter, argument(0));
  answer_if(filter, BPF_JSET, bits, refuse(EPERM));
  answer(filter, SECCOMP_RET_ALLOW);
}

static void allow_socket_families(Filter *filter) {
  static const int FAMILIES[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
  load(filter, argument(0));
  for (size_t i = 0; i < sizeof FAMILIES / sizeof *FAMILIES; i++)
    answer_if(filter, BPF_JEQ, (uint32_t)FAMILIES[i], SECCOMP_RET_ALLOW);
  answer(filter, refuse(EAFNOSUPPORT));
}

static void notify_fork(Filter *filter) {
  load(filter, argument(0));
  answer_if(filter, BPF_JSET, NEW_NAMESPACES, refuse(EPERM));
  answer_if(filter, BPF_JSET, CLONE_THREAD, SECCOMP_RET_ALLOW);
  answer(filter, SECCOMP_RET_USER_NOTIF);
}

// Compares an argument, or with -1 what is loaded already, with the inherited descriptors.
static void notify_inherited(Filter *filter, int which) {
  if (which >= 0)
    load(filter, argument(which));
  for (size_t i = 0; i < filter->inherited_count; i++) {
    const Range *range = &filter->inherited[i];
    emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, range->first, 0, 2));
    emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, range->last, 1, 0));
    answer(filter, SECCOMP_RET_USER_NOTIF);
  }
}

// Writes to descriptors 1 and 2 are told, so that the other stream can be drained first.
static void notify_output(Filter *filter, int descriptor) {
  load(filter, argument(descriptor));
  answer_if(filter, BPF_JEQ, STDOUT_FILENO, SECCOMP_RET_USER_NOTIF);
  answer_if(filter, BPF_JEQ, STDERR_FILENO, SECCOMP_RET_USER_NOTIF);
  notify_inherited(filter, -1);
  answer(filter, SECCOMP_RET_ALLOW);
}

static void notify_use(Filter *filter, int first, int second) {
  notify_inherited(filter, first);
  if (second >= 0)
    notify_inherited(filter, second);
  answer(filter, SECCOMP_RET_ALLOW);
}

static void notify_duplicate(Filter *filter) {
  load(filter, argument(1));
  emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_DUPFD, 2, 0));
  emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_DUPFD_CLOEXEC, 1, 0));
  answer(filter, SECCOMP_RET_ALLOW);
  notify_use(filter, 0, -1);
}

static void notify_lookup(Filter *filter) {
  enum { LOW = offsetof(struct seccomp_data, instruction_pointer), HIGH = LOW + 4 };
  load(filter, HIGH);
  emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, DOOR_AFTER_CALL >> 32, 0, 3));
  load(filter, LOW);
  answer_if(filter, BPF_JEQ, (uint32_t)DOOR_AFTER_CALL, SECCOMP_RET_ALLOW);
  answer(filter, SECCOMP_RET_USER_NOTIF);
}

// What begins below the end of the door's page may meet the door. Most mappings have no address.
static void notify_low(Filter *filter) {
  load(filter, argument(0) + 4);
  emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 4));
  load(filter, argument(0));
  emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0));
  emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, DOOR + DOOR_SIZE, 1, 0));
  answer(filter, SECCOMP_RET_USER_NOTIF);
}

// The recorder's own takes no place that is taken.
static void notify_mapping(Filter *filter) {
  if (filter->inherited_count)
    notify_inherited(filter, 4);
  load(filter, argument(3));
  answer_if(filter, BPF_JSET, MAP_FIXED_NOREPLACE, SECCOMP_RET_ALLOW);
  notify_low(filter);
  answer(filter, SECCOMP_RET_ALLOW);
}

static void notify_setting(Filter *filter) {
  load(filter, argument(0));
  answer_if(filter, BPF_JEQ, PR_SET_SECCOMP, SECCOMP_RET_USER_NOTIF);
  answer(filter, SECCOMP_RET_ALLOW);
}

static void notify_unmapping(Filter *filter) {
  notify_low(filter);
  answer(filter, SECCOMP_RET_ALLOW);
}

// A datagram with an address is a question; send() on a connected socket is not.
static void notify_addressed(Filter *filter) {
  notify_inherited(filter, 0);
  load(filter, argument(4));
  answer_if(filter, BPF_JEQ, 0, SECCOMP_RET_ALLOW);
  answer(filter, SECCOMP_RET_USER_NOTIF);
}

static void leaf(Filter *filter, Kind kind) {
  switch (kind) {
  case KIND_ALLOWED: return answer(filter, SECCOMP_RET_ALLOW);
  case KIND_ASKED: return answer(filter, SECCOMP_RET_USER_NOTIF);
  case KIND_DENIED: return answer(filter, refuse(EPERM));
  case KIND_ABSENT: return answer(filter, refuse(ENOSYS));
  case KIND_CLONE: return refuse_namespaces(filter, NEW_NAMESPACES);
  case KIND_FORK: return notify_fork(filter);
  case KIND_UNSHARE: return refuse_namespaces(filter, NEW_NAMESPACES | CLONE_NEWTIME);
  case KIND_SOCKET: return allow_socket_families(filter);
  case KIND_OUTPUT_FIRST: return notify_output(filter, 0);
  case KIND_OUTPUT_THIRD: return notify_output(filter, 2);
  case KIND_ADDRESSED: return notify_addressed(filter);
  case KIND_USE_FIRST: return notify_use(filter, 0, -1);
  case KIND_USE_FIRST_TWO: return notify_use(filter, 0, 1);
  case KIND_USE_FIRST_AND_THIRD: return notify_use(filter, 0, 2);
  case KIND_LOOKUP: return notify_lookup(filter);
  case KIND_MAPPING: return notify_mapping(filter);
  case KIND_UNMAPPING: return notify_unmapping(filter);
  case KIND_SETTING: return notify_setting(filter);
  case KIND_DUPLICATE: return notify_duplicate(filter);
  }
}

// Where a new kind begins, nearest the middle of [from, to); `to` if the range is all of one kind.
static int split(const Filter *filter, int from, int to) {
  int middle = (from + to) / 2, best = to;
  for (int number = from + 1; number < to; number++)
    if (filter->kinds[number] != filter->kinds[number - 1] &&
        (best == to || abs(number - middle) < abs(best - middle)))
      best = number;
  return best;
}

// A search tree over call numbers. The kernel runs the filter for each number when it is installed,
// to learn which calls always pass: a list of comparisons cost 0.2 ms a sandbox more.
static void tree(Filter *filter, int from, int to) {
  int middle = split(filter, from, to);
  if (middle == to)
    return leaf(filter, (Kind)filter->kinds[from]);
  emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)middle, 0, 1));
  unsigned short jump = filter->count; // beyond the reach of a conditional jump
  emit(filter, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0));
  tree(filter, from, middle);
  filter->code[jump].k = (uint32_t)(filter->count - jump - 1);
  tree(filter, middle, to);
}

static void set_kinds(Filter *filter, const int *calls, size_t count, Kind kind) {
  for (size_t i = 0; i < count; i++)
    filter->kinds[calls[i]] = kind;
}

// write, writev, sendfile's output and splice's are looked at as output already.
static void watch_uses(Filter *filter) {
  set_kinds(filter, USES_FIRST, sizeof USES_FIRST / sizeof *USES_FIRST, KIND_USE_FIRST);
  filter->kinds[__NR_tee] = KIND_USE_FIRST_TWO;
  filter->kinds[__NR_sendfile] = KIND_ASKED;
  filter->kinds[__NR_splice] = KIND_ASKED;
  filter->kinds[__NR_copy_file_range] = KIND_USE_FIRST_AND_THIRD;
  filter->kinds[__NR_fcntl] = KIND_DUPLICATE;
}

static void sort_calls(Filter *filter, bool observe) {
  set_kinds(filter, DENIED, sizeof DENIED / sizeof *DENIED, KIND_DENIED);
  set_kinds(filter, ABSENT, sizeof ABSENT / sizeof *ABSENT, KIND_ABSENT);
  filter->kinds[__NR_clone] = KIND_CLONE;
  filter->kinds[__NR_unshare] = KIND_UNSHARE;
  filter->kinds[__NR_socket] = KIND_SOCKET;
  if (!observe)
    return;
  set_kinds(filter, ASKED, sizeof ASKED / sizeof *ASKED, KIND_ASKED);
  set_kinds(filter, LOOKUPS, sizeof LOOKUPS / sizeof *LOOKUPS, KIND_LOOKUP);
  set_kinds(filter, UNMAPPINGS, sizeof UNMAPPINGS / sizeof *UNMAPPINGS, KIND_UNMAPPING);
  filter->kinds[__NR_mmap] = KIND_MAPPING;
  filter->kinds[__NR_prctl] = KIND_SETTING;
  filter->kinds[__NR_write] = filter->kinds[__NR_writev] = KIND_OUTPUT_FIRST;
  filter->kinds[__NR_sendfile] = KIND_OUTPUT_FIRST;
  filter->kinds[__NR_splice] = KIND_OUTPUT_THIRD;
  filter->kinds[__NR_sendto] = KIND_ADDRESSED;
  if (!filter->shims) { // an inner run's: its processes are counted
    filter->kinds[__NR_clone] = KIND_FORK;
    filter->kinds[__NR_fork] = filter->kinds[__NR_vfork] = KIND_ASKED;
  }
  if (filter->inherited_count)
    watch_uses(filter);
}

static void build(Filter *filter) {
  load(filter, offsetof(struct seccomp_data, arch));
  emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0));
  answer(filter, SECCOMP_RET_KILL_PROCESS);
  load(filter, offsetof(struct seccomp_data, nr));
  answer_if(filter, BPF_JSET, 0x40000000, SECCOMP_RET_KILL_PROCESS); // x32
  if (filter->shims)
    answer_if(filter, BPF_JEQ, SHIM_CALL, SECCOMP_RET_USER_NOTIF);
  if (filter->listens)
    answer_if(filter, BPF_JEQ, RECORDER_CALL, SECCOMP_RET_USER_NOTIF);
  answer_if(filter, BPF_JGE, FIRST_UNKNOWN_SYSCALL, refuse(ENOSYS));
  tree(filter, 0, FIRST_UNKNOWN_SYSCALL);
}

static int install(const struct sock_fprog *program, unsigned flags) {
  return (int)syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);
}

static Filter filters[2]; // by whether to observe

void filter_prepare(void) {
  for (int observe = 0; observe < 2; observe++) {
    if (filters[observe].count)
      continue;
    filters[observe].listens = filters[observe].shims = observe;
    sort_calls(&filters[observe], observe);
    build(&filters[observe]);
  }
}

static int install_listening(Filter *filter) {
  struct sock_fprog program = {filter->count, filter->code};
  // Without KILLABLE a signal (Go sends many) interrupts the question, which is then asked again.
  int listener = install(&program, SECCOMP_FILTER_FLAG_NEW_LISTENER |
                                       SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
  if (listener < 0 && errno == EINVAL)
    listener = install(&program, SECCOMP_FILTER_FLAG_NEW_LISTENER);
  return listener;
}

int filter_install(bool observe) {
  filter_prepare();
  if (observe)
    return install_listening(&filters[true]);
  struct sock_fprog program = {filters[false].count, filters[false].code};
  return install(&program, 0);
}

int filter_install_inner(const Range *inherited, size_t count) {
  static Filter filter; // the process has no other use for it
  filter = (Filter){.listens = true, .inherited = inherited, .inherited_count = count};
  sort_calls(&filter, true);
  build(&filter);
  return install_listening(&filter);
}
