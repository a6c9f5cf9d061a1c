// Inner runs: what the shims of a run ask, Java's answers, and the real tools that are started for
// them (docs/design/inner-runs.md). The outer observer's thread takes the shims' calls, the main
// thread Java's answers; each tool that runs has a thread that attends to it and one that observes.
#pragma once

#include "frames.h"
#include "observe.h"

#include <sys/resource.h>
#include <sys/types.h>

typedef struct Inner Inner;

typedef struct {
  pthread_mutex_t lock; // of the list and of what is marked so
  Inner *first;
  uint32_t count; // numbers given so far
  const Plan *plan;
  Frames *outer;
  Observer *observer; // of the outer run
  int proc, zygote;
  ino_t outputs[2]; // of the outer run's pipes, to know them again
  struct rlimit64 limits[LIMITS]; // what the command began with
} Inners;

void inners_init(Inners *inners, const Plan *plan, Frames *outer, Observer *observer, int proc,
                 int zygote);

// Takes a shim's call; `inners` is the Inners.
void inners_called(void *inners, const struct seccomp_notif *notice);

// Obeys a request of Java about an inner run; `kind` is its first byte. False when it is malformed.
bool inners_request(Inners *inners, uint8_t kind, int connection);

// Tells Java of shims that died before it answered. To be called now and then.
void inners_check(Inners *inners);
