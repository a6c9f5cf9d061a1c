// Obeys the plan's mount operations: builds the sandbox's root and moves into it.
#pragma once

#include "plan.h"

// Why a sandbox could not be set up, in words for the user.
typedef struct {
  unsigned op; // the plan's operation; the number of operations for what comes after them
  int error;   // errno
  char message[2048];
} Failure;

// Mounts a fresh tmpfs on the directory `place`, carries out every operation in it and makes it the
// root of every process of this mount namespace. The caller is in new user, mount and PID
// namespaces, with an empty umask.
bool mounts_obey(const Plan *plan, const char *place, Failure *failure);

// Detaches the old root and makes the new one read-only. Apart from mounts_obey, because it waits
// 0.1 ms for the kernel, in which the command's process can be made ready.
bool mounts_seal(const Plan *plan, Failure *failure);

// Fills `failure` and returns false.
bool failure_set(Failure *failure, unsigned op, int error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
