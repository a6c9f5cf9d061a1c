// Runs a little program of file operations and prints every answer, so that what a run prints is
// all that it learnt. One operation a line: a word, then its arguments, their bytes escaped as %XX.
// An argument @ stands for the name that `take` last read from a file.
//
//   ops -c PROGRAM      ops -f FILE (what a `#!` line calls; lines that begin with # are skipped)
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_OPS = 256, MAX_NAMES = 512, OLD = 1 };

// How a path reaches the kernel: by the oldest call, by the *at call, by the newest, or by an O_PATH
// descriptor and /proc/self/fd.
typedef enum { OLDEST, AT, NEWEST, BY_PROC } Style;

typedef struct {
  char *word, *first, *second;
} Op;

static Op ops[MAX_OPS];
static int op_count;
static Style style;
static int base = AT_FDCWD;
static char taken[256] = "a";
static int error;           // errno of the last operation
static uint32_t last, all = 1; // of the last answer, of all
extern char **environ;

static void mix(uint32_t *hash, const char *bytes, size_t length) {
  for (size_t i = 0; i < length; i++)
    *hash = (*hash ^ (uint8_t)bytes[i]) * 16777619u;
}

static void put(const char *bytes, size_t length) {
  mix(&last, bytes, length);
  mix(&all, bytes, length);
  while (length) {
    ssize_t wrote = write(STDOUT_FILENO, bytes, length);
    if (wrote <= 0)
      _exit(99);
    bytes += wrote;
    length -= (size_t)wrote;
  }
}

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...) {
  char line[4096];
  va_list list;
  va_start(list, format);
  int length = vsnprintf(line, sizeof line, format, list);
  va_end(list);
  put(line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
}

static long judge(long result) {
  error = result < 0 ? errno : 0;
  if (error)
    say(" %s", strerrorname_np(error));
  return result;
}

static const char *name(const char *argument) {
  return strcmp(argument, "@") == 0 ? taken : argument;
}

static int open_path(const char *path, int flags, mode_t mode) {
  if (style == OLDEST && base == AT_FDCWD)
    return (int)syscall(SYS_open, path, flags, mode);
  if (style == NEWEST) {
    struct open_how how = {.flags = (uint64_t)flags, .mode = flags & O_CREAT ? mode : 0};
    return (int)syscall(SYS_openat2, base, path, &how, sizeof how);
  }
  if (style == BY_PROC && !(flags & (O_CREAT | O_NOFOLLOW))) {
    int descriptor = openat(base, path, O_PATH);
    if (descriptor < 0)
      return -1;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    int opened = open(link, flags);
    int failed = errno;
    close(descriptor);
    errno = failed;
    return opened;
  }
  return openat(base, path, flags, mode);
}

static int look(const char *path, struct stat *status, bool follow) {
  int flags = follow ? 0 : AT_SYMLINK_NOFOLLOW;
  if (style == OLDEST && base == AT_FDCWD)
    return (int)syscall(follow ? SYS_stat : SYS_lstat, path, status);
  if (style == NEWEST) {
    struct statx x;
    if (statx(base, path, flags, STATX_BASIC_STATS, &x) != 0)
      return -1;
    *status = (struct stat){.st_mode = x.stx_mode, .st_size = (off_t)x.stx_size};
    status->st_mtime = x.stx_mtime.tv_sec;
    return 0;
  }
  if (style == BY_PROC) {
    int descriptor = openat(base, path, O_PATH | (follow ? 0 : O_NOFOLLOW));
    if (descriptor < 0)
      return -1;
    int result = fstat(descriptor, status);
    close(descriptor);
    return result;
  }
  return fstatat(base, path, status, flags);
}

static void describe(const char *path, bool follow) {
  struct stat status;
  if (judge(look(path, &status, follow)) != 0)
    return;
  char type = S_ISDIR(status.st_mode) ? 'd' : S_ISLNK(status.st_mode) ? 'l' : 'f';
  long size = type == 'd' ? 0 : status.st_size;
  say(" %c %o %ld %s", type, status.st_mode & 0777, size, status.st_mtime == OLD ? "old" : "new");
}

static size_t slurp(int descriptor, char *buffer, size_t size) {
  size_t length = 0;
  for (ssize_t got; length < size; length += (size_t)got)
    if ((got = read(descriptor, buffer + length, size - length)) <= 0)
      break;
  return length;
}

static void show(const char *path, int flags, bool take) {
  int descriptor = open_path(path, O_RDONLY | flags, 0);
  if (judge(descriptor) < 0)
    return;
  char text[2048];
  size_t length = slurp(descriptor, text, sizeof text - 1);
  close(descriptor);
  text[length] = 0;
  say(" %zu<", length);
  put(text, length);
  say(">");
  if (take) {
    text[strcspn(text, "\n")] = 0;
    snprintf(taken, sizeof taken, "%.200s", text);
  }
}

static void save(const char *path, int flags, const char *text) {
  int descriptor = open_path(path, flags, 0644);
  if (judge(descriptor) < 0)
    return;
  judge(write(descriptor, text, strlen(text)));
  close(descriptor);
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *path) {
  int descriptor = open_path(path, O_RDONLY | O_DIRECTORY, 0);
  if (judge(descriptor) < 0)
    return;
  DIR *directory = fdopendir(descriptor);
  char *names[MAX_NAMES];
  int count = 0;
  for (struct dirent *entry; count < MAX_NAMES && (entry = readdir(directory));)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
        asprintf(&names[count], "%s:%d", entry->d_name, entry->d_type) > 0)
      count++;
  closedir(directory);
  qsort(names, (size_t)count, sizeof *names, by_name);
  for (int i = 0; i < count; i++) {
    say(" %s", names[i]);
    free(names[i]);
  }
}

