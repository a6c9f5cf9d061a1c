// How a shim speaks to the supervisor: by a system call that no kernel has. The run's seccomp filter
// turns it into a notification, so a shim needs no socket, no path and no descriptor.
#pragma once

#define SHIM_CALL 0x2726963 // far above any kernel's numbers; without the x32 bit

// First argument of the call, and what follows it.
#define SHIM_ASK 1    // strings, their length, argc | envc << 32, umask | personality << 32, execfn
#define SHIM_TAKE 2   // buffer, its size: the next piece of remembered output
#define SHIM_SIGNAL 3 // number: came to the shim, is for the tool

// The answer: what to do in the high half, its argument in the low one. Below zero is an errno.
#define SHIM_EXIT 1L  // with this code
#define SHIM_OUT 2L   // take this many bytes and write them to descriptor 1
#define SHIM_ERR 3L   // the same to 2
#define SHIM_WAIT 4L  // the tool runs: wait for SHIM_ENDED
#define SHIM_FAIL 5L  // take this many bytes of a message, say it, exit with 126
#define SHIM_ANSWER(what, argument) ((what) << 32 | (long)(unsigned)(argument))

#define SHIM_ENDED 64 // the signal that carries the tool's wait status; SIGRTMAX
