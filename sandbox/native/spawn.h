// What a tool is to find when it starts: everything its shim had. Written by the supervisor into a
// memory file, read by the child of the zygote that becomes the tool.
#pragma once

#include "filter.h"
#include "plan.h"

#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

enum { SPAWN_BATCH = 200 }; // descriptors a message; the kernel takes 253

// A place in the text that follows.
typedef struct {
  uint32_t argc, envc;
  uint32_t cwd, path, tool, strings; // offsets from the end of the descriptors
  uint32_t umask, personality;
  int32_t nice;
  uint64_t blocked, ignored; // sets of signals, number 1 in bit 0
  struct rlimit64 limits[LIMITS];
  uint8_t affinity[128];
  uint32_t affinity_size;
  Range watched[MAX_RANGES]; // inherited descriptors whose use is a question
  uint32_t watched_count;
  uint32_t descriptor_count; // their numbers follow, ascending
  int32_t descriptors[];
} Spawn;

// What the tool's side says over the run's own socket.
typedef enum { SPAWNED = 1, SPAWN_FAILED, SPAWN_ENDED } SpawnKind;

typedef struct {
  SpawnKind kind; // SPAWNED carries the listener
  int error;      // SPAWN_FAILED: errno
  int wait_status;
  struct rusage usage; // SPAWN_ENDED
} SpawnReport;
