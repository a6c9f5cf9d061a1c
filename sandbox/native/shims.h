// The shim program, and how it comes to stand where tools are.
#pragma once

#include "mounts.h"

// Mounts the shim over each tool of the plan, in this process's mount namespace, which must be one of
// its own. A tool that is not there is left out.
bool shims_mount(const Plan *plan, Failure *failure);
