// Answers the sandbox's questions and remembers them (docs/design/observation.md).
#pragma once

#include "frames.h"
#include "resolve.h"

#include <pthread.h>

typedef struct {
  Resolver resolver;
  Frames *frames;
  int listener;
  uint64_t notifications;
  pthread_mutex_t lock; // held while a notification is worked on
  pthread_t thread;
} Observer;

// Starts the thread that answers. Call after resolver_init. Returns 0 or an errno.
int observer_start(Observer *observer, Frames *frames, int listener);

// Waits for the notification being worked on; none comes after, as every process is dead.
void observer_stop(Observer *observer);
