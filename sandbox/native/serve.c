#include "serve.h"

#include "filter.h"
#include "namespaces.h"
#include "recording.h"
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  IDLE_WORKERS = 3,   // prepared ahead; more connections than this wait a moment
  MAX_IDLE_DEATHS = 8 // workers that died before they got a connection: then something is wrong
};

typedef struct {
  int listening, proc, busy[2]; // workers write their number to busy when they get a connection
  char place[sizeof((struct sockaddr_un *)0)->sun_path + 8];
  pid_t idle[IDLE_WORKERS];
  int idle_deaths;
} Server;

static int complain(const char *what, const char *path) {
  fprintf(stderr, "bric-helper: cannot %s %s: %s\n", what, path, strerror(errno));
  return 1;
}

// Every worker's death follows its parent's: a daemon killed with -9 leaves nothing behind.
static void die_with(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(1);
}

static void silence(void) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0)
    return;
  dup2(null, STDIN_FILENO);
  dup2(null, STDOUT_FILENO);
}

_Noreturn static void work(const Server *server, pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGCHLD, SIG_DFL);
  silence();
  Failure failure;
  bool ready = namespaces_prepare(&failure);
  die_with(parent); // after entering the namespaces, which may clear it
  if (chdir("/") != 0)
    _exit(1);
  int connection;
  while ((connection = accept4(server->listening, NULL, NULL, SOCK_CLOEXEC)) < 0)
    if (errno != EINTR && errno != ECONNABORTED)
      _exit(1);
  pid_t self = getpid();
  if (write(server->busy[1], &self, sizeof self) != sizeof self)
    _exit(1);
  close(server->listening);
  close(server->busy[1]);
  run_main(&(Run){connection, server->proc, server->place,
                  ready ? NULL : &failure});
}

static void fill(Server *server) {
  pid_t self = getpid();
  for (int i = 0; i < IDLE_WORKERS; i++) {
    if (server->idle[i])
      continue;
    pid_t worker = fork();
    if (worker == 0)
      work(server, self);
    if (worker > 0)
      server->idle[i] = worker;
  }
}

static bool forget(Server *server, pid_t worker) {
  for (int i = 0; i < IDLE_WORKERS; i++) {
    if (server->idle[i] != worker)
      continue;
    server->idle[i] = 0;
    return true;
  }
  return false;
}

static void on_busy(Server *server) {
  pid_t worker;
  while (read(server->busy[0], &worker, sizeof worker) == sizeof worker)
    if (forget(server, worker))
      server->idle_deaths = 0;
}

static void on_deaths(Server *server) {
  pid_t worker;
  while ((worker = waitpid(-1, NULL, WNOHANG)) > 0)
    if (forget(server, worker))
      server->idle_deaths++;
}

static bool is_at_end(int input) {
  char byte[64];
  return read(input, byte, sizeof byte) <= 0;
}

static int serve(Server *server, int deaths) {
  for (;;) {
    fill(server);
    struct pollfd polled[] = {
        {STDIN_FILENO, POLLIN, 0}, {server->busy[0], POLLIN, 0}, {deaths, POLLIN, 0}};
    if (poll(polled, 3, -1) < 0)
      continue;
    if (polled[0].revents && is_at_end(STDIN_FILENO))
      return 0;
    if (polled[1].revents)
      on_busy(server);
    if (polled[2].revents) {
      struct signalfd_siginfo ignored;
      while (read(deaths, &ignored, sizeof ignored) > 0)
        ;
      on_busy(server); // a short run may have ended before its message was read
      on_deaths(server);
    }
    if (server->idle_deaths > MAX_IDLE_DEATHS) {
      fprintf(stderr, "bric-helper: sandbox workers keep dying; see `bric doctor`\n");
      return 1;
    }
  }
}

static int bind_socket(Server *server, const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return complain("bind", path);
  }
  strcpy(address.sun_path, path);
  unlink(path);
  server->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  mode_t before = umask(0177);
  int bound = bind(server->listening, (struct sockaddr *)&address, sizeof address);
  umask(before);
  if (bound != 0 || listen(server->listening, 1024) != 0)
    return complain("bind", path);
  return 0;
}

// The sandbox's root is mounted here, in each run's own mount namespace; outside it stays empty.
static int make_place(Server *server, const char *socket_path) {
  snprintf(server->place, sizeof server->place, "%s.root", socket_path);
  if (mkdir(server->place, 0700) != 0 && errno != EEXIST)
    return complain("make", server->place);
  return 0;
}

static int watch_children(void) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, NULL);
  return signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
}

int serve_main(const char *socket_path) {
  static Server server;
  server = (Server){0};
  signal(SIGPIPE, SIG_IGN);
  signal(SIGINT, SIG_IGN); // the terminal's Ctrl-C is for the client, which tells the daemon
  server.proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (server.proc < 0)
    return complain("open", "/proc");
  if (bind_socket(&server, socket_path) || make_place(&server, socket_path))
    return 1;
  int deaths = watch_children();
  if (deaths < 0 || pipe2(server.busy, O_CLOEXEC | O_NONBLOCK) != 0)
    return complain("watch", "the workers");
  filter_prepare();
  recording_prepare();
  if (write(STDOUT_FILENO, "ready\n", 6) != 6)
    return complain("write to", "stdout");
  int code = serve(&server, deaths);
  unlink(socket_path);
  rmdir(server.place);
  return code;
}
