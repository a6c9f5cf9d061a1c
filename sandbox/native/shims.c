#include "shims.h"

#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern const char shim_image[], shim_image_end[];
__asm__(".section .rodata\n"
        ".globl shim_image, shim_image_end\n"
        "shim_image: .incbin \"" SHIM_IMAGE "\"\n"
        "shim_image_end:\n"
        ".previous\n");

static bool fail(const Plan *plan, Failure *failure, const char *what, const char *which) {
  int error = errno;
  return failure_set(failure, (unsigned)plan->op_count, error, "cannot %s %s: %s", what, which,
                     strerror(error));
}

// A file system for the one file, stacked on the root directory: there every path begins below it,
// so that nothing in the sandbox can reach it, and still it is in this namespace, whence alone a
// file can be mounted elsewhere. (An unlinked file would call itself "(deleted)"; a file of the
// host may lie where nothing may be executed.)
static int hidden_directory(void) {
  int context = (int)syscall(__NR_fsopen, "tmpfs", FSOPEN_CLOEXEC), hidden = -1;
  if (context < 0)
    return -1;
  if (syscall(__NR_fsconfig, context, FSCONFIG_SET_STRING, "mode", "0755", 0) == 0 &&
      syscall(__NR_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
    hidden = (int)syscall(__NR_fsmount, context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
  close(context);
  if (hidden >= 0 && move_mount(hidden, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) != 0) {
    close(hidden);
    return -1;
  }
  return hidden;
}

static bool write_image(int hidden) {
  size_t size = (size_t)(shim_image_end - shim_image);
  int file = openat(hidden, "shim", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
  bool done = file >= 0 && write(file, shim_image, size) == (ssize_t)size;
  if (file >= 0)
    close(file);
  return done;
}

static bool cover(int hidden, int tool) {
  int tree = open_tree(hidden, "shim", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  if (tree < 0)
    return false;
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
                                              MOUNT_ATTR_NODEV};
  bool done = mount_setattr(tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes) == 0 &&
              move_mount(tree, "", tool, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) == 0;
  close(tree);
  return done;
}

bool shims_mount(const Plan *plan, Failure *failure) {
  int hidden = hidden_directory();
  if (hidden < 0 || !write_image(hidden))
    return fail(plan, failure, "make", "the shim");
  for (size_t i = 0; i < plan->shim_count; i++) {
    int tool = open(plan->shims[i], O_PATH | O_CLOEXEC | O_NOFOLLOW);
    struct stat status;
    bool there = tool >= 0 && fstat(tool, &status) == 0 && S_ISREG(status.st_mode);
    bool done = !there || cover(hidden, tool);
    if (!done)
      fail(plan, failure, "mount a shim over", plan->shims[i]);
    if (tool >= 0)
      close(tool);
    if (!done)
      return false;
  }
  close(hidden);
  return true;
}
