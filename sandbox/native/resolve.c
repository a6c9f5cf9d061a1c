#include "resolve.h"

#include "deep.h"
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_LINKS = 40 }; // as the kernel's MAXSYMLINKS

static const Found NOWHERE = {NULL, TYPE_UNKNOWN};

void resolver_lose(Resolver *resolver, const char *format, ...) {
  if (resolver->lost[0])
    return;
  va_list list;
  va_start(list, format);
  vsnprintf(resolver->lost, sizeof resolver->lost, format, list);
  va_end(list);
}

static bool starts_with_path(const char *path, const char *prefix) {
  size_t length = strlen(prefix);
  while (length && prefix[length - 1] == '/')
    length--;
  return strncmp(path, prefix, length) == 0 && (path[length] == '/' || !path[length]);
}

// A read-only mount whose source is also mounted writable elsewhere can change under the run.
static bool has_writable_alias(const Plan *plan, const Op *bind) {
  const char *source = bind->arguments[0].bytes;
  for (size_t i = 0; i < plan->op_count; i++) {
    if (plan->ops[i].code != OP_BIND_WRITE)
      continue;
    const char *other = plan->ops[i].arguments[0].bytes;
    if (starts_with_path(source, other) || starts_with_path(other, source))
      return true;
  }
  return false;
}

static bool is_below(const Node *node, const Node *root) {
  for (; node; node = node->parent)
    if (node == root)
      return true;
  return false;
}

// Gives the node and what is already known below it (a few names of the plan) their place.
static bool apply(Resolver *resolver, const Place *place) {
  Paths *paths = &resolver->paths;
  Node *root = paths_at(paths, place->path);
  if (!root)
    return false;
  for (Node *node = paths->first_made; node; node = node->next_made)
    if (is_below(node, root))
      node->place = (node->place & ~place->mask) | place->bits;
  return true;
}

static bool place(Resolver *resolver, const char *path, uint8_t bits, uint8_t mask) {
  size_t size = (resolver->place_count + 1) * sizeof *resolver->places;
  Place *grown = realloc(resolver->places, size);
  if (!grown)
    return false;
  resolver->places = grown;
  Place *added = &grown[resolver->place_count++];
  *added = (Place){paths_copy(&resolver->paths, path), bits, mask};
  return added->path && apply(resolver, added);
}

enum { PLACE_MOUNT = PLACE_WRITABLE | PLACE_HOST | PLACE_PROC };

// Where a mount operation puts something, NULL if it mounts nothing, and what place that is.
static const char *mounted_at(const Plan *plan, const Op *op, uint8_t *bits) {
  switch (op->code) {
  case OP_WRITABLE:
    *bits = PLACE_WRITABLE;
    return op->arguments[0].bytes;
  case OP_BIND_WRITE:
    *bits = PLACE_WRITABLE | PLACE_HOST;
    return op->arguments[1].bytes;
  case OP_BIND_READ:
    *bits = has_writable_alias(plan, op) ? PLACE_WRITABLE : 0;
    return op->arguments[1].bytes;
  case OP_OVERLAY:
    *bits = PLACE_WRITABLE;
    return op->arguments[3].bytes;
  case OP_PROC:
    *bits = PLACE_PROC;
    return op->arguments[0].bytes;
  default:
    return NULL;
  }
}

bool resolver_init(Resolver *resolver, const Plan *plan, int proc) {
  *resolver = (Resolver){.proc = proc};
  if (!paths_init(&resolver->paths))
    return false;
  for (size_t i = 0; i < plan->watched_count; i++)
    if (!place(resolver, plan->watched[i], PLACE_WATCHED, PLACE_WATCHED))
      return false;
  for (size_t i = 0; i < plan->op_count; i++) {
    uint8_t bits;
    const char *path = mounted_at(plan, &plan->ops[i], &bits);
    if (path && !place(resolver, path, bits, PLACE_MOUNT))
      return false;
  }
  return true;
}

bool resolver_init_like(Resolver *resolver, const Resolver *other) {
  *resolver = (Resolver){.proc = other->proc, .places = other->places,
                         .place_count = other->place_count};
  if (!paths_init(&resolver->paths))
    return false;
  for (size_t i = 0; i < other->place_count; i++)
    if (!apply(resolver, &other->places[i]))
      return false;
  return true;
}

void resolver_free(Resolver *resolver) { paths_free(&resolver->paths); }

static bool leads_through_a_link(const char *path) {
  struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS};
  int file = (int)syscall(__NR_openat2, AT_FDCWD, path, &how, sizeof how);
  if (file >= 0)
    close(file);
  return file < 0;
}

