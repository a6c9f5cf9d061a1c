// The processes of an inner run, and whether each came to its end by itself. A compiler driver whose
// pass was killed exits as if it had found a mistake; the kernel knows better
// (docs/design/inner-runs.md).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { MOST_PROCESSES = 128 }; // at once; of those that have ended no more is kept than how

// With `noted` unset nothing is noted.
typedef struct {
  bool noted;
  struct {
    pid_t thread;
    int pidfd; // -1 where it is another thread of a process that is known
  } known[MOST_PROCESSES];
  size_t count;
  uint64_t seen, forks; // processes; calls that were to make one
  uint64_t killed;      // of those that have ended, by a signal
  bool lost;            // of some it is not known
} Processes;

// `thread` makes a call that is seen, and waits for its answer: true while `listener` says that the
// call `id` still waits. A process that is seen for the first time is kept an eye on.
void processes_saw(Processes *processes, pid_t thread, int listener, uint64_t id);

// A call that makes another process is about to be carried out.
void processes_fork(Processes *processes);

// All have ended but perhaps are not reaped yet. Gives how many are known to have ended by a signal;
// -1 when none is and it is not known of all: the kernel does not tell (before Linux 6.15), a process
// made no call that was seen, or there were too many.
int64_t processes_killed(Processes *processes);

void processes_free(Processes *processes);
