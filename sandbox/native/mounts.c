#include "mounts.h"

#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  int root; // the new root, O_PATH
  Failure *failure;
} Builder;

bool failure_set(Failure *failure, unsigned op, int error, const char *format, ...) {
  failure->op = op;
  failure->error = error;
  va_list list;
  va_start(list, format);
  vsnprintf(failure->message, sizeof failure->message, format, list);
  va_end(list);
  return false;
}

static const char *way_out(int error) {
  switch (error) {
  case ENOENT: return "make sure that it exists, or leave it out of the plan";
  case EPERM: case EACCES: return "make it readable for this user; `bric doctor` shows what the machine allows";
  case ENOSPC: return "the sandbox's limit on mounts or the disk is full: free some";
  case ENODEV: return "the kernel lacks this file system: load its module";
  case EINVAL: case ENOTDIR: return "the kernel or the file system below does not support this; `bric doctor` checks";
  case ENAMETOOLONG: return "use shorter paths";
  default: return "see `bric doctor`";
  }
}

static bool fail(Builder *builder, const Op *op, const char *what, const char *path) {
  int error = errno;
  return failure_set(builder->failure, op->index, error, "cannot %s %s: %s (%s)", what, path,
                     strerror(error), way_out(error));
}

// Opens a path of the new root; links on the way stay inside it.
static int open_in(const Builder *builder, const char *path, int flags, mode_t mode) {
  struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC), .mode = mode,
                         .resolve = RESOLVE_IN_ROOT};
  return (int)syscall(__NR_openat2, builder->root, path, &how, sizeof how);
}

// Opens the directory that holds the last name of `path`, making it and those above it.
static int open_parent(const Builder *builder, const char *path, const char **name) {
  const char *slash = strrchr(path, '/');
  *name = slash ? slash + 1 : path;
  char parent[PATH_MAX];
  size_t length = slash ? (size_t)(slash - path) : 0;
  if (length >= sizeof parent) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(parent, path, length);
  parent[length] = 0;
  int directory = open_in(builder, length ? parent : "/", O_PATH | O_DIRECTORY, 0);
  if (directory >= 0 || errno != ENOENT)
    return directory;
  const char *last;
  int above = open_parent(builder, parent, &last);
  if (above < 0)
    return -1;
  if (mkdirat(above, last, 0755) == 0 || errno == EEXIST)
    directory = openat(above, last, O_PATH | O_DIRECTORY | O_CLOEXEC);
  close(above);
  return directory;
}

// Opens the place for a mount at `path`, making an empty directory or file there if need be.
static int open_target(const Builder *builder, const char *path, bool directory) {
  int target = open_in(builder, path, O_PATH, 0);
  if (target >= 0 || errno != ENOENT)
    return target;
  const char *name;
  int parent = open_parent(builder, path, &name);
  if (parent < 0)
    return -1;
  int made = directory ? mkdirat(parent, name, 0755) : mknodat(parent, name, S_IFREG | 0644, 0);
  if (made == 0)
    target = openat(parent, name, O_PATH | O_CLOEXEC | O_NOFOLLOW);
  close(parent);
  return target;
}

static bool make_directory(Builder *builder, const Op *op) {
  const char *path = op->arguments[0].bytes, *name;
  mode_t mode = (mode_t)strtoul(op->arguments[1].bytes, NULL, 8);
  int parent = open_parent(builder, path, &name);
  if (parent < 0)
    return fail(builder, op, "make the directory above", path);
  bool made = !*name || mkdirat(parent, name, mode) == 0 ||
              (errno == EEXIST && fchmodat(parent, name, mode, 0) == 0);
  close(parent);
  return made || fail(builder, op, "make the directory", path);
}

