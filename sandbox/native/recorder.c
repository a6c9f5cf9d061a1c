// The recorder: loaded into dynamic programs before the C library, notes which names they look up and
// makes the calls through the door, where the kernel does not wait for the supervisor
// (docs/design/recorder.md). Whatever it cannot record goes the C library's way, and is notified.
#include "recorder.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Programs without a C library of this kind are left alone.
extern __typeof__(dlsym) dlsym __attribute__((weak));
extern __typeof__(malloc) malloc __attribute__((weak));
extern __typeof__(__errno_location) __errno_location __attribute__((weak));

#define EXPORTED __attribute__((visibility("default")))

// Another name of a function, whose type differs in name only.
#define ALSO(other, name) __asm__(".globl " #other "\n.set " #other ", " #name)

enum { SEEN = 64, SEEN_PATH = 112 };

// A path below a fixed prefix that was recorded before. Threads and signal handlers that meet here
// go away and record again.
typedef struct {
  _Atomic bool busy;
  uint8_t follow, length;
  char path[SEEN_PATH];
} Seen;

static Ring *ring; // NULL: everything goes the C library's way
static Seen seen[SEEN];

static long call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c)
                   : "rcx", "r11", "memory");
  return result;
}

static long call6(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

// The same at the address that the filter lets through, and the very call that the C library makes: a
// program may have shut itself off from others. Its push needs a stack without a red zone.
static long pass(long number, long a, long b, long c, long d, long e) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  long result;
  atomic_fetch_add_explicit(&ring->passed, 1, memory_order_relaxed);
  __asm__ volatile("call *%[door]"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), [door] "r"(DOOR)
                   : "rcx", "r11", "memory");
  return result;
}

static long told(long result) {
  if (result >= 0)
    return result;
  errno = (int)-result;
  return -1;
}

// The length, or RECORD_PATH if it is too long. A pointer that cannot be one is left to the kernel.
static size_t length_of(const char *path) {
  if ((uintptr_t)path < 4096)
    return RECORD_PATH;
  size_t length = 0;
  while (length < RECORD_PATH && path[length])
    length++;
  return length;
}

static bool starts_with(const char *path, const char *prefix) {
  while (*prefix)
    if (*path++ != *prefix++)
      return false;
  return true;
}

static void copy(char *to, const char *from, size_t length) {
  for (size_t i = 0; i < length; i++)
    to[i] = from[i];
}

static bool equal(const char *one, const char *other, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (one[i] != other[i])
      return false;
  return true;
}

// A path below a fixed prefix is looked up in the same places each time, unless it climbs out.
static bool is_fixed(const char *path) {
  for (const char *dots = path; *dots; dots++)
    if (dots[0] == '/' && dots[1] == '.' && dots[2] == '.')
      return false;
  for (unsigned i = 0; i < ring->prefix_count && i < FIXED_PREFIXES; i++)
    if (starts_with(path, ring->prefixes[i]))
      return true;
  return false;
}

// NULL when the path's place there is in use, or the path is not one to remember.
static Seen *seen_claim(const char *path, size_t length) {
  if (length >= SEEN_PATH || !atomic_load_explicit(&ring->repeats, memory_order_acquire) ||
      !is_fixed(path))
    return NULL;
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < length; i++)
    hash = (hash ^ (uint8_t)path[i]) * 16777619u;
  Seen *one = &seen[(hash ^ hash >> 16) % SEEN];
  return atomic_exchange_explicit(&one->busy, true, memory_order_acquire) ? NULL : one;
}

static void seen_release(Seen *one) {
  if (one)
    atomic_store_explicit(&one->busy, false, memory_order_release);
}

static bool put(const char *path, size_t length, bool follow) {
  enum { TRIES = 8 };
  uint32_t first = atomic_fetch_add_explicit(&ring->next, 1, memory_order_relaxed);
  for (uint32_t i = 0; i < TRIES; i++) {
    uint32_t place = (first + i) % RECORDS;
    uint8_t expected = RECORD_FREE;
    if (!atomic_compare_exchange_strong(&ring->states[place], &expected, RECORD_CLAIMED))
      continue;
    Record *record = &ring->records[place];
    record->follow = follow;
    record->length = (uint8_t)length;
    copy(record->path, path, length + 1);
    atomic_store_explicit(&ring->states[place], RECORD_READY, memory_order_release);
    atomic_fetch_add(&ring->published, 1);
    return true;
  }
  return false; // it is full: the call that is notified instead empties it
}