static void read_link(const char *path) {
  char target[4096];
  bool old = style == OLDEST && base == AT_FDCWD;
  ssize_t length = old ? readlink(path, target, sizeof target - 1)
                       : readlinkat(base, path, target, sizeof target - 1);
  if (judge(length) >= 0)
    say(" %.*s", (int)length, target);
}

static long access_path(const char *path, int mode) {
  if (style == OLDEST && base == AT_FDCWD)
    return syscall(SYS_access, path, mode);
  if (style == NEWEST)
    return syscall(SYS_faccessat2, base, path, mode, AT_EACCESS);
  return syscall(SYS_faccessat, base, path, mode);
}

static long move(const char *from, const char *to, unsigned flags) {
  if (style == OLDEST && base == AT_FDCWD && !flags)
    return syscall(SYS_rename, from, to);
  if (style == AT && !flags)
    return syscall(SYS_renameat, base, from, base, to);
  return syscall(SYS_renameat2, base, from, base, to, flags);
}

// Overlay file systems refuse to move folders that were there before; a plain one does not.
static long move_file(const char *from, const char *to) {
  struct stat status;
  if (fstatat(base, from, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode)) {
    errno = EXDEV;
    return -1;
  }
  return move(from, to, 0);
}

static long link_path(const char *from, const char *to, bool follow) {
  if (style == OLDEST && base == AT_FDCWD && !follow)
    return syscall(SYS_link, from, to);
  if (style == BY_PROC) {
    int descriptor = openat(base, from, O_PATH | (follow ? 0 : O_NOFOLLOW));
    if (descriptor < 0)
      return -1;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    long result = linkat(AT_FDCWD, link, base, to, AT_SYMLINK_FOLLOW);
    int failed = errno;
    close(descriptor);
    errno = failed;
    return result;
  }
  return linkat(base, from, base, to, follow ? AT_SYMLINK_FOLLOW : 0);
}

static long make_link(const char *target, const char *path) {
  bool old = style == OLDEST && base == AT_FDCWD;
  return old ? symlink(target, path) : symlinkat(target, base, path);
}

static long make_folder(const char *path) {
  bool old = style == OLDEST && base == AT_FDCWD;
  return old ? mkdir(path, 0755) : mkdirat(base, path, 0755);
}

