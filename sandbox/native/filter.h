// The seccomp filter: what is asked about, what is refused, what passes.
#pragma once

#include <stdbool.h>

// Installs the filter in the calling process, which must have no_new_privs. Returns the listener's
// descriptor, 0 when `observe` is false (then refusals alone are installed), or -1 with errno.
int filter_install(bool observe);
