// The seccomp filter: what is asked about, what is refused, what passes.
#pragma once

#include <stdbool.h>

// Works the filters out ahead, so that processes forked later share them.
void filter_prepare(void);

// Installs the filter in the calling process, which must have no_new_privs. Returns the listener's
// descriptor, 0 when `observe` is false (then refusals alone are installed), or -1 with errno.
int filter_install(bool observe);