static long change_mode(const char *path, mode_t mode) {
  if (style == OLDEST && base == AT_FDCWD)
    return syscall(SYS_chmod, path, mode);
  return syscall(SYS_fchmodat, base, path, mode);
}

static long cut(const char *path, long size) {
  if (style == OLDEST && base == AT_FDCWD)
    return truncate(path, size);
  int descriptor = open_path(path, O_WRONLY, 0);
  if (descriptor < 0)
    return -1;
  long result = ftruncate(descriptor, size);
  close(descriptor);
  return result;
}

static long enter(const char *path) {
  if (style == OLDEST && base == AT_FDCWD)
    return chdir(path);
  int descriptor = open_path(path, O_RDONLY | O_DIRECTORY, 0);
  if (descriptor < 0)
    return -1;
  long result = fchdir(descriptor);
  close(descriptor);
  return result;
}

static long set_base(const char *path) {
  if (base != AT_FDCWD)
    close(base);
  base = AT_FDCWD;
  if (strcmp(path, "-") == 0)
    return 0;
  int descriptor = open_path(path, O_DIRECTORY | (style == NEWEST ? O_PATH : O_RDONLY), 0);
  if (descriptor < 0)
    return -1;
  base = descriptor;
  return 0;
}

static void await(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  say(" %d", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static void start(const char *path, bool spawn) {
  char *arguments[] = {(char *)path, NULL};
  pid_t child;
  if (spawn) {
    errno = posix_spawn(&child, path, NULL, NULL, arguments, environ);
    if (judge(errno ? -1 : 0) == 0)
      await(child);
    return;
  }
  child = fork();
  if (child == 0) {
    if (base == AT_FDCWD)
      execve(path, arguments, environ);
    else
      execveat(base, path, arguments, environ, 0);
    say(" %s", strerrorname_np(errno));
    _exit(127);
  }
  await(child);
}

static void run(int from, int to);

typedef struct {
  int from, to;
} Span;

static void *run_apart(void *argument) {
  Span *span = argument;
  if (span->from % 2)
    unshare(CLONE_FS); // a working directory of its own
  run(span->from, span->to);
  return NULL;
}

static void in_thread(int from, int to) {
  pthread_t thread;
  Span span = {from, to};
  pthread_create(&thread, NULL, run_apart, &span);
  pthread_join(thread, NULL);
}

static void in_child(int from, int to) {
  pid_t child = fork();
  if (child == 0) {
    run(from, to);
    _exit((int)(last % 3));
  }
  await(child);
}

static bool holds(const char *condition) {
  if (strcmp(condition, "ok") == 0)
    return !error;
  if (strcmp(condition, "fail") == 0)
    return error;
  return last % 2 == (strcmp(condition, "odd") == 0);
}

static void act(const Op *op) {
  const char *word = op->word, *a = name(op->first), *b = name(op->second);
#define IS(text) (strcmp(word, text) == 0)
  if (IS("style")) style = (Style)atoi(a);
  else if (IS("read")) show(a, 0, false);
  else if (IS("readnf")) show(a, O_NOFOLLOW, false);
  else if (IS("take")) show(a, 0, true);
  else if (IS("stat")) describe(a, true);
  else if (IS("lstat")) describe(a, false);
  else if (IS("access")) judge(access_path(a, atoi(b)));
  else if (IS("list")) list(a);
  else if (IS("readlink")) read_link(a);
  else if (IS("write")) save(a, O_WRONLY | O_CREAT | O_TRUNC, b);
  else if (IS("append")) save(a, O_WRONLY | O_CREAT | O_APPEND, b);
  else if (IS("excl")) save(a, O_WRONLY | O_CREAT | O_EXCL, b);
  else if (IS("poke")) save(a, O_WRONLY, b);
  else if (IS("replace")) save(a, O_WRONLY | O_TRUNC, b);
  else if (IS("trunc")) judge(cut(a, atol(b)));
  else if (IS("rename")) judge(move(a, b, 0));
  else if (IS("renamefile")) judge(move_file(a, b));
  else if (IS("noreplace")) judge(move(a, b, RENAME_NOREPLACE));
  else if (IS("exchange")) judge(move(a, b, RENAME_EXCHANGE));
  else if (IS("link")) judge(link_path(a, b, false));
  else if (IS("linkf")) judge(link_path(a, b, true));
  else if (IS("symlink")) judge(make_link(a, b));
  else if (IS("unlink")) judge(unlinkat(base, a, 0));
  else if (IS("rmdir")) judge(style == OLDEST && base == AT_FDCWD ? rmdir(a) : unlinkat(base, a, AT_REMOVEDIR));
  else if (IS("mkdir")) judge(make_folder(a));
  else if (IS("chmod")) judge(change_mode(a, (mode_t)strtol(b, NULL, 8)));
  else if (IS("touch")) judge(utimensat(base, a, NULL, 0));
  else if (IS("chdir")) judge(enter(a));
  else if (IS("dirfd")) judge(set_base(a));
  else if (IS("exec")) start(a, false);
  else if (IS("spawn")) start(a, true);
  else if (IS("env")) say(" %s", getenv(a) ? getenv(a) : "(unset)");
  else if (IS("cwd")) { char path[4096]; say(" %s", getcwd(path, sizeof path) ? path : "?"); }
  else if (IS("err")) { if (write(STDERR_FILENO, a, strlen(a)) < 0) _exit(98); }
  else if (IS("exit")) _exit(atoi(a));
  else if (IS("save")) { char text[16]; snprintf(text, sizeof text, "%08x", all); save(a, O_WRONLY | O_CREAT | O_TRUNC, text); }
  else { say(" unknown operation\n"); _exit(97); }
#undef IS
}

// Operations that govern the ones after them; the rest is act()'s.
static void run(int from, int to) {
  for (int i = from; i < to; i++) {
    const Op *op = &ops[i];
    int many = atoi(op->second), end = i + 1 + many < to ? i + 1 + many : to;
    if (strcmp(op->word, "if") == 0) {
      if (!holds(op->first))
        i = end - 1;
      continue;
    }
    say("%s %s %s:", op->word, op->first, op->second);
    last = 2166136261u;
    if (strcmp(op->word, "thread") == 0 || strcmp(op->word, "fork") == 0) {
      say("\n");
      (*op->word == 't' ? in_thread : in_child)(i + 1, end);
      i = end - 1;
    } else {
      act(op);
    }
    say("\n");
  }
}

static char *unescape(char *token) {
  char *out = token;
  for (char *in = token; *in; in++) {
    unsigned byte;
    if (*in == '%' && sscanf(in + 1, "%2x", &byte) == 1) {
      *out++ = (char)byte;
      in += 2;
    } else {
      *out++ = *in;
    }
  }
  *out = 0;
  return token;
}

static void parse(char *text) {
  static char empty[1];
  char *rest;
  for (char *line = strtok_r(text, "\n", &rest); line && op_count < MAX_OPS;
       line = strtok_r(NULL, "\n", &rest)) {
    if (*line == '#')
      continue;
    char *tokens[3] = {empty, empty, empty}, *more;
    int count = 0;
    for (char *token = strtok_r(line, " ", &more); token && count < 3;
         token = strtok_r(NULL, " ", &more))
      tokens[count++] = unescape(token);
    if (count)
      ops[op_count++] = (Op){tokens[0], tokens[1], tokens[2]};
  }
}

int main(int count, char **arguments) {
  static char text[65536];
  if (count < 3)
    return 64;
  if (strcmp(arguments[1], "-f") == 0) {
    const char *depth = getenv("OPS_DEPTH");
    if (depth && strlen(depth) > 2)
      return 3; // programs that start each other end somewhere
    char deeper[8];
    snprintf(deeper, sizeof deeper, "%sx", depth ? depth : "");
    setenv("OPS_DEPTH", deeper, 1);
    int file = open(arguments[2], O_RDONLY);
    if (file < 0)
      return 66;
    text[slurp(file, text, sizeof text - 1)] = 0;
    close(file);
  } else {
    snprintf(text, sizeof text, "%s", arguments[2]);
  }
  parse(text);
  run(0, op_count);
  return 0;
}
