// Path resolution as the kernel does it, asking a question at every step.
//
// The supervisor shares the sandbox's mounts and root, so a look of its own sees what the caller
// would see. Paths come out physical: no links, no dots.
#pragma once

#include "paths.h"
#include "plan.h"

#include <limits.h>
#include <sys/types.h>

// What the plan says of everything at and below a path, applied in order.
typedef struct {
  char *path;
  uint8_t bits, mask;
} Place;

typedef struct {
  Paths paths;
  Place *places;
  size_t place_count;
  int proc;                // the outer /proc: names every process by the number we know it by
  char target[PATH_MAX];   // of the link last looked at, where it is not kept
  char rest[2 * PATH_MAX]; // what is left to walk
  bool strayed;            // the last walk came where the run can change things
  char lost[512];          // why the questions are incomplete; empty when they are complete
} Resolver;

typedef struct {
  Node *node; // NULL: the path leads to nothing that has a name (a pipe, a memory file)
  Type type;
} Found;

// Before the mounts are made. False when there is no memory.
bool resolver_init(Resolver *resolver, const Plan *plan, int proc);

// For another run in the same mounts: knows its places, has asked nothing.
bool resolver_init_like(Resolver *resolver, const Resolver *other);

// Of one made by resolver_init_like.
void resolver_free(Resolver *resolver);

// After the mounts are made: notes where those landed whose paths lead through links.
void resolver_settle(Resolver *resolver, const Plan *plan);

// Notes why some question may have been missed. The first reason stays.
void resolver_lose(Resolver *resolver, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// The link of the outer /proc to where thread `tid` starts a relative path: its working directory
// for AT_FDCWD, else what the descriptor is open on.
void resolver_link(char *link, size_t size, pid_t tid, int dirfd);

// Where that leads. NULL when it has no name.
Node *resolver_base(Resolver *resolver, pid_t tid, int dirfd);

// The same for any link of the outer /proc, such as "42/fd/3". errno is ENAMETOOLONG if it leads to
// a directory too deep to have a path (see deep.h), else of no meaning.
Node *resolver_linked(Resolver *resolver, int directory, const char *link);

// Walks `path` from `base` for thread `tid`. `scope` is the root that `..` and absolute links
// cannot leave. With `follow`, a link at the end is followed too.
Found resolver_walk(Resolver *resolver, pid_t tid, Node *base, Node *scope, const char *path,
                    bool follow);

// Looks at the node again unless its last look is kept.
Type resolver_look(Resolver *resolver, Node *node);

// Whether a name is looked up in a directory that the run cannot change.
static inline bool resolver_fixed(const Node *node) {
  return !(node->place & (PLACE_WRITABLE | PLACE_PROC));
}