static bool is_directory(int file) {
  struct stat status;
  return fstat(file, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool attach(Builder *builder, const Op *op, int tree, const char *path) {
  int target = open_target(builder, path, is_directory(tree));
  bool done = target >= 0 && move_mount(tree, "", target, "", MOVE_MOUNT_F_EMPTY_PATH |
                                                                  MOVE_MOUNT_T_EMPTY_PATH) == 0;
  if (!done)
    fail(builder, op, "mount at", path);
  if (target >= 0)
    close(target);
  return done;
}

static bool bind(Builder *builder, const Op *op, bool writable) {
  const char *source = op->arguments[0].bytes, *path = op->arguments[1].bytes;
  int tree = open_tree(AT_FDCWD, source, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
  if (tree < 0)
    return fail(builder, op, writable ? "bind" : "bind read-only", source);
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_NOSUID};
  if (!writable)
    attributes.attr_set |= MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV;
  bool done = mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes,
                            sizeof attributes) == 0;
  if (!done)
    fail(builder, op, "restrict the mount of", source);
  done = done && attach(builder, op, tree, path);
  close(tree);
  return done;
}

// A directory of the root that stays writable when the root itself is not: bound on itself, it is a
// mount of its own.
static bool make_writable(Builder *builder, const Op *op) {
  const char *path = op->arguments[0].bytes;
  if (!make_directory(builder, op))
    return false;
  int directory = open_in(builder, path, O_PATH | O_DIRECTORY, 0);
  int tree = directory < 0 ? -1 : open_tree(directory, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
                                                                AT_EMPTY_PATH);
  bool done = tree >= 0 && move_mount(tree, "", directory, "", MOVE_MOUNT_F_EMPTY_PATH |
                                                                   MOVE_MOUNT_T_EMPTY_PATH) == 0;
  if (!done)
    fail(builder, op, "keep writable", path);
  if (tree >= 0)
    close(tree);
  if (directory >= 0)
    close(directory);
  return done;
}

static bool write_all(int file, Text content) {
  for (size_t done = 0; done < content.length;) {
    ssize_t length = write(file, content.bytes + done, content.length - done);
    if (length < 0)
      return false;
    done += (size_t)length;
  }
  return true;
}

static bool write_file(Builder *builder, const Op *op) {
  const char *path = op->arguments[0].bytes, *name;
  mode_t mode = (mode_t)strtoul(op->arguments[2].bytes, NULL, 8);
  int parent = open_parent(builder, path, &name);
  if (parent < 0)
    return fail(builder, op, "make the directory above", path);
  int file = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  close(parent);
  bool done = file >= 0 && write_all(file, op->arguments[1]);
  if (!done)
    fail(builder, op, "write the file", path);
  if (file >= 0)
    close(file);
  return done;
}

static bool make_link(Builder *builder, const Op *op) {
  const char *path = op->arguments[1].bytes, *name;
  int parent = open_parent(builder, path, &name);
  bool done = parent >= 0 && symlinkat(op->arguments[0].bytes, parent, name) == 0;
  if (!done)
    fail(builder, op, "make the symbolic link", path);
  if (parent >= 0)
    close(parent);
  return done;
}

// Appends `text` with what separates overlayfs options and layers escaped. Moves `at` on.
static void escape(char **at, const char *end, const char *text) {
  for (; *text; text++) {
    if (*at + 2 >= end)
      return;
    if (strchr(":,\\", *text))
      *(*at)++ = '\\';
    *(*at)++ = *text;
  }
}

static void append(char **at, const char *end, const char *text) {
  while (*text && *at + 1 < end)
    *(*at)++ = *text++;
}

// volatile: no fsync of the upper layer; it is read at once, or thrown away after a crash.
static bool overlay_options(const Op *op, char *options, size_t size) {
  char *at = options, *end = options + size;
  append(&at, end, "userxattr,volatile,lowerdir=");
  const char *lower = op->arguments[0].bytes, *last = lower + op->arguments[0].length;
  for (const char *layer = lower; layer <= last; layer += strlen(layer) + 1) {
    if (layer != lower)
      append(&at, end, ":");
    escape(&at, end, layer);
  }
  append(&at, end, ",upperdir=");
  escape(&at, end, op->arguments[1].bytes);
  append(&at, end, ",workdir=");
  escape(&at, end, op->arguments[2].bytes);
  *at = 0;
  return at + 2 < end;
}

static bool mount_overlay(Builder *builder, const Op *op) {
  char options[4096]; // the kernel takes one page
  const char *path = op->arguments[3].bytes;
  if (!overlay_options(op, options, sizeof options)) {
    errno = ENAMETOOLONG;
    return fail(builder, op, "name the layers of the overlay at", path);
  }
  int target = open_target(builder, path, true);
  // Mounting on "." is how mount(2) takes a descriptor.
  bool done = target >= 0 && fchdir(target) == 0 &&
              mount("overlay", ".", "overlay", MS_NOSUID | MS_NODEV, options) == 0;
  if (!done)
    fail(builder, op, "mount the overlay at", path);
  if (target >= 0)
    close(target);
  return done;
}

// Read-only: as real root the sandbox's user owns /proc/sys on the host, and the kernel checks no
// more than that (core_pattern would be a way out).
static bool mount_proc(Builder *builder, const Op *op) {
  const char *path = op->arguments[0].bytes;
  int target = open_target(builder, path, true);
  bool done = target >= 0 && fchdir(target) == 0 &&
              mount("proc", ".", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, NULL) == 0;
  if (!done)
    fail(builder, op, "mount the process file system at", path);
  if (target >= 0)
    close(target);
  return done;
}

static bool obey(Builder *builder, const Op *op) {
  switch (op->code) {
  case OP_DIR: return make_directory(builder, op);
  case OP_WRITABLE: return make_writable(builder, op);
  case OP_BIND_READ: return bind(builder, op, false);
  case OP_BIND_WRITE: return bind(builder, op, true);
  case OP_FILE: return write_file(builder, op);
  case OP_SYMLINK: return make_link(builder, op);
  case OP_OVERLAY: return mount_overlay(builder, op);
  case OP_PROC: return mount_proc(builder, op);
  default: return true;
  }
}

static bool mount_root(const Plan *plan, const char *place, Failure *failure) {
  char options[64] = "mode=0755";
  if (plan->root_size)
    snprintf(options, sizeof options, "mode=0755,size=%llu", (unsigned long long)plan->root_size);
  if (mount("bricolage", place, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0 && chdir(place) == 0)
    return true;
  return failure_set(failure, 0, errno, "cannot mount the sandbox's root at %s: %s (%s)", place,
                     strerror(errno), way_out(errno));
}

// pivot_root(".", ".") stacks the old root on the new one; sealing uncovers the new again. Until
// then paths from "/" already start in the new root: they begin below what is stacked on it.
static bool enter_root(const Plan *plan, int root, Failure *failure) {
  if (fchdir(root) == 0 && syscall(__NR_pivot_root, ".", ".") == 0)
    return true;
  return failure_set(failure, (unsigned)plan->op_count, errno,
                     "cannot enter the sandbox's root: %s (%s)", strerror(errno), way_out(errno));
}

bool mounts_seal(const Plan *plan, Failure *failure) {
  struct mount_attr read_only = {.attr_set = MOUNT_ATTR_RDONLY};
  if (umount2(".", MNT_DETACH) == 0 && chdir("/") == 0 &&
      mount_setattr(AT_FDCWD, "/", 0, &read_only, sizeof read_only) == 0)
    return true;
  return failure_set(failure, (unsigned)plan->op_count, errno,
                     "cannot seal the sandbox's root: %s (%s)", strerror(errno), way_out(errno));
}

bool mounts_obey(const Plan *plan, const char *place, Failure *failure) {
  if (!mount_root(plan, place, failure))
    return false;
  Builder builder = {open(".", O_PATH | O_DIRECTORY | O_CLOEXEC), failure};
  for (size_t i = 0; i < plan->op_count; i++)
    if (!obey(&builder, &plan->ops[i]))
      return false;
  bool entered = enter_root(plan, builder.root, failure);
  close(builder.root);
  return entered;
}
