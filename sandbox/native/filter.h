// The seccomp filter: what is asked about, what is refused, what passes.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Descriptors by number, both ends included.
typedef struct {
  uint32_t first, last;
} Range;

enum { MAX_RANGES = 8 }; // each is in the filter dozens of times

// Works the filters out ahead, so that processes forked later share them.
void filter_prepare(void);

// Installs the filter in the calling process, which must have no_new_privs. Returns the listener's
// descriptor, 0 when `observe` is false (then refusals alone are installed), or -1 with errno.
int filter_install(bool observe);

// The same for an inner run; the uses of the inherited descriptors are questions too. Returns the
// listener or -1 with errno.
int filter_install_inner(const Range *inherited, size_t count);
