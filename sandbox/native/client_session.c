/* One request: what the daemon is told, and what comes back. */
#include "client.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void put_strings(struct client_bytes *bytes, char **strings, size_t count) {
  client_put_u32(bytes, (uint32_t)count);
  for (size_t i = 0; i < count; i++) client_put_string(bytes, strings[i]);
}

/* Zero columns and rows say that no descriptor is a terminal. */
static struct winsize terminal_size(void) {
  struct winsize size = {0};
  for (int fd = 2; fd >= 0; fd--)
    if (ioctl(fd, TIOCGWINSZ, &size) == 0) return size;
  return (struct winsize){0};
}

void client_session_request(struct client_bytes *bytes, int argc, char **argv) {
  char cwd[PATH_MAX];
  if (getcwd(cwd, sizeof cwd) == NULL || cwd[0] != '/')
    client_fail(66, "the current folder is gone or has no name: %s; change to one that is there",
                strerror(errno));
  mode_t mask = umask(0);
  umask(mask);
  struct winsize size = terminal_size();
  int terminals = isatty(0) | isatty(1) << 1 | isatty(2) << 2;
  size_t environment = 0;
  while (environ[environment] != NULL) environment++;

  size_t frame = client_frame_open(bytes, FRAME_REQUEST);
  client_put_u32(bytes, (uint32_t)getpid());
  client_put_u32(bytes, mask);
  client_put_u8(bytes, (uint8_t)terminals);
  client_put_u16(bytes, size.ws_col);
  client_put_u16(bytes, size.ws_row);
  client_put_string(bytes, cwd);
  put_strings(bytes, argv + 1, argc > 0 ? (size_t)argc - 1 : 0);
  put_strings(bytes, environ, environment);
  client_frame_close(bytes, frame);
}

/* Signals are passed on by their handlers themselves, so that they travel even while the main flow
 * is blocked writing to a reader that has stopped. After the request only handlers write to the
 * socket, which block each other, and act(), which blocks them, so frames never mix. */
static int signal_socket;
static volatile sig_atomic_t signals_seen;
static volatile sig_atomic_t last_signal;
static volatile sig_atomic_t acting; /* a child of ours has the terminal, and gets its signals */

static void die_of(int number) {
  struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  signal(number, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number);
  raise(number);
  sigprocmask(SIG_UNBLOCK, &only, NULL);
}

static void pass_signal(int number) {
  int error = errno;
  last_signal = number;
  /* The first asks the command to end, the second ends it, the third gives up on the daemon. While
   * a child acts the first tells the daemon to go no further; how the child ends is its own matter. */
  int seen = ++signals_seen;
  if (seen >= 2 && acting) {
    errno = error;
    return;
  }
  if (seen >= 3) die_of(number);
  unsigned char frame[CLIENT_FRAME_HEADER + 1] = {FRAME_SIGNAL, 1, 0, 0, 0, 0};
  frame[CLIENT_FRAME_HEADER] = (unsigned char)(seen == 1 ? number : SIGKILL);
  (void)!send(signal_socket, frame, sizeof frame, MSG_NOSIGNAL);
  errno = error;
}

static void pass_window(int number) {
  (void)number;
  int error = errno;
  struct winsize size = terminal_size();
  unsigned char frame[CLIENT_FRAME_HEADER + 4] = {FRAME_WINDOW, 4, 0, 0, 0};
  frame[5] = size.ws_col & 0xff;
  frame[6] = size.ws_col >> 8;
  frame[7] = size.ws_row & 0xff;
  frame[8] = size.ws_row >> 8;
  (void)!send(signal_socket, frame, sizeof frame, MSG_NOSIGNAL);
  errno = error;
}

