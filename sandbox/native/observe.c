#include "observe.h"

#include "deep.h"
#include "handoff.h"
#include "kernel.h"
#include "program.h"
#include "shim_call.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

// How a call looks at its path.
typedef enum {
  HOW_NONE,
  HOW_STAT,      // of what the path leads to
  HOW_ACCESS,    // the same; ld.so begins with it
  HOW_STAT_LINK, // of the very name, not of what a link there leads to
  HOW_STAT_FLAG, // by AT_SYMLINK_NOFOLLOW in the flags
  HOW_CONTENT,
  HOW_CHANGE,      // changes what is not content: the overlay then copies the content up
  HOW_CHANGE_LINK, // the same, of the very name
  HOW_CHANGE_FLAG, // the same, by the flags
  HOW_OPEN,
  HOW_OPEN2,
  HOW_CREATE,
  HOW_MAKE,      // a new name
  HOW_CHANGE_FD, // as HOW_CHANGE, of what is open
  HOW_REMOVE,
  HOW_EXECUTE,
  HOW_LIST,
  HOW_MOVE, // from the first path to the second
  HOW_LINK, // the same, and the flags may say to follow
  HOW_OUTPUT,
  HOW_CONNECT,
  HOW_BIND,
  HOW_SEND,
  HOW_MAP,    // at an address where the recorder's door may be
  HOW_FILTER, // of system calls, which may leave the recorder none
  HOW_FORK,
} How;

enum { ANSWERED = -1 }; // in place of an errno: nothing is left to reply

// Which arguments of a call mean what; -1 for "has none" (a directory: the working directory).
typedef struct {
  uint8_t how;
  int8_t directory, path, flags;
  int8_t second_directory, second_path;
} Rule;

#define PATH_ONLY(how) {how, -1, 0, -1, -1, -1}
#define AT(how) {how, 0, 1, -1, -1, -1}
#define AT_FLAGS(how, flags) {how, 0, 1, flags, -1, -1}

