// What goes back to Java: frames of u32 length, u8 type, payload (docs/formats/plan.md).
#pragma once

#include "paths.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

// The connection. Many threads send, each whole frames.
typedef struct {
  pthread_mutex_t lock;
  int connection;
  bool broken; // the other side is gone
} Wire;

// The two output pipes of a run. Two threads drain them, so each call takes the lock; the order of
// frames is the order in which output was drained.
typedef struct Frames Frames;
struct Frames {
  pthread_mutex_t lock;
  Wire *wire;
  int pipes[2]; // reading ends, not blocking, of stdout and stderr; -1 once at their end
  char *buffer; // under the lock
  // Of an inner run only: where output goes on to, so that it arrives where it would have without us.
  uint32_t run;    // its number; 0 for the outer run
  int copies[2];   // descriptors to write to, -1 for none
  int passing[2];  // or the outer run's own stream, 0 or 1, -1 for none
  Frames *outer;
  bool torn; // some output did not arrive
};

typedef struct {
  int wait_status;
  uint64_t user_us, system_us, wall_us, max_rss_kib, notifications, recorded;
  const char *unobserved; // why; empty when everything was seen
  bool left_behind;       // of an inner run: processes of it go on
  bool torn;              // of an inner run: some output found no reader
  int64_t killed;         // of an inner run: processes that a signal ended; -1 for not known
  const int *used;        // of an inner run: numbers of inherited descriptors it used
  size_t used_count;
} Ending;

void wire_init(Wire *wire, int connection);

void frames_init(Frames *frames, Wire *wire, int out, int err);

// Sends what stdout (0) or stderr (1) holds now. False once the pipe is at its end.
bool frames_drain(Frames *frames, int which);

void frames_note(Frames *frames, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Sends a frame that was put together elsewhere; `payload` is what follows the type.
void frames_send(Wire *wire, char type, const struct iovec *payload, int count);

void frames_failure(Frames *frames, unsigned op, int error, const char *message);

// All questions, for an inner run the changes, then the end frame.
void frames_end(Frames *frames, const Paths *paths, const Ending *ending);
