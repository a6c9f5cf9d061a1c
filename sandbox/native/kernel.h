// What the C library's headers may be too old to name. Numbers are the kernel's ABI for x86_64.
#pragma once

#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif
#ifndef SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#ifndef __NR_fchmodat2
#define __NR_fchmodat2 452
#endif
#ifndef __NR_statmount
#define __NR_statmount 457
#define __NR_listmount 458
#endif
#ifndef __NR_setxattrat
#define __NR_setxattrat 463
#define __NR_getxattrat 464
#define __NR_listxattrat 465
#define __NR_removexattrat 466
#endif
#ifndef __NR_open_tree_attr
#define __NR_open_tree_attr 467
#endif
#ifndef __NR_file_getattr
#define __NR_file_getattr 468
#define __NR_file_setattr 469
#endif
// What a pidfd tells of its process, PIDFD_GET_INFO of linux/pidfd.h; how it ended since Linux 6.15,
// once it was waited for.
struct process_info {
  __u64 mask, cgroup;
  __u32 pid, tgid, ppid, ids[8];
  __s32 exit_code;
};
#define PROCESS_INFO _IOWR(0xFF, 11, struct process_info)
#define PROCESS_INFO_PID (1UL << 0)
#define PROCESS_INFO_EXIT (1UL << 3)
#define PROCESS_OF_THREAD O_EXCL // PIDFD_THREAD
// The first number nobody here has read about: refused with ENOSYS, as an older kernel would.
#define FIRST_UNKNOWN_SYSCALL 470

// close_range(2), which a container's filter may not know.
static inline void close_files(unsigned first, unsigned last) {
  struct rlimit files;
  if (close_range(first, last, 0) == 0 || getrlimit(RLIMIT_NOFILE, &files) != 0)
    return;
  for (unsigned file = first; file <= last && file < files.rlim_max; file++)
    close((int)file);
}
