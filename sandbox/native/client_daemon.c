/* Reaching the daemon: connect, or start it; replace one of another build.
 *
 * The rules that leave no race:
 * - daemon.lock is flocked by a daemon (descriptor 3, inherited) from before its socket exists until
 *   after its socket is gone. So who holds the lock may unlink, bind and listen.
 * - The client that wins the lock binds and listens itself and gives the listening socket to the
 *   daemon as descriptor 0. Others connect at once and wait in the backlog for the HELLO; nobody
 *   polls for readiness.
 * - End of file instead of a HELLO means the daemon was leaving: try again. For the client that
 *   started it, it means that the start failed, unless the log says that it served. DRAINED instead
 *   of an answer means that the daemon was leaving when the request arrived: try again, too. */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
  WAIT_MS = 30000,        /* for a daemon that is starting or stopping */
  HELLO_MS = 60000,       /* a JVM's start on a machine that is very busy */
  LOG_LIMIT = 10 << 20,
  LOG_TAIL = 20,          /* lines shown when a start fails */
};

extern char **environ;

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_ms(long ms) {
  struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
  nanosleep(&time, NULL);
}

static struct sockaddr_un address_of(const struct client_home *home) {
  client_home_check_length(home);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  memcpy(address.sun_path, home->socket, strlen(home->socket) + 1);
  return address;
}

long client_daemon_pid(const struct client_home *home) {
  char text[32];
  int fd = open(home->pid, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  if (length <= 0) return 0;
  text[length] = '\0';
  return strtol(text, NULL, 10);
}

static void check_peer(const struct client_home *home, int fd) {
  struct ucred peer;
  socklen_t length = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0)
    client_fail(CLIENT_INTERNAL, "cannot tell who listens on %s: %s", home->socket, strerror(errno));
  if (peer.uid != geteuid())
    client_fail(CLIENT_UNSUITED, "the daemon behind %s belongs to uid %u and you are uid %u; set "
                "BRIC_HOME to a folder of your own", home->socket, peer.uid, geteuid());
}

/* A connected socket, or -1 when nobody listens. */
static int connect_socket(const struct client_home *home) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) client_fail(CLIENT_INTERNAL, "cannot make a socket: %s", strerror(errno));
  struct sockaddr_un address = address_of(home);
  while (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
    if (errno == EINTR) continue;
    if (errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR) {
      close(fd);
      return -1;
    }
    client_fail(CLIENT_UNSUITED, "cannot connect to the daemon at %s: %s", home->socket,
                strerror(errno));
  }
  check_peer(home, fd);
  return fd;
}

static void put_hello(struct client_bytes *bytes, const struct client_home *home) {
  size_t frame = client_frame_open(bytes, FRAME_HELLO);
  client_put_u32(bytes, CLIENT_PROTOCOL);
  client_put_u32(bytes, (uint32_t)getpid());
  client_put(bytes, home->build_id, strlen(home->build_id));
  client_frame_close(bytes, frame);
}

_Noreturn static void fail_silent_daemon(const struct client_home *home, const char *what) {
  long pid = client_daemon_pid(home);
  if (pid == 0)
    client_fail(CLIENT_INTERNAL, "the daemon %s; its log is %s", what, home->log);
  client_fail(CLIENT_INTERNAL, "the daemon (pid %ld) %s; its log is %s; end it with kill -9 %ld and "
              "try again", pid, what, home->log, pid);
}

