// The sandbox's process 1, and its process 2 which becomes the command.
#pragma once

#include "mounts.h"

// Where the two meet the supervisor.
typedef struct {
  const Plan *plan;
  const char *place; // the directory the root is mounted on
  int control;       // SEQPACKET: Reports go out, one with the listener attached
  int out, err;      // writing ends of the output pipes
} Start;

typedef enum { REPORT_FAILED, REPORT_STARTED, REPORT_ENDED } ReportKind;

// One message from the sandbox to the supervisor. STARTED carries the listener's descriptor unless
// the plan asks for no observation.
typedef struct {
  ReportKind kind;
  int wait_status; // ENDED: the command's
  Failure failure; // FAILED
} Report;

// Reports: sends the bytes that its kind needs.
void report_send(int control, const Report *report, int descriptor);

// Receives one; `descriptor` is -1 if none came. False at the end.
bool report_receive(int control, Report *report, int *descriptor);

// Runs as process 1 of the new PID namespace; never returns.
_Noreturn void init_main(const Start *start);
