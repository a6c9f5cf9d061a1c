/* The command line's first glance: what must be done here, and everything else, for the daemon. */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void client_fail(int status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("bric: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(status);
}

/* A closed standard descriptor must not be taken by our socket. It is filled with /dev/null opened
 * the wrong way round, so that using it still fails with EBADF. */
static void occupy_standard_descriptors(void) {
  for (int fd = 0; fd <= 2; fd++) {
    if (fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
    if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd) _exit(CLIENT_INTERNAL);
  }
}

static int ask_daemon(int argc, char **argv) {
  struct client_home home;
  client_home_find(&home);
  struct client_bytes request = {0};
  client_session_request(&request, argc, argv);
  for (;;) {
    struct client_daemon daemon;
    client_daemon_reach(&home, &request, &daemon);
    int status = client_session_pump(&home, &daemon);
    if (status != CLIENT_DAEMON_LEFT) return status;
    close(daemon.fd);
  }
}

/* Called by a link named ninja: `ninja WORD...` is `bric ninja --as-ninja WORD...`, where the second
 * word tells the daemon to speak as ninja does of options and help, too. */
static bool called_ninja(const char *program) {
  const char *slash = strrchr(program, '/');
  const char *name = slash != NULL ? slash + 1 : program;
  return strcmp(name, "ninja") == 0 || strcmp(name, "bric-ninja") == 0;
}

static int ninja_main(int argc, char **argv) {
  char **words = calloc((size_t)argc + 3, sizeof *words);
  if (words == NULL) client_fail(CLIENT_INTERNAL, "out of memory");
  words[0] = argv[0];
  words[1] = "ninja";
  words[2] = "--as-ninja";
  for (int i = 1; i < argc; i++) words[i + 2] = argv[i];
  int status = ask_daemon(argc + 2, words);
  free(words);
  return status;
}

int client_main(int argc, char **argv) {
  occupy_standard_descriptors();
  if (argc > 0 && called_ninja(argv[0])) return ninja_main(argc, argv);
  if (argc > 1 && strcmp(argv[1], "doctor") == 0) return client_doctor(argc - 1, argv + 1);
  if (argc > 1 && strcmp(argv[1], "shutdown") == 0) return client_shutdown(argc - 1, argv + 1);
  return ask_daemon(argc, argv);
}
