// Answers the sandbox's questions and remembers them (docs/design/observation.md).
#pragma once

#include "frames.h"
#include "processes.h"
#include "recording.h"
#include "resolve.h"

#include <pthread.h>

struct seccomp_notif;

// A descriptor that an inner run was given and is not known to leave alone.
typedef struct {
  int number, copy; // there, and here
  bool used;
} Inherited;

typedef struct {
  const Plan *plan;
  Resolver resolver;
  Recording recording;
  Processes processes; // of an inner run
  Frames *frames;
  int handoff; // where the listener comes from
  int listener; // -1 until it has come
  uint64_t notifications;
  Inherited *inherited; // of an inner run
  size_t inherited_count;
  bool notes_changes; // of an inner run
  bool doomed;        // of an inner run: its processes are killed as they come
  // Takes the calls of shims, in the outer run: answers them now or later.
  void (*on_shim)(void *context, const struct seccomp_notif *notice);
  void *context;
  pthread_mutex_t lock; // held while a notification is worked on
  pthread_t thread;
} Observer;

// Starts the thread that waits for the listener and then answers, while the sandbox is still being
// set up: a thread takes 0.1 ms to get going. Returns 0 or an errno.
int observer_start(Observer *observer, const Plan *plan, Frames *frames, int proc, int handoff);

// Answers an inner run's listener in the calling thread until no process of it is left. `outer`
// knows the mounts. Returns 0 or an errno.
int observer_init_inner(Observer *observer, const Observer *outer, Frames *frames);
void observer_serve(Observer *observer, int listener);

// Asks what was recorded up to now; with the lock held once the observer has started.
void observer_flush(Observer *observer);

// Ends the call of a shim; the value may be a negative errno.
void observer_answer(const Observer *observer, uint64_t id, int64_t value);

// Waits for the notification being worked on; none comes after, as every process is dead.
void observer_stop(Observer *observer);