/* The daemon's HELLO: 1, or 0 when it closed the connection without one. */
static int receive_hello(const struct client_home *home, struct client_daemon *daemon,
                         uint32_t *protocol) {
  unsigned char frame[CLIENT_FRAME_HEADER + 8 + sizeof daemon->build_id];
  int got = client_receive(daemon->fd, frame, CLIENT_FRAME_HEADER, HELLO_MS);
  if (got == 0) return 0;
  if (got < 0) fail_silent_daemon(home, "does not answer");
  uint32_t length = client_u32(frame + 1);
  if (frame[0] != FRAME_HELLO || length < 8 || length - 8 >= sizeof daemon->build_id)
    fail_silent_daemon(home, "speaks another protocol");
  got = client_receive(daemon->fd, frame + CLIENT_FRAME_HEADER, length, HELLO_MS);
  if (got == 0) return 0;
  if (got < 0) fail_silent_daemon(home, "does not answer");
  *protocol = client_u32(frame + CLIENT_FRAME_HEADER);
  daemon->pid = client_u32(frame + CLIENT_FRAME_HEADER + 4);
  memcpy(daemon->build_id, frame + CLIENT_FRAME_HEADER + 8, length - 8);
  daemon->build_id[length - 8] = '\0';
  return 1;
}

enum meeting { MET, GONE, OTHER_BUILD };

static enum meeting greet(const struct client_home *home, const struct client_bytes *request,
                          struct client_daemon *daemon) {
  struct client_bytes bytes = {0};
  put_hello(&bytes, home);
  if (request != NULL) client_put(&bytes, request->data, request->length);
  int sent = client_send(daemon->fd, bytes.data, bytes.length);
  free(bytes.data);
  /* A daemon of another build may answer and stop reading; its answer counts. */
  (void)sent;
  uint32_t protocol = 0;
  if (!receive_hello(home, daemon, &protocol)) return GONE;
  if (protocol != CLIENT_PROTOCOL || strcmp(daemon->build_id, home->build_id) != 0)
    return OTHER_BUILD;
  return MET;
}

uint32_t client_daemon_drain(const struct client_home *home, const struct client_daemon *daemon) {
  struct client_bytes bytes = {0};
  client_frame_close(&bytes, client_frame_open(&bytes, FRAME_DRAIN));
  (void)client_send(daemon->fd, bytes.data, bytes.length); /* gone already is as good */
  free(bytes.data);
  unsigned char frame[CLIENT_FRAME_HEADER + 4];
  int got = client_receive(daemon->fd, frame, sizeof frame, WAIT_MS);
  if (got < 0) fail_silent_daemon(home, "does not stop");
  if (got == 0 || frame[0] != FRAME_DRAINED) return 0;
  return client_u32(frame + CLIENT_FRAME_HEADER);
}

int client_daemon_find(const struct client_home *home, struct client_daemon *daemon) {
  daemon->fd = connect_socket(home);
  if (daemon->fd < 0) return 0;
  if (greet(home, NULL, daemon) != GONE) return 1;
  close(daemon->fd);
  return 0;
}

/* The lock's descriptor, or -1 when a daemon has it. */
static int take_lock(const struct client_home *home) {
  int fd = open(home->lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    client_fail(errno == ENOSPC || errno == EDQUOT ? CLIENT_IO : CLIENT_CANNOT_CREATE,
                "cannot write to BRIC_HOME: %s: %s; set BRIC_HOME to a folder you may write to",
                home->lock, strerror(errno));
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno != EWOULDBLOCK && errno != EINTR)
    client_fail(CLIENT_CANNOT_CREATE, "cannot lock %s: %s; set BRIC_HOME to a folder on a file "
                "system that has locks", home->lock, strerror(errno));
  close(fd);
  return -1;
}

static int listen_socket(const struct client_home *home) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_un address = address_of(home);
  unlink(home->socket); /* the lock is ours, so this is what a dead daemon left */
  mode_t before = umask(0177);
  int bound = fd < 0 ? -1 : bind(fd, (struct sockaddr *)&address, sizeof address);
  umask(before);
  if (bound < 0 || listen(fd, 4096) < 0)
    client_fail(errno == ENOSPC || errno == EDQUOT ? CLIENT_IO : CLIENT_CANNOT_CREATE,
                "cannot listen on %s: %s; set BRIC_HOME to a folder you may write to", home->socket,
                strerror(errno));
  return fd;
}

