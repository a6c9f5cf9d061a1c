// New namespaces for one run, and the single user mapped into them.
#pragma once

#include "mounts.h"

#include <stdbool.h>

// Enters new user, network, IPC and UTS namespaces, maps this process's user and group to USUAL_ID
// and brings the loopback up. Takes most of a run's set-up time, and knows nothing of the plan: done
// ahead.
bool namespaces_prepare(Failure *failure);

// Sets the plan's host name, maps to its ids if they are unusual, and enters a mount namespace: made
// last, so that it holds what the host has mounted by now.
bool namespaces_finish(const Plan *plan, Failure *failure);