void resolver_settle(Resolver *resolver, const Plan *plan) {
  for (size_t i = 0; i < plan->op_count; i++) {
    uint8_t bits;
    const char *path = mounted_at(plan, &plan->ops[i], &bits);
    char physical[PATH_MAX];
    // Read-only ones need no mark: what surrounds them is then at most taken for less fixed.
    if (!path || !bits || !leads_through_a_link(path))
      continue;
    if (!realpath(path, physical) || !place(resolver, physical, bits, PLACE_MOUNT))
      resolver_lose(resolver, "cannot tell where the mount at %.200s is", path);
  }
}

static Type type_of(mode_t mode) {
  if (S_ISREG(mode))
    return TYPE_FILE;
  if (S_ISDIR(mode))
    return TYPE_DIRECTORY;
  return S_ISLNK(mode) ? TYPE_LINK : TYPE_OTHER;
}

static Type look_fresh(Resolver *resolver, const char *path) {
  struct stat status;
  if (fstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) == 0)
    return type_of(status.st_mode);
  if (errno == ENAMETOOLONG || errno == ENOMEM || errno == EIO)
    resolver_lose(resolver, "cannot look at %.200s: %s", path, strerror(errno));
  return TYPE_ABSENT;
}

static void read_target(Resolver *resolver, Node *node, const char *path) {
  ssize_t length = readlink(path, resolver->target, sizeof resolver->target - 1);
  resolver->target[length < 0 ? 0 : length] = 0;
  if (node->kept)
    node->target = paths_copy(&resolver->paths, resolver->target);
}

Type resolver_look(Resolver *resolver, Node *node) {
  if (node->kept) {
    if (node->type == TYPE_LINK && node->target)
      strcpy(resolver->target, node->target);
    return node->type;
  }
  char path[PATH_MAX];
  paths_write(node, path);
  node->type = look_fresh(resolver, path);
  node->kept = resolver_fixed(node);
  if (node->type == TYPE_LINK)
    read_target(resolver, node, path);
  return node->type;
}

// The kernel appends " (deleted)" to a name that is gone; a name may also really end so.
static void strip_deleted(char *path, int directory, const char *link) {
  static const char SUFFIX[] = " (deleted)";
  size_t length = strlen(path), suffix = sizeof SUFFIX - 1;
  if (length <= suffix || strcmp(path + length - suffix, SUFFIX) != 0)
    return;
  struct stat named, linked;
  if (lstat(path, &named) == 0 && fstatat(directory, link, &linked, 0) == 0 &&
      named.st_ino == linked.st_ino && named.st_dev == linked.st_dev)
    return;
  path[length - suffix] = 0;
}

Node *resolver_linked(Resolver *resolver, int directory, const char *link) {
  char path[PATH_MAX + 1];
  ssize_t length = readlinkat(directory, link, path, sizeof path - 1);
  if (length < 0) {
    // What this process, with every capability in the sandbox, may not follow, the caller may not
    // either (process 1's links); but the caller's own are always ours to read.
    bool own = directory != AT_FDCWD;
    if (errno != ENOENT && errno != ESRCH && errno != ENAMETOOLONG && (own || errno != EACCES))
      resolver_lose(resolver, "cannot tell where /proc/%s leads: %s", link, strerror(errno));
    return NULL;
  }
  path[length] = 0;
  errno = 0;
  if (path[0] != '/' || strncmp(path, "/memfd:", 7) == 0)
    return NULL;
  strip_deleted(path, directory, link);
  Node *node = paths_at(&resolver->paths, path);
  if (!node)
    resolver_lose(resolver, "no memory for the path %.200s", path);
  return node;
}

void resolver_link(char *link, size_t size, pid_t tid, int dirfd) {
  if (dirfd == AT_FDCWD)
    snprintf(link, size, "%d/cwd", tid);
  else
    snprintf(link, size, "%d/fd/%d", tid, dirfd);
}

Node *resolver_base(Resolver *resolver, pid_t tid, int dirfd) {
  char link[64];
  resolver_link(link, sizeof link, tid, dirfd);
  return resolver_linked(resolver, resolver->proc, link);
}