/* The log, and in *size where this daemon's part of it starts. */
static int open_log(const struct client_home *home, off_t *size) {
  int fd = open(home->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0)
    client_fail(CLIENT_CANNOT_CREATE, "cannot write the daemon's log %s: %s", home->log,
                strerror(errno));
  struct stat found;
  *size = fstat(fd, &found) == 0 ? found.st_size : 0;
  if (*size > LOG_LIMIT && ftruncate(fd, 0) == 0) *size = 0;
  return fd;
}

static int wanted_by_daemon(const char *entry) {
  static const char *const kept[] = {"PATH=", "HOME=", "USER=", "LOGNAME=", "JAVA_HOME=", "TMPDIR=",
                                     "XDG_CACHE_HOME=", "XDG_CONFIG_HOME=", "TZ=", "BRIC_"};
  if (strncmp(entry, "BRIC_HOME=", 10) == 0) return 0;
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
    if (strncmp(entry, kept[i], strlen(kept[i])) == 0) return 1;
  return 0;
}

/* The daemon outlives the shell it was started from, so it keeps only what names the user and the
 * machine; each request brings its own environment. */
static char **daemon_environment(const struct client_home *home) {
  size_t count = 0;
  while (environ[count] != NULL) count++;
  char **kept = calloc(count + 4, sizeof *kept);
  char *home_entry = NULL;
  if (kept == NULL || asprintf(&home_entry, "BRIC_HOME=%s", home->path) < 0)
    client_fail(CLIENT_INTERNAL, "out of memory starting the daemon");
  size_t next = 0;
  kept[next++] = home_entry;
  kept[next++] = (char *)"LC_ALL=C.UTF-8";
  for (size_t i = 0; i < count; i++)
    if (wanted_by_daemon(environ[i])) kept[next++] = environ[i];
  return kept;
}

