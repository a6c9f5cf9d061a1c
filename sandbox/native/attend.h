// One inner run: the thread that starts the real tool, passes its output on, and ends its shim.
#pragma once

#include "inner.h"

#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { MAX_HARMLESS = 64 };

typedef enum { INNER_ASKED, INNER_REPLAYING, INNER_RUNNING, INNER_DONE } InnerState;

// What a descriptor is open on, in the wire's numbers.
typedef enum {
  KIND_CLOSED, KIND_NULL, KIND_FILE, KIND_PIPE, KIND_TERMINAL, KIND_SOCKET, KIND_OTHER,
} Kind;

struct Inner {
  Inner *next; // the list's lock
  Inners *inners;
  uint32_t number;
  pid_t shim;
  uint64_t question; // the notification that waits for Java's answer
  InnerState state;
  // What was asked.
  char tool[PATH_MAX], called[PATH_MAX], cwd[PATH_MAX];
  char *strings;
  size_t strings_length;
  uint32_t argc, envc, umask, personality;
  Kind kinds[3];
  struct rlimit64 limits[LIMITS];
  // Remembered output on its way to the shim.
  char *answer;
  size_t answer_length, answer_at, piece_left;
  int exit_code;
  bool failed; // the output is an error of ours
  // Standard input that Java has read.
  char *input;
  size_t input_length;
  bool reading, input_known, input_whole;
  // The tool that runs.
  int harmless[MAX_HARMLESS];
  size_t harmless_count;
  int tool_pidfd; // the list's lock; 0 for none
  pthread_mutex_t lock;
  pthread_cond_t changed;
  bool released; // Java has taken what it wants of the run
};

// Starts the tool in a thread that sees the inner run to its end.
void attend(Inner *inner);

// Reads the shim's standard input in a thread and sends it to Java.
void attend_input(Inner *inner, uint64_t most);

// With the list's lock held.
void inner_signal(Inner *inner, int number);

// Answers the shim with output and an exit code. Do not touch the inner run after this.
void inner_replay(Inner *inner, char *answer, size_t length, int exit_code);

// Forgets the inner run.
void inner_drop(Inner *inner);

Kind inner_kind(const struct stat *status);
