// What goes back to Java: frames of u32 length, u8 type, payload (docs/formats/plan.md).
#pragma once

#include "paths.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The two output pipes and the connection. Two threads use it, so each call takes the lock; the
// order of frames is the order in which output was drained.
typedef struct {
  pthread_mutex_t lock;
  int connection;
  int pipes[2]; // reading ends, not blocking, of stdout and stderr; -1 once at their end
  bool broken;  // the other side is gone
} Frames;

typedef struct {
  int wait_status;
  uint64_t user_us, system_us, wall_us, max_rss_kib, notifications;
  const char *unobserved; // why; empty when everything was seen
} Ending;

void frames_init(Frames *frames, int connection, int out, int err);

// Sends what stdout (0) or stderr (1) holds now. False once the pipe is at its end.
bool frames_drain(Frames *frames, int which);

void frames_note(Frames *frames, const char *format, ...) __attribute__((format(printf, 2, 3)));

void frames_failure(Frames *frames, unsigned op, int error, const char *message);

// All questions, then the end frame.
void frames_end(Frames *frames, const Paths *paths, const Ending *ending);