static bool is_on(void) { return ring && !atomic_load_explicit(&ring->off, memory_order_relaxed); }

static bool record_whole(const char *path, size_t length, bool follow) {
  // There a path means something else to every process.
  if (starts_with(path, "/proc") || starts_with(path, "/dev"))
    return false;
  Seen *one = seen_claim(path, length);
  bool known = one && one->length == length && one->follow == follow && equal(one->path, path, length);
  bool done = known || put(path, length, follow);
  if (one && !known && done) {
    one->follow = follow;
    one->length = (uint8_t)length;
    copy(one->path, path, length);
  }
  seen_release(one);
  return done;
}

// The working directory's length in `path`, which has RECORD_PATH bytes; 0 if that is not enough.
static size_t working_directory(char *path) {
  long size = call(SYS_getcwd, (long)path, RECORD_PATH, 0);
  if (size < 2 || path[0] != '/')
    return 0;
  return (size_t)size - 1;
}

// Whether the lookup is recorded, so that it may go through the door.
static bool record(const char *path, bool follow) {
  if (!is_on())
    return false;
  size_t length = length_of(path);
  if (!length || length >= RECORD_PATH)
    return false;
  if (path[0] == '/')
    return record_whole(path, length, follow);
  char whole[RECORD_PATH];
  size_t before = working_directory(whole);
  if (!before || before + 1 + length >= RECORD_PATH)
    return false;
  whole[before] = '/';
  copy(whole + before + 1, path, length + 1);
  return record_whole(whole, before + 1 + length, follow);
}

// False for a path relative to a directory that is open.
static bool record_at(int directory, const char *path, bool follow) {
  return (uintptr_t)path >= 4096 && (directory == AT_FDCWD || path[0] == '/') &&
         record(path, follow);
}

// What comes after this library in the search for a name: a sanitizer's version, or the C library's.
// The result is kept in a variable, as a jump to dlsym would make it search on the caller's behalf.
#define NEXT(name)                                                                                 \
  static __typeof__(&name) next;                                                                   \
  if (!next) {                                                                                     \
    void *found = dlsym(RTLD_NEXT, #name);                                                         \
    next = (__typeof__(&name))found;                                                               \
  }

EXPORTED int stat(const char *restrict path, struct stat *restrict status) {
  NEXT(stat);
  if (!record(path, true))
    return next(path, status);
  return (int)told(pass(SYS_newfstatat, AT_FDCWD, (long)path, (long)status, 0, 0));
}

EXPORTED int lstat(const char *restrict path, struct stat *restrict status) {
  NEXT(lstat);
  if (!record(path, false))
    return next(path, status);
  return (int)told(
      pass(SYS_newfstatat, AT_FDCWD, (long)path, (long)status, AT_SYMLINK_NOFOLLOW, 0));
}

// What is open is no question, but the call looks like one.
EXPORTED int fstat(int file, struct stat *status) {
  NEXT(fstat);
  if (file < 0 || !is_on())
    return next(file, status);
  return (int)told(pass(SYS_newfstatat, file, (long)"", (long)status, AT_EMPTY_PATH, 0));
}

EXPORTED int fstatat(int directory, const char *restrict path, struct stat *restrict status,
                     int flags) {
  NEXT(fstatat);
  bool plain = !(flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT));
  if (!plain || !record_at(directory, path, !(flags & AT_SYMLINK_NOFOLLOW)))
    return next(directory, path, status, flags);
  return (int)told(pass(SYS_newfstatat, directory, (long)path, (long)status, flags, 0));
}

ALSO(stat64, stat);
ALSO(lstat64, lstat);
ALSO(fstat64, fstat);
ALSO(fstatat64, fstatat);