static const Rule RULES[FIRST_UNKNOWN_SYSCALL] = {
    [__NR_open] = {HOW_OPEN, -1, 0, 1, -1, -1},
    [__NR_openat] = AT_FLAGS(HOW_OPEN, 2),
    [__NR_openat2] = AT_FLAGS(HOW_OPEN2, 2),
    [__NR_creat] = PATH_ONLY(HOW_CREATE),
    [__NR_execve] = PATH_ONLY(HOW_EXECUTE),
    [__NR_execveat] = AT_FLAGS(HOW_EXECUTE, 4),
    [__NR_getdents] = AT(HOW_LIST),
    [__NR_getdents64] = AT(HOW_LIST),
    [__NR_truncate] = PATH_ONLY(HOW_CONTENT),
    [__NR_rename] = {HOW_MOVE, -1, 0, -1, -1, 1},
    [__NR_renameat] = {HOW_MOVE, 0, 1, -1, 2, 3},
    [__NR_renameat2] = {HOW_MOVE, 0, 1, -1, 2, 3},
    [__NR_link] = {HOW_LINK, -1, 0, -1, -1, 1},
    [__NR_linkat] = {HOW_LINK, 0, 1, 4, 2, 3},
    [__NR_stat] = PATH_ONLY(HOW_STAT),
    [__NR_access] = PATH_ONLY(HOW_ACCESS),
    [__NR_chdir] = PATH_ONLY(HOW_STAT),
    [__NR_statfs] = PATH_ONLY(HOW_STAT),
    [__NR_chmod] = PATH_ONLY(HOW_CHANGE),
    [__NR_chown] = PATH_ONLY(HOW_CHANGE),
    [__NR_utime] = PATH_ONLY(HOW_CHANGE),
    [__NR_utimes] = PATH_ONLY(HOW_CHANGE),
    [__NR_getxattr] = PATH_ONLY(HOW_STAT),
    [__NR_setxattr] = PATH_ONLY(HOW_CHANGE),
    [__NR_listxattr] = PATH_ONLY(HOW_STAT),
    [__NR_removexattr] = PATH_ONLY(HOW_CHANGE),
    [__NR_lstat] = PATH_ONLY(HOW_STAT_LINK),
    [__NR_readlink] = PATH_ONLY(HOW_STAT_LINK),
    [__NR_lchown] = PATH_ONLY(HOW_CHANGE_LINK),
    [__NR_lgetxattr] = PATH_ONLY(HOW_STAT_LINK),
    [__NR_lsetxattr] = PATH_ONLY(HOW_CHANGE_LINK),
    [__NR_llistxattr] = PATH_ONLY(HOW_STAT_LINK),
    [__NR_lremovexattr] = PATH_ONLY(HOW_CHANGE_LINK),
    [__NR_mkdir] = PATH_ONLY(HOW_MAKE),
    [__NR_rmdir] = PATH_ONLY(HOW_REMOVE),
    [__NR_unlink] = PATH_ONLY(HOW_REMOVE),
    [__NR_mknod] = PATH_ONLY(HOW_MAKE),
    [__NR_symlink] = {HOW_MAKE, -1, 1, -1, -1, -1},
    [__NR_symlinkat] = {HOW_MAKE, 1, 2, -1, -1, -1},
    [__NR_mkdirat] = AT(HOW_MAKE),
    [__NR_mknodat] = AT(HOW_MAKE),
    [__NR_unlinkat] = AT(HOW_REMOVE),
    [__NR_readlinkat] = AT(HOW_STAT_LINK),
    [__NR_inotify_add_watch] = {HOW_STAT, -1, 1, -1, -1, -1},
    [__NR_faccessat] = AT(HOW_STAT),
    [__NR_fchmod] = {HOW_CHANGE_FD, 0, -1, -1, -1, -1},
    [__NR_fchmodat] = AT(HOW_CHANGE),
    [__NR_futimesat] = AT(HOW_CHANGE),
    [__NR_newfstatat] = AT_FLAGS(HOW_STAT_FLAG, 3),
    [__NR_statx] = AT_FLAGS(HOW_STAT_FLAG, 2),
    [__NR_faccessat2] = AT_FLAGS(HOW_STAT_FLAG, 3),
    [__NR_fchmodat2] = AT_FLAGS(HOW_CHANGE_FLAG, 3),
    [__NR_fchownat] = AT_FLAGS(HOW_CHANGE_FLAG, 4),
    [__NR_utimensat] = AT_FLAGS(HOW_CHANGE_FLAG, 3),
    [__NR_write] = {HOW_OUTPUT, 0, -1, -1, -1, -1},
    [__NR_writev] = {HOW_OUTPUT, 0, -1, -1, -1, -1},
    [__NR_sendfile] = {HOW_OUTPUT, 0, -1, -1, -1, -1},
    [__NR_splice] = {HOW_OUTPUT, 2, -1, -1, -1, -1},
    [__NR_connect] = {HOW_CONNECT, -1, 1, 2, -1, -1},
    [__NR_bind] = {HOW_BIND, -1, 1, 2, -1, -1},
    [__NR_sendto] = {HOW_SEND, -1, 4, 5, -1, -1},
    [__NR_clone] = {HOW_FORK, -1, -1, -1, -1, -1},
    [__NR_fork] = {HOW_FORK, -1, -1, -1, -1, -1},
    [__NR_vfork] = {HOW_FORK, -1, -1, -1, -1, -1},
    [__NR_mmap] = {HOW_MAP, -1, -1, 3, -1, -1},
    [__NR_munmap] = {HOW_MAP, -1, -1, -1, -1, -1},
    [__NR_mprotect] = {HOW_MAP, -1, -1, -1, -1, -1},
    [__NR_mremap] = {HOW_MAP, -1, -1, -1, -1, -1},
    [__NR_seccomp] = {HOW_FILTER, -1, -1, -1, -1, -1},
    [__NR_prctl] = {HOW_FILTER, -1, -1, -1, -1, -1},
};

