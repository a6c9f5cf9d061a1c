// Answers the sandbox's questions and remembers them (docs/design/observation.md).
#pragma once

#include "frames.h"
#include "resolve.h"

#include <pthread.h>

typedef struct {
  const Plan *plan;
  Resolver resolver;
  Frames *frames;
  int handoff; // where the listener comes from
  int listener; // -1 until it has come
  uint64_t notifications;
  pthread_mutex_t lock; // held while a notification is worked on
  pthread_t thread;
} Observer;

// Starts the thread that waits for the listener and then answers, while the sandbox is still being
// set up: a thread takes 0.1 ms to get going. Returns 0 or an errno.
int observer_start(Observer *observer, const Plan *plan, Frames *frames, int proc, int handoff);

// Waits for the notification being worked on; none comes after, as every process is dead.
void observer_stop(Observer *observer);
