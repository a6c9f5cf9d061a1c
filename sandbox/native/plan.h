// A plan: what the sandbox holds and what runs in it, as Java decided it (docs/formats/plan.md).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { USUAL_ID = 1000 }; // of user and group inside, where a plan says nothing

enum { LIMITS = 16 }; // that the kernel has

enum { MAX_OP_ARGUMENTS = 4, MAX_LIMITS = 16, MAX_WATCHED = 256, MAX_SHIMS = 1024 };

// Which programs are given the recorder.
typedef enum { RECORDER_OFF, RECORDER_ON, RECORDER_HALF, RECORDER_ALL } Recorder;

typedef enum {
  OP_DIR = 1,        // path mode
  OP_WRITABLE = 2,   // path mode: a directory of the root tmpfs that stays writable
  OP_BIND_READ = 3,  // source path
  OP_BIND_WRITE = 4, // source path
  OP_FILE = 5,       // path content mode
  OP_SYMLINK = 6,    // target path
  OP_OVERLAY = 7,    // lowers(NUL separated) upper work path
  OP_PROC = 8,       // path
  OP_HOSTNAME = 32,  // name
  OP_IDS = 33,       // uid gid
  OP_CWD = 34,       // path
  OP_ARG = 35,       // string
  OP_ENV = 36,       // NAME=VALUE
  OP_UMASK = 37,     // octal
  OP_LIMIT = 38,     // resource soft hard, decimal or "-" for none
  OP_WATCH = 39,     // path
  OP_OBSERVE = 40,   // 0 or 1
  OP_ROOT_SIZE = 41, // bytes the root tmpfs may hold
  OP_RECORD = 43,    // a Recorder
  OP_SHIM = 42,      // path of a tool whose runs are asked about one by one
  OP_RUN = 127,      // the end
} Opcode;

// A string of the plan; always followed by a NUL that its length does not count.
typedef struct {
  const char *bytes;
  size_t length;
} Text;

// One mount operation, in the plan's order; `index` counts all operations, for error messages.
typedef struct {
  Opcode code;
  unsigned index;
  Text arguments[MAX_OP_ARGUMENTS];
} Op;

typedef struct {
  int resource;
  uint64_t soft, hard;
} Limit;

typedef struct {
  Op *ops;
  size_t op_count;
  char **argv; // NULL-terminated, at least one
  char **envp; // NULL-terminated
  const char *hostname, *cwd;
  uid_t uid;
  gid_t gid;
  mode_t umask;
  Limit limits[MAX_LIMITS];
  size_t limit_count;
  const char *watched[MAX_WATCHED];
  size_t watched_count;
  const char *shims[MAX_SHIMS];
  size_t shim_count;
  bool observe;
  Recorder recorder;
  uint64_t root_size; // 0: the kernel's default, half of the memory
} Plan;

// Reads the `length` bytes of an encoded plan. The result lives as long as the process. On a
// malformed plan returns false with the reason in `error`.
bool plan_parse(const uint8_t *bytes, size_t length, Plan *plan, char *error, size_t error_size);