// As programs linked before glibc 2.33 call them.
EXPORTED int __xstat(int version, const char *path, struct stat *status) {
  (void)version;
  return stat(path, status);
}

EXPORTED int __lxstat(int version, const char *path, struct stat *status) {
  (void)version;
  return lstat(path, status);
}

EXPORTED int __fxstat(int version, int file, struct stat *status) {
  (void)version;
  return fstat(file, status);
}

EXPORTED int __fxstatat(int version, int directory, const char *path, struct stat *status,
                        int flags) {
  (void)version;
  return fstatat(directory, path, status, flags);
}

ALSO(__xstat64, __xstat);
ALSO(__lxstat64, __lxstat);
ALSO(__fxstat64, __fxstat);
ALSO(__fxstatat64, __fxstatat);

EXPORTED int statx(int directory, const char *restrict path, int flags, unsigned mask,
                   struct statx *restrict status) {
  NEXT(statx);
  enum { PLAIN = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_SYNC_TYPE };
  if ((flags & ~PLAIN) || !record_at(directory, path, !(flags & AT_SYMLINK_NOFOLLOW)))
    return next(directory, path, flags, mask, status);
  return (int)told(pass(SYS_statx, directory, (long)path, flags, mask, (long)status));
}

EXPORTED int access(const char *path, int mode) {
  NEXT(access);
  if (!record(path, true))
    return next(path, mode);
  return (int)told(pass(SYS_access, (long)path, mode, 0, 0, 0));
}

EXPORTED int faccessat(int directory, const char *path, int mode, int flags) {
  NEXT(faccessat);
  if (flags || !record_at(directory, path, true))
    return next(directory, path, mode, flags);
  return (int)told(pass(SYS_faccessat, directory, (long)path, mode, 0, 0));
}

// Whether there is no link, with the reason in `error`. A link's target is bytes: it is not got here.
static bool is_no_link(const char *path, long *error) {
  if (!record(path, false))
    return false;
  char first;
  *error = pass(SYS_readlink, (long)path, (long)&first, sizeof first, 0, 0);
  return *error == -EINVAL || *error == -ENOENT || *error == -ENOTDIR;
}

EXPORTED ssize_t readlink(const char *restrict path, char *restrict target, size_t size) {
  NEXT(readlink);
  long error;
  return is_no_link(path, &error) ? told(error) : next(path, target, size);
}

EXPORTED ssize_t readlinkat(int directory, const char *restrict path, char *restrict target,
                            size_t size) {
  NEXT(readlinkat);
  long error;
  bool plain = (uintptr_t)path >= 4096 && (directory == AT_FDCWD || path[0] == '/');
  return plain && is_no_link(path, &error) ? told(error) : next(directory, path, target, size);
}

ssize_t __readlink_chk(const char *restrict path, char *restrict target, size_t size, size_t room);

EXPORTED ssize_t __readlink_chk(const char *restrict path, char *restrict target, size_t size,
                                size_t room) {
  NEXT(__readlink_chk);
  return size > room ? next(path, target, size, room) : readlink(path, target, size);
}

// Whether a file that is to be opened is not there. Only this goes through the door: what brings
// bytes is always notified, before it does. It is recorded before the program hears of it.
static bool is_absent(int directory, const char *path, int flags) {
  enum { OTHER = O_CREAT | O_PATH | O_NOFOLLOW | O_TRUNC };
  if (!is_on() || (flags & OTHER) || (uintptr_t)path < 4096 || !*path ||
      (path[0] != '/' && directory != AT_FDCWD))
    return false;
  struct stat status;
  long result = pass(SYS_newfstatat, AT_FDCWD, (long)path, (long)&status, 0, 0);
  if ((result != -ENOENT && result != -ENOTDIR) || !record(path, true))
    return false;
  errno = (int)-result;
  return true;
}

