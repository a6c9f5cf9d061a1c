// Stands in a tool's place inside a sandbox: asks whether the tool's run is remembered, and ends as
// the tool would (docs/design/inner-runs.md). No C library: it starts in a few pages, makes no call
// that is a question, and its size is what every remembered run pays.

#include "shim_call.h"

#include <linux/signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

enum { PIECE = 32768, NOT_RUNNABLE = 126, EINTR_ = 4, EAGAIN_ = 11, ENOSYS_ = 38 };

static char piece[PIECE];

static long call6(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

static long call4(long number, long a, long b, long c, long d) {
  return call6(number, a, b, c, d, 0, 0);
}

static size_t length_of(const char *text) {
  size_t length = 0;
  while (text[length])
    length++;
  return length;
}

_Noreturn static void leave(int code) {
  for (;;)
    call4(SYS_exit_group, code, 0, 0, 0);
}

// As the tool's own write would: blocked, broken pipe and all.
static void say(int descriptor, const char *bytes, size_t length) {
  struct {
    int descriptor;
    short events, found;
  } writable = {descriptor, 4 /* POLLOUT */, 0};
  while (length) {
    long wrote = call4(SYS_write, descriptor, (long)bytes, (long)length, 0);
    if (wrote == -EINTR_)
      continue;
    if (wrote == -EAGAIN_)
      call4(SYS_poll, (long)&writable, 1, -1, 0);
    else if (wrote < 0)
      leave(1); // a full disk; the tool would have failed too
    else {
      bytes += wrote;
      length -= (size_t)wrote;
    }
  }
}

static void complain(const char *message) { say(2, message, length_of(message)); }

static void mask(int how, uint64_t set) {
  call4(SYS_rt_sigprocmask, how, (long)&set, 0, sizeof set);
}

// Ends as the tool did, so that the parent's wait tells the same.
_Noreturn static void end_as(int status) {
  int number = status & 0x7f;
  if (!number)
    leave(status >> 8 & 0xff);
  uint64_t no_core[2] = {0, 0};
  call4(SYS_setrlimit, 4 /* RLIMIT_CORE */, (long)no_core, 0, 0);
  uint64_t action[4] = {0}; // SIG_DFL
  call4(SYS_rt_sigaction, number, (long)action, 0, sizeof(uint64_t));
  mask(SIG_UNBLOCK, 1UL << (number - 1));
  call4(SYS_kill, call4(SYS_getpid, 0, 0, 0, 0), number, 0, 0);
  leave(128 + number);
}

// The tool runs elsewhere. Its descriptors are not to be held open here: whoever reads from them
// waits for their end. Signals go to the tool, except those it got itself: process 1 hands what the
// terminal sends to everybody.
_Noreturn static void wait_for_end(void) {
  uint64_t all = ~0UL;
  mask(SIG_BLOCK, all);
  if (call4(SYS_close_range, 0, ~0U, 0, 0) != 0)
    for (int file = 0; file < 1 << 16; file++) // a container forbids it
      call4(SYS_close, file, 0, 0, 0);
  for (;;) {
    siginfo_t info;
    long number = call4(SYS_rt_sigtimedwait, (long)&all, (long)&info, 0, sizeof all);
    if (number == SHIM_ENDED && info.si_code == SI_QUEUE && info.si_pid == 0)
      end_as(info.si_int);
    if (number > 0 && !(info.si_code == SI_USER && info.si_pid == 1))
      call4(SHIM_CALL, SHIM_SIGNAL, number, 0, 0);
  }
}

static size_t take(unsigned length) {
  return (size_t)call4(SHIM_CALL, SHIM_TAKE, (long)piece, length < PIECE ? length : PIECE, 0);
}

static void replay(int descriptor, unsigned length) {
  for (size_t got; length && (got = take(length)) > 0 && got <= PIECE; length -= (unsigned)got)
    say(descriptor, piece, got);
}

_Noreturn static void obey(long answer) {
  for (;;) {
    if (answer == -ENOSYS_) {
      complain("bric: this program stands for a tool in one of bric's sandboxes; it does nothing "
               "outside\n");
      leave(NOT_RUNNABLE);
    }
    unsigned argument = (unsigned)answer;
    switch (answer >> 32) {
    case SHIM_EXIT:
      leave((int)argument);
    case SHIM_OUT:
      replay(1, argument);
      break;
    case SHIM_ERR:
      replay(2, argument);
      break;
    case SHIM_WAIT:
      wait_for_end();
    case SHIM_FAIL:
      replay(2, argument);
      leave(NOT_RUNNABLE);
    default:
      complain("bric: the sandbox gave no answer about this tool\n");
      leave(NOT_RUNNABLE);
    }
    answer = call4(SHIM_CALL, SHIM_TAKE, 0, 0, 0); // what comes after that output
  }
}

// The kernel lays the strings of argv and of the environment out in one piece, in order.
_Noreturn __attribute__((used)) void shim_main(long *stack) {
  long argc = stack[0];
  char **argv = (char **)(stack + 1), **envp = argv + argc + 1, *last = argv[argc - 1];
  long envc = 0, execfn = 0;
  for (; envp[envc]; envc++)
    last = envp[envc];
  for (long *auxiliary = (long *)(envp + envc + 1); auxiliary[0]; auxiliary += 2)
    if (auxiliary[0] == 31 /* AT_EXECFN */)
      execfn = auxiliary[1];
  long length = last + length_of(last) + 1 - argv[0];
  mask(SIG_BLOCK, 1UL << (SHIM_ENDED - 1)); // before it can come
  long umask = call4(SYS_umask, 0, 0, 0, 0), personality = call4(SYS_personality, -1U, 0, 0, 0);
  obey(call6(SHIM_CALL, SHIM_ASK, (long)argv[0], length, argc | envc << 32,
             umask | personality << 32, execfn));
}

__asm__(".globl _start\n"
        "_start:\n"
        "  xor %ebp, %ebp\n"
        "  mov %rsp, %rdi\n"
        "  and $-16, %rsp\n"
        "  call shim_main\n");
