// Directories whose path is longer than the kernel can tell (PATH_MAX). Configure scripts make them
// to test getcwd; nothing else does.
#pragma once

#include "resolve.h"

// Walks `path` from what thread `tid` has at `link` of its outer /proc ("42/cwd", "42/fd/3"), which
// is too deep to have a node. What the run itself made there needs no question; where that cannot
// be shown, the resolver has lost something.
Found deep_walk(Resolver *resolver, pid_t tid, const char *link, const char *path, bool follow);

// The same for a walk that gets too deep at `path`, a relative one, below `node`.
void deep_leave(Resolver *resolver, const Node *node, const char *path);