// A file's mode is meant only if a file is made. Opening is the C library's affair also because it is
// a point at which a thread may be cancelled.
EXPORTED int open(const char *path, int flags, ...) {
  typedef int Open(const char *, int, mode_t);
  static Open *next;
  if (!next) {
    void *found = dlsym(RTLD_NEXT, "open");
    next = (Open *)found;
  }
  __builtin_va_list list;
  __builtin_va_start(list, flags);
  mode_t mode = __builtin_va_arg(list, mode_t);
  __builtin_va_end(list);
  return is_absent(AT_FDCWD, path, flags) ? -1 : next(path, flags, mode);
}

EXPORTED int openat(int directory, const char *path, int flags, ...) {
  typedef int Open(int, const char *, int, mode_t);
  static Open *next;
  if (!next) {
    void *found = dlsym(RTLD_NEXT, "openat");
    next = (Open *)found;
  }
  __builtin_va_list list;
  __builtin_va_start(list, flags);
  mode_t mode = __builtin_va_arg(list, mode_t);
  __builtin_va_end(list);
  return is_absent(directory, path, flags) ? -1 : next(directory, path, flags, mode);
}

ALSO(open64, open);
ALSO(openat64, openat);

int __open_2(const char *path, int flags);

EXPORTED int __open_2(const char *path, int flags) {
  NEXT(__open_2);
  return is_absent(AT_FDCWD, path, flags) ? -1 : next(path, flags);
}

ALSO(__open64_2, __open_2);

// Files that are opened to be read.
EXPORTED void *fopen(const char *restrict path, const char *restrict mode) {
  typedef void *Open(const char *, const char *);
  static Open *next;
  if (!next) {
    void *found = dlsym(RTLD_NEXT, "fopen");
    next = (Open *)found;
  }
  return mode && mode[0] == 'r' && is_absent(AT_FDCWD, path, 0) ? NULL : next(path, mode);
}

ALSO(fopen64, fopen);

// A walk of realpath: where it has got to, without links and dots, and what is left.
typedef struct {
  char done[RECORD_PATH], left[2 * RECORD_PATH];
  size_t length;
  unsigned links;
} Walk;

typedef enum { WALK_GOES_ON, WALK_ABSENT, WALK_UNUSUAL } Step;

// What follows a name asks for it to be a directory: a slash at the end, or dots.
static bool wants_directory(const char *after) {
  if (*after != '/')
    return false;
  while (*after == '/')
    after++;
  if (*after == '.')
    after += after[1] == '.' ? 2 : 1;
  else if (*after)
    return false;
  return !*after || *after == '/';
}

static bool is_directory(const char *path) {
  struct stat status;
  return pass(SYS_newfstatat, AT_FDCWD, (long)path, (long)&status, 0, 0) == 0 &&
         S_ISDIR(status.st_mode);
}

// Puts a link's target before what is left of the path.
static Step enter_link(Walk *walk, const char *target, size_t size, const char *rest) {
  size_t more = length_of(rest);
  if (!size || size >= RECORD_PATH || more >= RECORD_PATH || ++walk->links > 20)
    return WALK_UNUSUAL;
  char joined[2 * RECORD_PATH];
  copy(joined, target, size);
  copy(joined + size, rest, more + 1);
  copy(walk->left, joined, size + more + 1);
  return WALK_GOES_ON;
}

// After a name that is no link, for which readlink gave `error`.
static Step past_name(const Walk *walk, long error, const char *rest) {
  if (error == -ENOENT)
    return WALK_ABSENT;
  bool fits = error == -EINVAL && (!wants_directory(rest) || is_directory(walk->done));
  return fits ? WALK_GOES_ON : WALK_UNUSUAL;
}

// Takes the next name, which has `size` bytes.
static Step step(Walk *walk, const char *name, size_t size) {
  if (size == 1 && name[0] == '.')
    return WALK_GOES_ON;
  if (size == 2 && name[0] == '.' && name[1] == '.') {
    while (walk->length && walk->done[--walk->length] != '/')
      ;
    return WALK_GOES_ON;
  }
  if (walk->length + 1 + size >= RECORD_PATH)
    return WALK_UNUSUAL;
  size_t before = walk->length;
  walk->done[walk->length++] = '/';
  copy(walk->done + walk->length, name, size);
  walk->length += size;
  walk->done[walk->length] = 0;
  long error;
  if (is_no_link(walk->done, &error))
    return past_name(walk, error, name + size);
  char target[RECORD_PATH];
  long got = call(SYS_readlink, (long)walk->done, (long)target, sizeof target);
  if (!is_on() || got <= 0)
    return WALK_UNUSUAL;
  walk->length = target[0] == '/' ? 0 : before;
  return enter_link(walk, target, (size_t)got, name + size);
}

