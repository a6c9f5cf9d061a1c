#include "filter.h"

#include "kernel.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

// Calls that look up, list, make or start files: every one is a question. The most frequent first.
static const int ASKED[] = {
    __NR_newfstatat, __NR_openat, __NR_readlink, __NR_access, __NR_stat, __NR_lstat, __NR_open,
    __NR_execve, __NR_getdents64, __NR_statx, __NR_faccessat, __NR_faccessat2, __NR_readlinkat,
    __NR_openat2, __NR_unlink, __NR_unlinkat, __NR_rename, __NR_renameat, __NR_renameat2,
    __NR_chdir, __NR_mkdir, __NR_mkdirat, __NR_rmdir, __NR_creat, __NR_link, __NR_linkat,
    __NR_symlink, __NR_symlinkat, __NR_truncate, __NR_getdents, __NR_chmod, __NR_fchmodat,
    __NR_fchmodat2, __NR_chown, __NR_lchown, __NR_fchownat, __NR_utime, __NR_utimes,
    __NR_utimensat, __NR_futimesat, __NR_mknod, __NR_mknodat, __NR_statfs, __NR_getxattr,
    __NR_lgetxattr, __NR_listxattr, __NR_llistxattr, __NR_setxattr, __NR_lsetxattr,
    __NR_removexattr, __NR_lremovexattr, __NR_inotify_add_watch, __NR_execveat, __NR_connect,
    __NR_bind,
};

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

typedef struct {
  struct sock_filter code[512];
  unsigned short count;
  bool observe;
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

// The next `skip` instructions run only if the accumulator equals `value`.
static void if_equal(Filter *filter, uint32_t value, uint8_t skip) {
  emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip));
}

static void if_any_bit(Filter *filter, uint32_t bits, uint8_t skip) {
  emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, skip));
}

static size_t argument(int index) {
  return offsetof(struct seccomp_data, args) + sizeof(uint64_t) * (size_t)index;
}

static void each(Filter *filter, const int *calls, size_t count, uint32_t action) {
  for (size_t i = 0; i < count; i++) {
    if_equal(filter, (uint32_t)calls[i], 1);
    answer(filter, action);
  }
}

static uint32_t refuse(int error) {
  return SECCOMP_RET_ERRNO | (uint32_t)error;
}

static void check_architecture(Filter *filter) {
  load(filter, offsetof(struct seccomp_data, arch));
  emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0));
  answer(filter, SECCOMP_RET_KILL_PROCESS);
  load(filter, offsetof(struct seccomp_data, nr));
  emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x40000000, 0, 1)); // x32
  answer(filter, SECCOMP_RET_KILL_PROCESS);
  emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_UNKNOWN_SYSCALL, 0, 1));
  answer(filter, refuse(ENOSYS));
}

static void refuse_namespaces(Filter *filter, int call, uint32_t bits) {
  if_equal(filter, (uint32_t)call, 4);
  load(filter, argument(0));
  if_any_bit(filter, bits, 1);
  answer(filter, refuse(EPERM));
  answer(filter, SECCOMP_RET_ALLOW);
}

static void allow_socket_families(Filter *filter) {
  static const int FAMILIES[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
  enum { COUNT = sizeof FAMILIES / sizeof *FAMILIES };
  if_equal(filter, __NR_socket, 2 + 2 * COUNT);
  load(filter, argument(0));
  each(filter, FAMILIES, COUNT, SECCOMP_RET_ALLOW);
  answer(filter, refuse(EAFNOSUPPORT));
}

// Writes to descriptors 1 and 2 are told, so that the other stream can be drained first.
static void notify_output(Filter *filter, int call, int descriptor) {
  if_equal(filter, (uint32_t)call, 6);
  load(filter, argument(descriptor));
  if_equal(filter, STDOUT_FILENO, 1);
  answer(filter, SECCOMP_RET_USER_NOTIF);
  if_equal(filter, STDERR_FILENO, 1);
  answer(filter, SECCOMP_RET_USER_NOTIF);
  answer(filter, SECCOMP_RET_ALLOW);
}

// A datagram with an address is a question; send() on a connected socket is not.
static void notify_addressed(Filter *filter) {
  if_equal(filter, __NR_sendto, 4);
  load(filter, argument(4));
  if_equal(filter, 0, 1);
  answer(filter, SECCOMP_RET_ALLOW);
  answer(filter, SECCOMP_RET_USER_NOTIF);
}

static void build(Filter *filter) {
  check_architecture(filter);
  if (filter->observe) {
    notify_output(filter, __NR_write, 0);
    each(filter, ASKED, sizeof ASKED / sizeof *ASKED, SECCOMP_RET_USER_NOTIF);
    notify_output(filter, __NR_writev, 0);
    notify_output(filter, __NR_sendfile, 0);
    notify_output(filter, __NR_splice, 2);
    notify_addressed(filter);
  }
  allow_socket_families(filter);
  refuse_namespaces(filter, __NR_clone, NEW_NAMESPACES);
  refuse_namespaces(filter, __NR_unshare, NEW_NAMESPACES | CLONE_NEWTIME);
  each(filter, DENIED, sizeof DENIED / sizeof *DENIED, refuse(EPERM));
  each(filter, ABSENT, sizeof ABSENT / sizeof *ABSENT, refuse(ENOSYS));
  answer(filter, SECCOMP_RET_ALLOW);
}

static int install(const struct sock_fprog *program, unsigned flags) {
  return (int)syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);
}

int filter_install(bool observe) {
  static Filter filter;
  filter = (Filter){.observe = observe};
  build(&filter);
  struct sock_fprog program = {filter.count, filter.code};
  if (!observe)
    return install(&program, 0);
  // Without KILLABLE a signal (Go sends many) interrupts the question, which is then asked again.
  int listener = install(&program, SECCOMP_FILTER_FLAG_NEW_LISTENER |
                                       SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
  if (listener < 0 && errno == EINVAL)
    listener = install(&program, SECCOMP_FILTER_FLAG_NEW_LISTENER);
  return listener;
}