static const int passed_on[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

static void handle(int number, void (*handler)(int)) {
  struct sigaction before;
  if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_IGN) return; /* nohup */
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigfillset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

static void pass_signals(int fd) {
  signal_socket = fd;
  for (size_t i = 0; i < sizeof passed_on / sizeof passed_on[0]; i++)
    handle(passed_on[i], pass_signal);
  handle(SIGWINCH, pass_window);
}

static void write_out(int fd, const char *data, size_t length) {
  while (length > 0) {
    ssize_t written = write(fd, data, length);
    if (written >= 0) {
      data += written;
      length -= (size_t)written;
    } else if (errno == EAGAIN) {
      struct pollfd writable = {.fd = fd, .events = POLLOUT};
      poll(&writable, 1, -1);
    } else if (errno == EPIPE) {
      die_of(SIGPIPE); /* quietly, as every filter does, also where SIGPIPE was ignored */
    } else if (errno != EINTR) {
      client_fail(CLIENT_IO, "cannot write to standard %s: %s", fd == 1 ? "output" : "error",
                  strerror(errno));
    }
  }
}

_Noreturn static void fail_lost(const struct client_home *home) {
  client_fail(CLIENT_INTERNAL, "the daemon ended during this request; what had not ended is not remembered; "
              "its log is %s", home->log);
}

static unsigned char *whole_payload(const struct client_home *home, int from, uint32_t length) {
  unsigned char *payload = malloc((size_t)length + 1);
  if (payload == NULL) client_fail(CLIENT_INTERNAL, "out of memory for an order");
  if (length > 0 && client_receive(from, payload, length, -1) != 1) fail_lost(home);
  return payload;
}

/* A daemon that does not wait for the answer any more has its reason, and will tell it. */
static void act(const struct client_home *home, int fd, uint32_t length) {
  unsigned char *payload = whole_payload(home, fd, length);
  acting = 1;
  int status = client_act(payload, length, &last_signal);
  acting = 0;
  free(payload);
  unsigned char frame[CLIENT_FRAME_HEADER + 2] = {FRAME_ACTED, 2, 0, 0, 0};
  frame[5] = WIFEXITED(status) ? (unsigned char)WEXITSTATUS(status) : 0;
  frame[6] = WIFSIGNALED(status) ? (unsigned char)WTERMSIG(status) : 0;
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before); /* a handler's frame must not come within this one */
  (void)!client_send(fd, frame, sizeof frame);
  sigprocmask(SIG_SETMASK, &before, NULL);
}

static void copy_payload(const struct client_home *home, int from, int to, uint32_t length) {
  static char buffer[65536];
  while (length > 0) {
    size_t part = length < sizeof buffer ? length : sizeof buffer;
    if (client_receive(from, buffer, part, -1) != 1) fail_lost(home);
    if (to >= 0) write_out(to, buffer, part);
    length -= (uint32_t)part;
  }
}

/* A command that a signal of ours ended is told to the shell as such, so that a loop in it stops. */
static int finish(int status) {
  int number = last_signal;
  if (number != 0 && status == 128 + number) die_of(number);
  return status;
}

int client_session_pump(const struct client_home *home, const struct client_daemon *daemon) {
  pass_signals(daemon->fd);
  for (;;) {
    unsigned char header[CLIENT_FRAME_HEADER];
    if (client_receive(daemon->fd, header, sizeof header, -1) != 1) fail_lost(home);
    uint32_t length = client_u32(header + 1);
    if (header[0] == FRAME_EXIT && length == 1) {
      unsigned char status;
      if (client_receive(daemon->fd, &status, 1, -1) != 1) fail_lost(home);
      return finish(status);
    }
    if (header[0] == FRAME_DRAINED) return CLIENT_DAEMON_LEFT;
    if (header[0] == FRAME_ACT) {
      act(home, daemon->fd, length);
      continue;
    }
    int to = header[0] == FRAME_STDOUT ? 1 : header[0] == FRAME_STDERR ? 2 : -1;
    copy_payload(home, daemon->fd, to, length); /* a frame of a later protocol is skipped */
  }
}