static void write_pid(const struct client_home *home) {
  int fd = open(home->pid, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return; /* it only serves messages */
  dprintf(fd, "%d\n", getpid());
  close(fd);
}

static void default_signals(void) {
  for (int signal_number = 1; signal_number < 32; signal_number++)
    signal(signal_number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the grandchild: descriptors 0 the socket, 1 and 2 the log, 3 the lock, nothing else. */
_Noreturn static void become_daemon(const struct client_home *home, int lock, int listener, int log,
                                    char **environment) {
  default_signals();
  umask(022);
  write_pid(home);
  if (chdir("/") < 0) _exit(CLIENT_INTERNAL);
  /* Away from 0..3 first, so that no dup2 overwrites a descriptor that is still needed. */
  lock = fcntl(lock, F_DUPFD, 10);
  listener = fcntl(listener, F_DUPFD, 10);
  log = fcntl(log, F_DUPFD, 10);
  if (dup2(listener, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0 || dup2(lock, 3) < 0)
    _exit(CLIENT_INTERNAL);
  closefrom(4);
  char launcher[PATH_MAX + 32];
  snprintf(launcher, sizeof launcher, "%s/libexec/daemon", home->dist);
  char *arguments[] = {launcher, (char *)home->build_id, NULL};
  execve(launcher, arguments, environment);
  dprintf(2, "cannot start %s: %s; build it again with ./dev build\n", launcher, strerror(errno));
  _exit(CLIENT_INTERNAL);
}

/* With the lock in hand. Returns where the new daemon's part of the log starts. */
static off_t start_daemon(const struct client_home *home, int lock) {
  off_t log_start;
  int log = open_log(home, &log_start);
  int listener = listen_socket(home);
  char **environment = daemon_environment(home);
  pid_t child = fork();
  if (child < 0) client_fail(CLIENT_UNSUITED, "cannot fork the daemon: %s", strerror(errno));
  if (child == 0) {
    setsid();
    if (fork() != 0) _exit(0); /* a failed fork closes the socket, which tells the client */
    become_daemon(home, lock, listener, log, environment);
  }
  while (waitpid(child, NULL, 0) < 0 && errno == EINTR) continue;
  close(lock);
  close(listener);
  close(log);
  free(environment[0]);
  free(environment);
  return log_start;
}

/* A line "unmet STATUS: MESSAGE" in the log is for the user to put right, and nothing to report:
 * shows it and returns its status, else 0. */
static int show_unmet(const char *line) {
  int status = 0, start = 0;
  if (sscanf(line, "unmet %d: %n", &status, &start) < 1 || start == 0) return 0;
  fprintf(stderr, "bric: %s", line + start);
  return status;
}

/* A disk so full that not even the log could be written. */
static void fail_if_full(const struct client_home *home) {
  struct statvfs found;
  if (statvfs(home->path, &found) < 0 || found.f_bavail * found.f_frsize >= 64 << 10) return;
  client_fail(CLIENT_IO, "no space is left in BRIC_HOME %s for the daemon to start; make room there, "
              "or set BRIC_HOME to a folder on a larger disk", home->path);
}

_Noreturn static void fail_start(const struct client_home *home, off_t log_start) {
  FILE *log = fopen(home->log, "re");
  char *lines[LOG_TAIL] = {NULL};
  size_t count = 0;
  int unmet = 0;
  if (log != NULL && fseeko(log, log_start, SEEK_SET) == 0) {
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, log) >= 0) {
      if (unmet == 0) unmet = show_unmet(line);
      free(lines[count % LOG_TAIL]);
      lines[count++ % LOG_TAIL] = strdup(line);
    }
  }
  if (unmet != 0) exit(unmet);
  fail_if_full(home);
  fprintf(stderr, "bric: the daemon ended while it started; the last lines of %s:\n", home->log);
  size_t first = count > LOG_TAIL ? count - LOG_TAIL : 0;
  for (size_t i = first; i < count; i++) fprintf(stderr, "  %s", lines[i % LOG_TAIL]);
  client_fail(CLIENT_INTERNAL, "this is a fault of Bricolage or of the JDK: please report it with "
              "that log and the output of `bric doctor`");
}

/* Whether the daemon we started came as far as serving: then it was asked to leave before our turn. */
static int came_up(const struct client_home *home, off_t log_start) {
  FILE *log = fopen(home->log, "re");
  int found = 0;
  char *line = NULL;
  size_t capacity = 0;
  if (log != NULL && fseeko(log, log_start, SEEK_SET) == 0)
    while (!found && getline(&line, &capacity, log) >= 0)
      found = strstr(line, " started, build ") != NULL;
  free(line);
  if (log != NULL) fclose(log);
  return found;
}

/* Connects; when nobody listens and the lock is free, starts a daemon and connects to that. */
static int connect_or_start(const struct client_home *home, int *started, off_t *log_start) {
  *started = 0;
  int fd = connect_socket(home);
  if (fd >= 0) return fd;
  client_home_make(home);
  int lock = take_lock(home);
  if (lock < 0) return -1;
  *log_start = start_daemon(home, lock);
  *started = 1;
  return connect_socket(home);
}

void client_daemon_reach(const struct client_home *home, const struct client_bytes *request,
                         struct client_daemon *daemon) {
  int64_t deadline = now_ms() + WAIT_MS;
  for (long pause = 1; now_ms() < deadline; pause = pause < 50 ? 2 * pause : pause) {
    int started = 0;
    off_t log_start = 0;
    daemon->fd = connect_or_start(home, &started, &log_start);
    if (daemon->fd < 0) {
      if (started) fail_start(home, log_start);
      sleep_ms(pause);
      continue;
    }
    enum meeting meeting = greet(home, request, daemon);
    if (meeting == MET) return;
    if (meeting == OTHER_BUILD) {
      client_daemon_drain(home, daemon);
    } else if (started && !came_up(home, log_start)) {
      fail_start(home, log_start);
    } else {
      sleep_ms(pause);
    }
    close(daemon->fd);
  }
  fail_silent_daemon(home, "holds the lock but has not listened for 30 s");
}
