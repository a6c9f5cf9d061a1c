/* The client: the face of the native program that a person types, `bric`.
 *
 * It finds or starts the daemon, sends it one request over a Unix socket, copies what comes back
 * and passes signals on. It decides nothing about builds: all of that is in the daemon. Only
 * `shutdown` and `doctor` are done here, because they must work when there is no daemon.
 *
 * The bytes on the socket are described in docs/formats/client.md. */
#ifndef BRIC_CLIENT_H
#define BRIC_CLIENT_H

#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Exit statuses, from sysexits.h where that has one (documented by `bric help exit-status`). */
enum {
  CLIENT_USAGE = 64,
  CLIENT_INTERNAL = 70,
  CLIENT_UNSUITED = 71, /* this system lacks something that Bricolage needs */
  CLIENT_CANNOT_CREATE = 73,
  CLIENT_IO = 74,
};

/* client.c */
int client_main(int argc, char **argv);
/* Prints "bric: MESSAGE" to stderr and exits; the message names the need, the place, the way out. */
_Noreturn void client_fail(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* client_home.c: where things are. */
struct client_home {
  char path[PATH_MAX];     /* BRIC_HOME, absolute */
  char socket[PATH_MAX + 16]; /* its daemon.sock */
  char lock[PATH_MAX + 16];
  char log[PATH_MAX + 16];
  char pid[PATH_MAX + 16];
  char dist[PATH_MAX];     /* the installation: bin, lib, libexec, build-id */
  char build_id[128];
};
/* Fills in every path and the build-id without touching BRIC_HOME; fails when they cannot be told. */
void client_home_find(struct client_home *home);
/* Makes BRIC_HOME (0700) when it is absent and checks that it is ours. */
void client_home_make(const struct client_home *home);
/* A socket's path has at most 107 bytes (sun_path less its NUL). The longest one made in BRIC_HOME
 * is the sandbox's, sandbox/sandbox-PID-N. */
enum { CLIENT_HOME_MAX = 107 - (int)sizeof "/sandbox/sandbox-4194304-9" };
void client_home_check_length(const struct client_home *home);

/* client_frame.c: what travels on the socket. */
enum { CLIENT_PROTOCOL = 2 };
enum client_frame_type {
  FRAME_HELLO = 1,
  FRAME_REQUEST = 2,
  FRAME_SIGNAL = 3,
  FRAME_WINDOW = 4,
  FRAME_DRAIN = 5,
  FRAME_ACTED = 6,
  FRAME_STDOUT = 16,
  FRAME_STDERR = 17,
  FRAME_EXIT = 18,
  FRAME_DRAINED = 19,
  FRAME_ACT = 20,
};
enum { CLIENT_FRAME_HEADER = 5 };
/* No exit status: the daemon was leaving and has not begun the request. */
enum { CLIENT_DAEMON_LEFT = -1 };
/* A growing byte buffer in which frames are written. */
struct client_bytes {
  unsigned char *data;
  size_t length;
  size_t capacity;
};
void client_put(struct client_bytes *bytes, const void *data, size_t length);
void client_put_u8(struct client_bytes *bytes, uint8_t value);
void client_put_u16(struct client_bytes *bytes, uint16_t value);
void client_put_u32(struct client_bytes *bytes, uint32_t value);
void client_put_string(struct client_bytes *bytes, const char *string); /* u32 length, then bytes */
/* Opens a frame, and closes it by writing its length; what is put in between is its payload. */
size_t client_frame_open(struct client_bytes *bytes, enum client_frame_type type);
void client_frame_close(struct client_bytes *bytes, size_t start);
uint32_t client_u32(const unsigned char *bytes);
/* 0, or -1 with errno when the other side is gone. */
int client_send(int fd, const void *data, size_t length);
/* Reads exactly length bytes: 1, 0 at end of file (or reset), -1 with errno (ETIMEDOUT after
 * timeout_ms without a byte; -1 waits for ever). */
int client_receive(int fd, void *data, size_t length, int timeout_ms);

/* client_daemon.c: the daemon's life, as seen from here. */
struct client_daemon {
  int fd;
  uint32_t pid;      /* from its HELLO */
  char build_id[128];
};
/* Connects, starting a daemon when there is none and replacing one of another build. `request` is
 * sent together with the HELLO, so that a warm request costs one round trip. */
void client_daemon_reach(const struct client_home *home, const struct client_bytes *request,
                         struct client_daemon *daemon);
/* Connects to a daemon that is there: 1, or 0 when none is. It may be of another build. */
int client_daemon_find(const struct client_home *home, struct client_daemon *daemon);
/* Asks it to drain and waits until it has given up the socket and the lock. Returns how many
 * requests it is still running. */
uint32_t client_daemon_drain(const struct client_home *home, const struct client_daemon *daemon);
/* The pid that daemon.pid names, or 0. */
long client_daemon_pid(const struct client_home *home);

/* client_session.c: one request from here to its exit status. Does not return on a fatal signal. */
void client_session_request(struct client_bytes *bytes, int argc, char **argv);
int client_session_pump(const struct client_home *home, const struct client_daemon *daemon);

/* client_act.c: runs what an ACT's payload names, unless a signal has come; its status as waitpid
 * tells it. */
int client_act(const unsigned char *payload, size_t length,
               const volatile sig_atomic_t *interrupted);

/* client_shutdown.c */
int client_shutdown(int argc, char **argv);

/* client_doctor.c */
int client_doctor(int argc, char **argv);

#endif