// WALK_GOES_ON: it has arrived.
static Step walk_all(Walk *walk) {
  for (const char *at = walk->left;;) {
    while (*at == '/')
      at++;
    if (!*at)
      return WALK_GOES_ON;
    const char *name = at;
    while (*at && *at != '/')
      at++;
    unsigned links = walk->links;
    Step taken = step(walk, name, (size_t)(at - name));
    if (taken != WALK_GOES_ON)
      return taken;
    if (walk->links != links)
      at = walk->left;
  }
}

// False: the C library has to do it, and to find what is wrong.
static bool resolve(const char *path, char *resolved, char **result) {
  size_t length = length_of(path);
  if (!is_on() || !length || length >= RECORD_PATH)
    return false;
  Walk walk = {.length = 0};
  if (path[0] != '/') {
    walk.length = working_directory(walk.done);
    if (!walk.length)
      return false;
    if (walk.length == 1)
      walk.length = 0; // the root: each name brings its slash
  }
  copy(walk.left, path, length + 1);
  Step end = walk_all(&walk);
  if (end == WALK_UNUSUAL)
    return false;
  if (end == WALK_ABSENT) {
    if (resolved)
      copy(resolved, walk.done, walk.length + 1); // the name that is missing
    errno = ENOENT;
    *result = NULL;
    return true;
  }
  if (!walk.length)
    walk.done[walk.length++] = '/';
  walk.done[walk.length] = 0;
  *result = resolved ? resolved : malloc(walk.length + 1);
  if (*result)
    copy(*result, walk.done, walk.length + 1);
  return true;
}

EXPORTED char *realpath(const char *restrict path, char *restrict resolved) {
  NEXT(realpath);
  char *result;
  return resolve(path, resolved, &result) ? result : next(path, resolved);
}

char *__realpath_chk(const char *path, char *resolved, size_t room);

EXPORTED char *__realpath_chk(const char *path, char *resolved, size_t room) {
  NEXT(__realpath_chk);
  return room < PATH_MAX ? next(path, resolved, room) : realpath(path, resolved);
}

// Sanitizers want to see these calls themselves.
extern char __asan_init[] __attribute__((weak)), __tsan_init[] __attribute__((weak)),
    __msan_init[] __attribute__((weak)), __hwasan_init[] __attribute__((weak));

// valgrind takes this series of rotations, which does nothing, for a request: is it there?
static bool runs_on_valgrind(void) {
  unsigned long request[6] = {0x1001}, result = 0;
  __asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; rolq $51, %%rdi\n"
                   "xchgq %%rbx, %%rbx"
                   : "+d"(result)
                   : "a"(request)
                   : "cc", "memory");
  return result != 0;
}

__attribute__((constructor)) static void begin(void) {
  if (!dlsym || !malloc || !__errno_location)
    return;
  if (__asan_init || __tsan_init || __msan_init || __hwasan_init || runs_on_valgrind())
    return;
  long file = call(RECORDER_CALL, 0, 0, 0);
  if (file < 0)
    return;
  // An old kernel takes the flag for a hint, and maps it elsewhere.
  long door = call6(SYS_mmap, DOOR, DOOR_SIZE, PROT_READ | PROT_EXEC,
                    MAP_PRIVATE | MAP_FIXED_NOREPLACE, file, 0);
  long memory = call6(SYS_mmap, 0, (long)RING_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file,
                      (long)DOOR_SIZE);
  call(SYS_close, file, 0, 0);
  if (door == (long)DOOR && memory > 0)
    ring = (Ring *)memory;
}