// One question being answered.
typedef struct {
  Observer *observer;
  const struct seccomp_notif *notice;
  const Rule *rule;
} Call;

static pid_t caller(const Call *call) { return (pid_t)call->notice->pid; }

static uint64_t value(const Call *call, int argument) {
  return argument < 0 ? 0 : call->notice->data.args[argument];
}

static bool still_asked(const Call *call) {
  uint64_t id = call->notice->id;
  return ioctl(call->observer->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

// Copies up to `size` bytes of the caller's memory, never beyond a page that may be missing.
static ssize_t copy(const Call *call, uint64_t address, void *buffer, size_t size) {
  size_t page_left = 4096 - (address & 4095), done = 0;
  while (done < size) {
    size_t want = size - done < page_left ? size - done : page_left;
    struct iovec to = {(char *)buffer + done, want}, from = {(void *)(address + done), want};
    ssize_t length = process_vm_readv(caller(call), &to, 1, &from, 1, 0);
    if (length <= 0) {
      if (!done && errno != EFAULT && errno != ESRCH)
        resolver_lose(&call->observer->resolver, "cannot read the memory of a process: %s",
                      strerror(errno));
      break;
    }
    done += (size_t)length;
    page_left = 4096;
  }
  return done ? (ssize_t)done : -1;
}

// Reads the string at `address` into `path` (PATH_MAX bytes). False when the call is bound to fail
// (EFAULT, ENAMETOOLONG) or has gone away: then nothing is asked.
static bool read_path(const Call *call, uint64_t address, char *path) {
  enum { FIRST = 256 }; // most paths fit: copying is cheaper by the page
  if (!address)
    return false;
  ssize_t length = copy(call, address, path, FIRST);
  if (length == FIRST && !memchr(path, 0, FIRST)) {
    ssize_t more = copy(call, address + FIRST, path + FIRST, PATH_MAX - FIRST);
    length += more < 0 ? 0 : more;
  }
  if (length <= 0 || !memchr(path, 0, (size_t)length))
    return false;
  return still_asked(call);
}

static Found walk(const Call *call, int directory, const char *path, bool follow) {
  Resolver *resolver = &call->observer->resolver;
  Node *root = resolver->paths.root;
  if (*path == '/')
    return resolver_walk(resolver, caller(call), root, root, path, follow);
  char link[64];
  resolver_link(link, sizeof link, caller(call),
                directory < 0 ? AT_FDCWD : (int)value(call, directory));
  Node *base = resolver_linked(resolver, resolver->proc, link);
  if (!base && errno == ENAMETOOLONG)
    return deep_walk(resolver, caller(call), link, path, follow);
  return resolver_walk(resolver, caller(call), base, root, path, follow);
}

static void ask(const Call *call, Found found, Ask ask) {
  if (found.node)
    paths_ask(&call->observer->resolver.paths, found.node, ask);
}

static void ask_content(const Call *call, Found found) {
  if (found.type == TYPE_FILE)
    ask(call, found, ASK_CONTENT);
}

static void note_change(const Call *call, Found found) {
  if (call->observer->notes_changes && found.node)
    paths_change(&call->observer->resolver.paths, found.node);
}

static Inherited *inherited(const Observer *observer, int number) {
  for (size_t i = 0; i < observer->inherited_count; i++)
    if (observer->inherited[i].number == number)
      return &observer->inherited[i];
  return NULL;
}

// The number may long since be another file's in that process.
static void note_use(const Call *call, int number) {
  Inherited *found = inherited(call->observer, number);
  if (!found || found->used)
    return;
  long other = syscall(__NR_kcmp, getpid(), caller(call), KCMP_FILE, found->copy, number);
  found->used = other <= 0; // in doubt, it was used
}

// A call without a path that fails whatever it is given: Rust's library finds out so, with descriptor
// 0, whether the kernel has statx.
static bool is_trial(const Call *call) {
  return call->rule->how == HOW_STAT_FLAG && !value(call, call->rule->path) &&
         !(value(call, call->rule->flags) & AT_EMPTY_PATH);
}

static void note_uses(const Call *call) {
  int number = call->notice->data.nr;
  bool of_none = call->rule->how == HOW_FORK || call->rule->how == HOW_FILTER;
  if (of_none || is_trial(call))
    return;
  note_use(call, (int)value(call, number == __NR_mmap ? 4 : 0));
  if (number == __NR_sendfile || number == __NR_tee)
    note_use(call, (int)value(call, 1));
  if (number == __NR_splice || number == __NR_copy_file_range)
    note_use(call, (int)value(call, 2));
}

// A link such as /proc/42/fd/0 to what has no name.
static void note_magic(const Call *call) {
  for (size_t i = 0; i < call->observer->inherited_count; i++)
    call->observer->inherited[i].used = true;
}

// What descriptor `argument` is open on.
static Found opened(const Call *call, int argument) {
  Resolver *resolver = &call->observer->resolver;
  char link[64];
  resolver_link(link, sizeof link, caller(call), (int)value(call, argument));
  Node *node = resolver_linked(resolver, resolver->proc, link);
  if (!node && errno == ENAMETOOLONG)
    return deep_walk(resolver, caller(call), link, "", false);
  return node ? (Found){node, resolver_look(resolver, node)} : (Found){NULL, TYPE_UNKNOWN};
}

static void on_stat(const Call *call, bool follow) {
  char path[PATH_MAX];
  // An empty path asks about an open descriptor: what it is was asked when it was opened.
  if (read_path(call, value(call, call->rule->path), path) && *path)
    walk(call, call->rule->directory, path, follow);
}

// ld.so finds the recorder where there is nothing. Returns ANSWERED if the call was ld.so's.
static int offer(const Call *call, Found found, const char *path, bool opens) {
  Recording *recording = &call->observer->recording;
  bool answered = found.type == TYPE_ABSENT &&
                  recording_offer(recording, call->observer->resolver.proc, call->notice->id,
                                  caller(call), path, opens);
  return answered ? ANSWERED : 0;
}

static int on_access(const Call *call) {
  char path[PATH_MAX];
  if (!read_path(call, value(call, call->rule->path), path) || !*path)
    return 0;
  Found found = walk(call, call->rule->directory, path, true);
  // A program that failed to become another one may look for ld.so's list itself.
  bool loads = strcmp(path, PRELOAD_LIST) == 0 &&
               program_loader_holds(call->observer->resolver.proc, caller(call),
                                    call->notice->data.instruction_pointer);
  return loads ? offer(call, found, path, false) : 0;
}

static void on_map(const Call *call) {
  uint64_t start = value(call, 0), length = value(call, 1);
  bool elsewhere = start >= DOOR + DOOR_SIZE || length <= DOOR - start;
  bool hint = call->notice->data.nr == __NR_mmap && !(value(call, 3) & MAP_FIXED);
  if (!elsewhere && !hint)
    recording_stop(&call->observer->recording);
}

static void on_change_open(const Call *call) {
  Found found = opened(call, call->rule->directory);
  ask_content(call, found);
  note_change(call, found);
}

// The bytes of what is changed end up among the run's outputs, so they are part of the question.
static void on_change(const Call *call, bool follow) {
  char path[PATH_MAX];
  if (!read_path(call, value(call, call->rule->path), path))
    return;
  if (*path) {
    Found found = walk(call, call->rule->directory, path, follow);
    ask_content(call, found);
    note_change(call, found);
  } else if (call->rule->flags >= 0 && (value(call, call->rule->flags) & AT_EMPTY_PATH))
    on_change_open(call);
}

// What is there already is refused and stays: `mkdir -p` and the JVM try so with all of a path.
static void on_make(const Call *call, bool follow) {
  char path[PATH_MAX];
  if (!read_path(call, value(call, call->rule->path), path) || !*path)
    return;
  Found found = walk(call, call->rule->directory, path, follow);
  if (found.type == TYPE_ABSENT || found.type == TYPE_UNKNOWN)
    note_change(call, found);
}

static Found open_with(const Call *call, const char *path, uint64_t flags, Node *scope) {
  Resolver *resolver = &call->observer->resolver;
  bool exclusive = (flags & O_CREAT) && (flags & O_EXCL);
  bool follow = !(flags & O_NOFOLLOW) && !exclusive;
  Found found;
  if (scope)
    found = resolver_walk(resolver, caller(call), scope, scope, path, follow);
  else
    found = walk(call, call->rule->directory, path, follow);
  if (!(flags & (O_PATH | O_TRUNC | O_DIRECTORY)) && !exclusive)
    ask_content(call, found);
  bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC);
  bool makes = (flags & O_CREAT) && found.type == TYPE_ABSENT;
  if (!(flags & O_PATH) && (writes || makes) && found.type != TYPE_DIRECTORY)
    note_change(call, found);
  if (!found.node && found.type == TYPE_UNKNOWN)
    note_magic(call);
  return found;
}

static int on_open(const Call *call) {
  char path[PATH_MAX];
  if (!read_path(call, value(call, call->rule->path), path))
    return 0;
  Found found = open_with(call, path, value(call, call->rule->flags), NULL);
  return offer(call, found, path, true);
}

static void on_open2(const Call *call) {
  char path[PATH_MAX];
  struct open_how how = {0};
  if (copy(call, value(call, 2), &how, sizeof how) != sizeof how ||
      !read_path(call, value(call, 1), path))
    return;
  // BENEATH, NO_SYMLINKS, NO_XDEV and NO_MAGICLINKS only stop a walk early: asking what a longer
  // one would see is more than needed, never less. IN_ROOT moves the root.
  Node *scope = NULL;
  if (how.resolve & RESOLVE_IN_ROOT) {
    Resolver *resolver = &call->observer->resolver;
    scope = resolver_base(resolver, caller(call), (int)value(call, 0));
    if (!scope && errno == ENAMETOOLONG)
      resolver_lose(resolver, "a root for openat2 is too deep to follow");
    if (!scope)
      return;
  }
  open_with(call, path, how.flags, scope);
}

static bool is_to_record(const Call *call, const Node *program) {
  if (!program || !program->loads)
    return false;
  switch (call->observer->plan->recorder) {
  case RECORDER_OFF: return false;
  case RECORDER_ON: return program->large;
  case RECORDER_HALF: return caller(call) & 1;
  case RECORDER_ALL: return true;
  }
  return false;
}

// 0 or the errno that refuses the program.
static int on_execute(const Call *call) {
  char path[PATH_MAX];
  Resolver *resolver = &call->observer->resolver;
  if (!read_path(call, value(call, call->rule->path), path))
    return 0;
  uint64_t flags = value(call, call->rule->flags);
  bool follow = !(call->rule->flags >= 0 && (flags & AT_SYMLINK_NOFOLLOW));
  Found found = !*path && (flags & AT_EMPTY_PATH) && call->rule->flags >= 0
                    ? opened(call, call->rule->directory)
                    : walk(call, call->rule->directory, path, follow);
  Node *base = resolver_base(resolver, caller(call), AT_FDCWD);
  Program program = program_ask(resolver, caller(call), base, found);
  if (program == PROGRAM_RUNS) {
    if (is_to_record(call, found.node))
      recording_expect(&call->observer->recording, caller(call));
    return 0;
  }
  if (program == PROGRAM_FOREIGN)
    frames_note(call->observer->frames, "refused: 32-bit program %s", path);
  return ENOEXEC;
}

static void ask_names(const Call *call, Found found) {
  if (found.type == TYPE_DIRECTORY)
    ask(call, found, ASK_LIST);
}

static void on_list(const Call *call) { ask_names(call, opened(call, 0)); }

// A directory can be removed, or moved onto, only if it is empty.
static void on_remove(const Call *call) {
  char path[PATH_MAX];
  if (!read_path(call, value(call, call->rule->path), path))
    return;
  Found found = walk(call, call->rule->directory, path, false);
  ask_names(call, found);
  note_change(call, found);
}

// A directory takes all below it to a new name. On an overlay only what the run made can move so
// (EXDEV otherwise), but the host's own directories can.
static void ask_moved(const Call *call, Found source) {
  ask_content(call, source);
  const uint8_t place = PLACE_HOST | PLACE_WATCHED;
  if (source.type == TYPE_DIRECTORY && source.node && (source.node->place & place) == place)
    resolver_lose(&call->observer->resolver, "a directory of a writable mount was moved: .../%s",
                  source.node->name);
}

static void on_move(const Call *call) {
  char path[PATH_MAX];
  const Rule *rule = call->rule;
  if (!read_path(call, value(call, rule->path), path))
    return;
  uint64_t flags = rule->flags < 0 ? 0 : value(call, rule->flags);
  Found source = !*path && (flags & AT_EMPTY_PATH)
                     ? opened(call, rule->directory)
                     : walk(call, rule->directory, path, flags & AT_SYMLINK_FOLLOW);
  ask_moved(call, source);
  if (!read_path(call, value(call, rule->second_path), path))
    return;
  Found target = walk(call, rule->second_directory, path, false);
  ask_names(call, target);
  note_change(call, target);
  if (rule->how == HOW_MOVE)
    note_change(call, source);
  if (call->notice->data.nr == __NR_renameat2 && (value(call, 4) & RENAME_EXCHANGE))
    ask_moved(call, target);
}

static void on_output(const Call *call) {
  // Both, whatever the descriptor's number: a shell obeys `echo >&2` by writing to descriptor 1.
  frames_drain(call->observer->frames, 0);
  frames_drain(call->observer->frames, 1);
}

static bool is_loopback(const struct in6_addr *address) {
  return IN6_IS_ADDR_LOOPBACK(address) ||
         (IN6_IS_ADDR_V4MAPPED(address) && address->s6_addr[12] == 127);
}

// The note is about the run as a whole; of an inner one it is also the reason not to remember it.
static void note_network(const Call *call, const char *format, const char *host, int port) {
  char where[INET6_ADDRSTRLEN + 16];
  snprintf(where, sizeof where, format, host, port);
  frames_note(call->observer->frames, "network: %s", where);
  if (call->observer->notes_changes)
    resolver_lose(&call->observer->resolver, "network: %s", where);
}

static void note_address(const Call *call, const struct sockaddr_storage *where) {
  char text[INET6_ADDRSTRLEN];
  if (where->ss_family == AF_INET) {
    const struct sockaddr_in *in = (const void *)where;
    if ((ntohl(in->sin_addr.s_addr) >> 24) == 127)
      return;
    inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
    note_network(call, "%s:%d", text, ntohs(in->sin_port));
  } else if (where->ss_family == AF_INET6) {
    const struct sockaddr_in6 *in = (const void *)where;
    if (is_loopback(&in->sin6_addr))
      return;
    inet_ntop(AF_INET6, &in->sin6_addr, text, sizeof text);
    frames_note(call->observer->frames, "network: [%s]:%d", text, ntohs(in->sin6_port));
  }
}

// A socket in a place that the run cannot write to was bound by the host. The kernel would connect
// to it, read-only mount or not. (A caller that swaps the address after this look gets through:
// this keeps honest tools from depending on a host's service, it is no wall.)
static int connect_path(const Call *call, const char *path) {
  Found found = walk(call, -1, path, call->rule->how != HOW_BIND);
  if (call->rule->how == HOW_BIND)
    note_change(call, found);
  if (call->rule->how == HOW_BIND || found.type != TYPE_OTHER || !found.node ||
      !resolver_fixed(found.node))
    return 0;
  frames_note(call->observer->frames, "refused: host socket %s", path);
  return ECONNREFUSED;
}

static int on_socket(const Call *call) {
  struct sockaddr_storage where = {0};
  uint64_t length = value(call, call->rule->flags);
  if (length > sizeof where - 1)
    length = sizeof where - 1; // the last byte stays NUL
  if (length < sizeof where.ss_family ||
      copy(call, value(call, call->rule->path), &where, length) != (ssize_t)length ||
      !still_asked(call))
    return 0;
  if (where.ss_family == AF_UNIX) {
    const struct sockaddr_un *un = (const void *)&where;
    return un->sun_path[0] ? connect_path(call, un->sun_path) : 0;
  }
  if (call->rule->how != HOW_BIND)
    note_address(call, &where);
  return 0;
}

// Asks what the call asks; returns 0 to let it go on, the errno that refuses it, or ANSWERED.
static int consider(const Call *call) {
  const Rule *rule = call->rule;
  switch ((How)rule->how) {
  case HOW_STAT:
    on_stat(call, true);
    return 0;
  case HOW_ACCESS:
    return on_access(call);
  case HOW_STAT_LINK:
    on_stat(call, false);
    return 0;
  case HOW_STAT_FLAG:
    on_stat(call, !(value(call, rule->flags) & AT_SYMLINK_NOFOLLOW));
    return 0;
  case HOW_CONTENT:
  case HOW_CHANGE:
    on_change(call, true);
    return 0;
  case HOW_CHANGE_LINK:
    on_change(call, false);
    return 0;
  case HOW_CHANGE_FLAG:
    on_change(call, !(value(call, rule->flags) & AT_SYMLINK_NOFOLLOW));
    return 0;
  case HOW_OPEN:
    return on_open(call);
  case HOW_OPEN2:
    on_open2(call);
    return 0;
  case HOW_CREATE: // as open with O_CREAT and O_TRUNC
    on_make(call, true);
    return 0;
  case HOW_MAKE:
    on_make(call, false);
    return 0;
  case HOW_CHANGE_FD:
    on_change_open(call);
    return 0;
  case HOW_EXECUTE:
    return on_execute(call);
  case HOW_LIST:
    on_list(call);
    return 0;
  case HOW_REMOVE:
    on_remove(call);
    return 0;
  case HOW_MOVE:
  case HOW_LINK:
    on_move(call);
    return 0;
  case HOW_OUTPUT:
    on_output(call);
    return 0;
  case HOW_CONNECT:
  case HOW_BIND:
  case HOW_SEND:
    return on_socket(call);
  case HOW_MAP:
    on_map(call);
    return 0;
  case HOW_FILTER:
    recording_stop(&call->observer->recording);
    return 0;
  case HOW_FORK:
    processes_fork(&call->observer->processes);
    return 0;
  case HOW_NONE:
    break;
  }
  return 0;
}

// Takes a call that no kernel has; returns as consider does.
static int consider_own(Observer *observer, const struct seccomp_notif *notice) {
  if (notice->data.nr == SHIM_CALL && observer->on_shim) {
    observer->on_shim(observer->context, notice);
    return ANSWERED;
  }
  bool given = notice->data.nr == RECORDER_CALL &&
               recording_give(&observer->recording, &observer->resolver, notice->id);
  return given ? ANSWERED : ENOSYS;
}

static void reply(Observer *observer, uint64_t id, int error) {
  struct seccomp_notif_resp response = {.id = id, .error = -error};
  if (!error)
    response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  // ENOENT: the caller was killed meanwhile.
  ioctl(observer->listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

// No process is left that could ask.
static bool is_over(const Observer *observer) {
  struct pollfd listener = {.fd = observer->listener};
  return poll(&listener, 1, 0) == 1 && (listener.revents & POLLHUP);
}

// The union has room beyond our headers' struct, should the kernel's have grown.
typedef union {
  struct seccomp_notif notice;
  char room[512];
} Received;

// False once no process can ask any more.
static bool receive(const Observer *observer, Received *received) {
  for (;;) {
    memset(&received->notice, 0, sizeof received->notice); // the kernel insists
    if (ioctl(observer->listener, SECCOMP_IOCTL_NOTIF_RECV, received) == 0)
      return true;
    if (errno != EINTR && (errno != ENOENT || is_over(observer)))
      return false;
  }
}

static void answer(Observer *observer, const struct seccomp_notif *notice) {
  pthread_mutex_lock(&observer->lock);
  observer->notifications++;
  if (observer->doomed)
    kill((pid_t)notice->pid, SIGKILL);
  int number = notice->data.nr, error = 0;
  recording_drain(&observer->recording, &observer->resolver);
  processes_saw(&observer->processes, (pid_t)notice->pid, observer->listener, notice->id);
  if (number < 0 || number >= FIRST_UNKNOWN_SYSCALL) {
    error = consider_own(observer, notice);
  } else {
    Call call = {observer, notice, &RULES[number]};
    error = consider(&call);
    if (observer->inherited_count)
      note_uses(&call);
  }
  if (error != ANSWERED)
    reply(observer, notice->id, error);
  pthread_mutex_unlock(&observer->lock);
}

// The mounts are in place, and the command's first call waits for an answer.
static void begin(Observer *observer) {
  pthread_mutex_lock(&observer->lock);
  Resolver *resolver = &observer->resolver;
  resolver_settle(resolver, observer->plan);
  Node *root = resolver->paths.root;
  resolver_walk(resolver, 0, root, root, observer->plan->cwd, true);
  pthread_mutex_unlock(&observer->lock);
  ioctl(observer->listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
}

static void answer_until_end(Observer *observer) {
  Received received;
  while (receive(observer, &received))
    answer(observer, &received.notice);
}

void observer_flush(Observer *observer) {
  recording_drain(&observer->recording, &observer->resolver);
}

void observer_answer(const Observer *observer, uint64_t id, int64_t value) {
  struct seccomp_notif_resp response = {.id = id, .val = value < 0 ? 0 : value,
                                        .error = value < 0 ? (int32_t)value : 0};
  ioctl(observer->listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

int observer_init_inner(Observer *observer, const Observer *outer, Frames *frames) {
  *observer = (Observer){.plan = outer->plan, .frames = frames, .listener = -1,
                         .notes_changes = true, .processes.noted = true};
  pthread_mutex_init(&observer->lock, NULL);
  return resolver_init_like(&observer->resolver, &outer->resolver) ? 0 : ENOMEM;
}

void observer_serve(Observer *observer, int listener) {
  observer->listener = observer->recording.listener = listener;
  ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
  answer_until_end(observer);
}

static void *answer_all(void *argument) {
  Observer *observer = argument;
  observer->listener = handoff_receive(observer->handoff);
  observer->recording.listener = observer->listener;
  if (observer->listener < 0)
    return NULL; // the command was never started; the main thread hears why
  begin(observer);
  answer_until_end(observer);
  return NULL;
}

int observer_start(Observer *observer, const Plan *plan, Frames *frames, int proc, int handoff) {
  observer->plan = plan;
  observer->frames = frames;
  observer->handoff = handoff;
  observer->listener = -1;
  pthread_mutex_init(&observer->lock, NULL);
  if (!resolver_init(&observer->resolver, plan, proc))
    return ENOMEM;
  return pthread_create(&observer->thread, NULL, answer_all, observer);
}

void observer_stop(Observer *observer) {
  pthread_mutex_lock(&observer->lock); // never released: the process ends soon
}
