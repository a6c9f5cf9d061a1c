// The supervisor's side of the recorder: gives it to programs as they start, and takes what it
// recorded (docs/design/recorder.md).
#pragma once

#include "recorder.h"
#include "resolve.h"

#include <sys/types.h>

// How far ld.so has come in a process: it looks for the list, opens it, opens what the list names.
typedef enum { LOADING_NOT, LOADING_BEGUN, LOADING_LIST, LOADING_LIBRARY } Loading;

enum { LOADERS = 64 };

typedef struct {
  int listener;
  Ring *ring;    // NULL until a process has asked for it
  int memory;    // its descriptor, if there is a ring
  uint32_t seen; // how many records had been published when it was last emptied
  struct {
    pid_t process;
    uint8_t loading;
  } loaders[LOADERS]; // by the process's number; newer ones push older ones out
} Recording;

// Makes what is given to programs, once for all runs. Without it no program is given anything.
void recording_prepare(void);

// The process is about to become another program, whose ld.so may be given the recorder.
void recording_expect(Recording *recording, pid_t process);

// Answers a call that looks for or opens `path`, where nothing was found, if it is ld.so asking what
// to load: `opens` is whether it opens. False when the call is not for this to answer.
// `proc` is the outer /proc.
bool recording_offer(Recording *recording, int proc, uint64_t id, pid_t process, const char *path,
                     bool opens);

// Answers RECORDER_CALL with a descriptor. False when there is none to be had.
bool recording_give(Recording *recording, const Resolver *resolver, uint64_t id);

// Asks what was recorded since the last time. To be called before anything else is asked, so that
// what a process recorded before a call is asked before it.
void recording_drain(Recording *recording, Resolver *resolver);

// Nothing is recorded any more: the door is about to be closed.
void recording_stop(Recording *recording);

// Calls that went through the door.
uint64_t recording_passed(const Recording *recording);

void recording_free(Recording *recording);
