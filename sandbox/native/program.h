// What the kernel reads when it starts a program: its header, then its interpreter.
#pragma once

#include "resolve.h"

typedef enum {
  PROGRAM_RUNS,    // or fails in a way the kernel finds out by itself
  PROGRAM_FOREIGN, // made for another word size or machine: refused, it could not be observed
  PROGRAM_UNKNOWN, // neither ELF nor #!: refused, lest the host's binfmt_misc runs it
} Program;

// Asks for the content of the program found and of every interpreter it names, up to the kernel's
// depth. `base` resolves relative interpreters.
Program program_ask(Resolver *resolver, pid_t tid, Node *base, Found found);

// Whether the address lies in the loader that the kernel started the process's program with; false if
// it has none. `proc` is the outer /proc.
bool program_loader_holds(int proc, pid_t process, uint64_t address);
