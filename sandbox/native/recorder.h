// What the recorder, a library inside the observed programs, and the supervisor share
// (docs/design/recorder.md).
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// Where ld.so looks, and what it is then told to load. Neither is a file: the supervisor answers the
// calls by which ld.so looks. The second must hold "libasan.so": AddressSanitizer refuses to run
// below any other library that comes before it.
#define PRELOAD_LIST "/etc/ld.so.preload"
#define RECORDER_PATH "/dev/bric/before-libasan.so"

// A call that no kernel has asks the supervisor for the memory of the run: a descriptor, or an errno.
#define RECORDER_CALL 0x2726964

// The system call at this address may look names up unnoticed: DOOR is mapped from the start of the
// run's memory. Below every program's usual place, above what 16-bit emulators take; sanitizers
// leave this range to the program.
#define DOOR 0x180000UL
#define DOOR_SIZE 4096UL
#define DOOR_CODE {0x0f, 0x05, 0xc3} // syscall; ret
#define DOOR_AFTER_CALL (DOOR + 2)   // what the kernel takes for the address of the call

enum {
  RECORDS = 128,
  RECORD_PATH = 252, // bytes, with the NUL; longer paths are not recorded
  FIXED_PREFIXES = 16,
  FIXED_PREFIX = 62,
};

// A lookup of an absolute path.
typedef struct {
  uint8_t follow; // a link at the end too
  uint8_t length; // of the path, without the NUL
  char path[RECORD_PATH];
} Record;

typedef enum { RECORD_FREE, RECORD_CLAIMED, RECORD_READY } RecordState;

// The memory of one run, after the door's page. Who claims a record's place by compare-and-swap
// fills it, then marks it ready; the supervisor takes it and frees the place. The order of places
// says nothing.
typedef struct {
  _Atomic uint32_t next;      // a place to try first
  _Atomic uint32_t published; // how many records were ever marked ready
  _Atomic uint64_t passed;    // calls that went through the door
  _Atomic bool off;           // by the supervisor: nothing is recorded any more
  _Atomic bool repeats;       // what lies below a fixed prefix need be recorded once only
  uint8_t prefix_count;
  char prefixes[FIXED_PREFIXES][FIXED_PREFIX]; // places that stay as they are, ending in a slash
  _Atomic uint8_t states[RECORDS];
  Record records[RECORDS];
} Ring;

#define RING_SIZE ((sizeof(Ring) + 4095UL) & ~4095UL)
