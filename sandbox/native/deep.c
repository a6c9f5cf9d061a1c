#include "deep.h"

#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_CLIMB = 100000 };

static const Found NOWHERE = {NULL, TYPE_UNKNOWN};

// Whether nothing at or below the node is an answer of the initial view that anybody asks for.
static bool is_the_runs_own(const Node *node) {
  if (!(node->place & PLACE_WATCHED))
    return true;
  for (; node; node = node->parent)
    if ((node->place & PLACE_WRITABLE) && (node->asked & ASK_STAT) && !(node->existed & ASK_STAT))
      return true;
  return false;
}

static int parent_of(int directory) {
  int parent = openat(directory, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
  close(directory);
  return parent;
}

static Node *node_of(Resolver *resolver, int directory) {
  char link[32];
  snprintf(link, sizeof link, "self/fd/%d", directory);
  return resolver_linked(resolver, resolver->proc, link);
}

// The deepest directory above that has a node. Closes `directory`.
static Node *ancestor(Resolver *resolver, int directory) {
  for (int steps = 0; directory >= 0 && steps < MAX_CLIMB; steps++) {
    Node *node = node_of(resolver, directory);
    if (node) {
      close(directory);
      return node;
    }
    directory = parent_of(directory);
  }
  return NULL;
}

// Looks whether the path stays below and meets no link, so that it finds only what `node`'s tree
// holds, and whether that is all the run's own.
static void check(Resolver *resolver, const Node *node, int directory, const char *path) {
  struct open_how how = {.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
                         .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH};
  int file = *path ? (int)syscall(__NR_openat2, directory, path, &how, sizeof how) : -1;
  bool strays = *path && file < 0 && (errno == ELOOP || errno == EXDEV || errno == EAGAIN);
  if (file >= 0) {
    char target[2];
    strays = readlinkat(file, "", target, sizeof target) >= 0; // a link as the last name
    close(file);
  }
  if (strays || !node || !is_the_runs_own(node))
    resolver_lose(resolver, "a path is too long to follow: .../%.200s", path);
}

void deep_leave(Resolver *resolver, const Node *node, const char *path) {
  char name[PATH_MAX];
  paths_write(node, name);
  int directory = open(name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (directory < 0) {
    resolver_lose(resolver, "a path is too long to follow: .../%.200s", path);
    return;
  }
  check(resolver, node, directory, path);
  close(directory);
}

// Names above were asked for on the way down, so `..` needs no question.
static const char *climb(int *directory, const char *path) {
  for (;;) {
    path += strspn(path, "/");
    size_t length = strcspn(path, "/");
    if (length == 1 && path[0] == '.') {
      path++;
    } else if (length == 2 && path[0] == '.' && path[1] == '.') {
      *directory = parent_of(*directory);
      path += 2;
    } else {
      return path;
    }
  }
}

Found deep_walk(Resolver *resolver, pid_t tid, const char *link, const char *path, bool follow) {
  int directory = openat(resolver->proc, link, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0)
    return NOWHERE; // not a directory, or the caller is gone
  path = climb(&directory, path);
  if (directory < 0)
    return NOWHERE;
  Node *node = node_of(resolver, directory);
  if (node) {
    close(directory);
    return resolver_walk(resolver, tid, node, resolver->paths.root, *path ? path : ".", follow);
  }
  int start = dup(directory);
  node = ancestor(resolver, directory);
  check(resolver, node, start, path);
  close(start);
  return NOWHERE;
}