// The last number after `label` in the outer status: the one valid in the innermost namespace.
static int inner_number(Resolver *resolver, pid_t tid, const char *label) {
  char name[32], text[4096];
  snprintf(name, sizeof name, "%d/status", tid);
  int file = openat(resolver->proc, name, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return -1;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  text[length < 0 ? 0 : length] = 0;
  char *line = strstr(text, label);
  if (!line)
    return -1;
  line++; // the label's line break
  line[strcspn(line, "\n")] = 0;
  char *last = strrchr(line, '\t');
  return last ? atoi(last + 1) : -1;
}

static bool is_proc_root(const Node *node) {
  return (node->place & PLACE_PROC) && !(node->parent && (node->parent->place & PLACE_PROC));
}

// /proc/self is a different directory for every caller: name it by number.
static void name_self(Resolver *resolver, pid_t tid, const char **name, size_t *length,
                      char *buffer, size_t size) {
  bool self = *length == 4 && memcmp(*name, "self", 4) == 0;
  bool thread = *length == 11 && memcmp(*name, "thread-self", 11) == 0;
  if (!self && !thread)
    return;
  int group = inner_number(resolver, tid, "\nNStgid:");
  if (self)
    snprintf(buffer, size, "%d", group);
  else
    snprintf(buffer, size, "%d/task/%d", group, inner_number(resolver, tid, "\nNSpid:"));
  *name = buffer;
  *length = strlen(buffer);
}

static bool is_magic(const Node *link) {
  if (!(link->place & PLACE_PROC))
    return false;
  while (!is_proc_root(link->parent))
    link = link->parent;
  return link->name[0] >= '0' && link->name[0] <= '9';
}

static bool splice_target(Resolver *resolver, const char *after) {
  char joined[2 * PATH_MAX];
  size_t length = strlen(resolver->target), more = strlen(after);
  if (length + more + 2 > sizeof joined)
    return false;
  memcpy(joined, resolver->target, length);
  if (more)
    joined[length++] = '/';
  memcpy(joined + length, after, more + 1);
  strcpy(resolver->rest, joined);
  return true;
}

// `name` is followed by the rest of the path that is being walked.
static Node *child(Resolver *resolver, pid_t tid, Node *node, const char *name, size_t length) {
  char self[64];
  const char *rest = name;
  if (is_proc_root(node) && !tid) // the recorder leaves plain paths there alone
    resolver_lose(resolver, "a recorded path leads into /proc");
  else if (is_proc_root(node))
    name_self(resolver, tid, &name, &length, self, sizeof self);
  Node *next = paths_child(&resolver->paths, node, name, length);
  if (!next && node->path_length + 1 + length >= PATH_MAX)
    deep_leave(resolver, node, rest);
  else if (!next)
    resolver_lose(resolver, "no memory for the path .../%.200s", name);
  return next;
}

Found resolver_walk(Resolver *resolver, pid_t tid, Node *base, Node *scope, const char *path,
                    bool follow) {
  if (!*path || strlen(path) >= PATH_MAX)
    return NOWHERE; // ENOENT or ENAMETOOLONG, whatever the files are
  strcpy(resolver->rest, path);
  Node *node = *path == '/' ? scope : base;
  if (!node)
    return NOWHERE;
  const char *rest = resolver->rest;
  Type type = TYPE_DIRECTORY;
  for (int links = 0;;) {
    rest += strspn(rest, "/");
    size_t length = strcspn(rest, "/");
    if (!length)
      return (Found){node, resolver_look(resolver, node)};
    const char *name = rest;
    rest += length;
    if (length == 1 && name[0] == '.')
      continue;
    if (length == 2 && name[0] == '.' && name[1] == '.') {
      if (node != scope && node->parent)
        node = node->parent;
      continue;
    }
    Node *next = child(resolver, tid, node, name, length);
    if (!next)
      return NOWHERE;
    type = resolver_look(resolver, next);
    resolver->strayed |= !resolver_fixed(next);
    paths_ask(&resolver->paths, next, ASK_STAT);
    if (type == TYPE_LINK && (*rest || follow)) {
      if (++links > MAX_LINKS)
        return (Found){next, type};
      if (is_magic(next)) {
        char link[PATH_MAX];
        paths_write(next, link);
        node = resolver_linked(resolver, AT_FDCWD, link);
        if (!node)
          return NOWHERE;
        continue;
      }
      if (resolver->target[0] == '/')
        node = scope;
      char after[2 * PATH_MAX];
      strcpy(after, rest);
      if (!splice_target(resolver, after))
        return NOWHERE;
      rest = resolver->rest;
      continue;
    }
    node = next;
    if (type != TYPE_DIRECTORY) {
      // Absent, or not a directory: the kernel stops here too, wherever the path would go on to.
      bool more = rest[strspn(rest, "/")];
      return more ? (Found){NULL, type} : (Found){node, type};
    }
  }
}
