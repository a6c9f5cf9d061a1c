/* `bric shutdown [--wait]`: the daemon finishes what it runs and goes. */
#include "client.h"

#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char USAGE[] =
    "Usage: bric shutdown [--wait]\n"
    "Asks the daemon to finish the requests it is running, take no new ones, and exit.\n"
    "      --wait   return when the daemon's process is gone\n"
    "The next command starts a new daemon. Exit status 0, also when no daemon was running.\n";

static void await_exit(int pidfd) {
  struct pollfd exited = {.fd = pidfd, .events = POLLIN};
  while (poll(&exited, 1, -1) <= 0) continue;
}

int client_shutdown(int argc, char **argv) {
  int wait = 0;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--wait") == 0) {
      wait = 1;
    } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
      fputs(USAGE, stdout);
      return 0;
    } else {
      fprintf(stderr, "bric: shutdown: unknown argument '%s'\n%s", argv[i], USAGE);
      return CLIENT_USAGE;
    }
  }
  struct client_home home;
  client_home_find(&home);
  struct client_daemon daemon;
  if (!client_daemon_find(&home, &daemon)) {
    fprintf(stderr, "bric: no daemon is running for BRIC_HOME %s\n", home.path);
    return 0;
  }
  /* Taken before it may exit, so that the number cannot have become another process's. */
  int pidfd = wait ? (int)syscall(SYS_pidfd_open, (pid_t)daemon.pid, 0) : -1;
  uint32_t running = client_daemon_drain(&home, &daemon);
  if (pidfd >= 0) {
    if (running > 0)
      fprintf(stderr, "bric: waiting for %u running request%s\n", running, running == 1 ? "" : "s");
    await_exit(pidfd);
  } else if (running > 0) {
    fprintf(stderr, "bric: the daemon (pid %u) exits when its %u running request%s\n", daemon.pid,
            running, running == 1 ? " ends" : "s end");
  }
  return 0;
}
