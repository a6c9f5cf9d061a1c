/* An act: a command that the daemon has this process run, because it is done for its effect on the
 * user's machine, and needs what only the user's own process has: terminal, rights, environment. */
#include "client.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CANNOT_RUN = 126 };

/* What is left of an ACT's payload. */
struct rest {
  const unsigned char *at;
  size_t length;
};

_Noreturn static void fail_malformed(void) {
  client_fail(CLIENT_INTERNAL, "the daemon sent an order that is malformed; this is a fault of "
              "Bricolage: please report it");
}

static uint32_t take_u32(struct rest *rest) {
  if (rest->length < 4) fail_malformed();
  uint32_t value = client_u32(rest->at);
  rest->at += 4;
  rest->length -= 4;
  return value;
}

static char *take_string(struct rest *rest) {
  uint32_t length = take_u32(rest);
  if (rest->length < length) fail_malformed();
  char *string = strndup((const char *)rest->at, length);
  if (string == NULL) client_fail(CLIENT_INTERNAL, "out of memory for an order");
  rest->at += length;
  rest->length -= length;
  return string;
}

/* Handlers are gone with exec; what was ignored when this process started stays so, as for any
 * child of a shell. */
_Noreturn static void become(const char *folder, char **words, const sigset_t *mask) {
  static const int handled[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH};
  for (size_t i = 0; i < sizeof handled / sizeof handled[0]; i++) {
    struct sigaction now;
    if (sigaction(handled[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
      signal(handled[i], SIG_DFL);
  }
  sigprocmask(SIG_SETMASK, mask, NULL);
  if (chdir(folder) < 0) {
    dprintf(2, "bric: cannot change to %s: %s\n", folder, strerror(errno));
    _exit(CANNOT_RUN);
  }
  execv(words[0], words);
  dprintf(2, "bric: cannot run %s: %s\n", words[0], strerror(errno));
  _exit(CANNOT_RUN);
}

/* It stays in this process group, so that it may read from the terminal and gets its signals. */
static int run(const char *folder, char **words, const volatile sig_atomic_t *interrupted) {
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before); /* no handler of ours may run in the child */
  if (*interrupted != 0) { /* before there was a child that would have got it */
    sigprocmask(SIG_SETMASK, &before, NULL);
    return *interrupted;
  }
  pid_t child = fork();
  if (child == 0) become(folder, words, &before);
  int error = errno;
  sigprocmask(SIG_SETMASK, &before, NULL);
  if (child < 0) {
    dprintf(2, "bric: cannot fork: %s\n", strerror(error));
    return CANNOT_RUN << 8;
  }
  int status;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return CANNOT_RUN << 8;
  return status;
}

int client_act(const unsigned char *payload, size_t length,
               const volatile sig_atomic_t *interrupted) {
  struct rest rest = {payload, length};
  char *folder = take_string(&rest);
  uint32_t count = take_u32(&rest);
  if (count == 0 || count > rest.length) fail_malformed();
  char **words = calloc((size_t)count + 1, sizeof *words);
  if (words == NULL) client_fail(CLIENT_INTERNAL, "out of memory for an order");
  for (uint32_t i = 0; i < count; i++) words[i] = take_string(&rest);
  int status = run(folder, words, interrupted);
  for (uint32_t i = 0; i < count; i++) free(words[i]);
  free(words);
  free(folder);
  return status;
}
