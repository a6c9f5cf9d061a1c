// The sandbox's process 1, and its process 2 which becomes the command.
#pragma once

#include "mounts.h"

// Where the two meet the supervisor.
typedef struct {
  const Plan *plan;
  const char *place; // the directory the root is mounted on
  int control;       // SEQPACKET: Reports go out
  int handoff;       // SEQPACKET: the listener goes out, if the plan asks for observation
  int out, err;      // writing ends of the output pipes
  int spawning;      // SEQPACKET: the zygote's, if the plan has shims
} Start;

typedef enum { REPORT_FAILED, REPORT_ENDED } ReportKind;

// One message from the sandbox to the supervisor.
typedef struct {
  ReportKind kind;
  int wait_status; // ENDED: the command's
  Failure failure; // FAILED
} Report;

// Receives one. False at the end.
bool report_receive(int control, Report *report);

// Runs as process 1 of the new PID namespace; never returns.
_Noreturn void init_main(const Start *start);
