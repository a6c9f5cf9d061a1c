// One run: its supervisor reads the plan, starts the sandbox, answers and reports.
#pragma once

#include "mounts.h"

typedef struct {
  int connection;        // to Java
  int proc;              // the outer /proc
  const char *place;     // the directory for the sandbox's root
  const Failure *failed; // NULL if namespaces_prepare succeeded
} Run;

// Serves the connection's run in this process, which is in prepared namespaces; never returns.
_Noreturn void run_main(const Run *run);
