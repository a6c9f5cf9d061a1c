/* Where things are: the user's BRIC_HOME and the installation this program belongs to. */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *environment(const char *name) {
  const char *value = getenv(name);
  return value != NULL && value[0] != '\0' ? value : NULL;
}

/* snprintf into a path buffer that refuses to cut the path. */
#define COMPOSE(buffer, ...)                                                            \
  do {                                                                                  \
    if ((size_t)snprintf(buffer, sizeof(buffer), __VA_ARGS__) >= sizeof(buffer))        \
      client_fail(CLIENT_CANNOT_CREATE,                                                 \
                  "BRIC_HOME is longer than a path may be (%d bytes); set it to a "     \
                  "shorter folder", PATH_MAX);                                          \
  } while (0)

static void find_home(struct client_home *home) {
  const char *chosen = environment("BRIC_HOME");
  const char *cache = environment("XDG_CACHE_HOME");
  const char *user = environment("HOME");
  if (chosen != NULL && chosen[0] == '/') {
    COMPOSE(home->path, "%s", chosen);
  } else if (chosen != NULL) {
    char cwd[PATH_MAX];
    if (getcwd(cwd, sizeof cwd) == NULL)
      client_fail(CLIENT_CANNOT_CREATE,
                  "BRIC_HOME=%s is relative and the current folder has no name: %s; set BRIC_HOME "
                  "to an absolute path", chosen, strerror(errno));
    COMPOSE(home->path, "%s/%s", cwd, chosen);
  } else if (cache != NULL && cache[0] == '/') { /* a relative one is to be ignored, says XDG */
    COMPOSE(home->path, "%s/bricolage", cache);
  } else if (user != NULL) {
    COMPOSE(home->path, "%s/.cache/bricolage", user);
  } else {
    client_fail(CLIENT_CANNOT_CREATE,
                "no place for the store: none of BRIC_HOME, XDG_CACHE_HOME and HOME is set; set "
                "BRIC_HOME to a folder of yours");
  }
  size_t length = strlen(home->path);
  while (length > 1 && home->path[length - 1] == '/') home->path[--length] = '\0';
}

/* The installation is the parent of the folder this program is in, links resolved by the kernel. */
static void find_dist(struct client_home *home) {
  ssize_t length = readlink("/proc/self/exe", home->dist, sizeof home->dist - 1);
  if (length < 0)
    client_fail(CLIENT_UNSUITED, "cannot tell where this program is: /proc/self/exe: %s; is /proc "
                "mounted?", strerror(errno));
  home->dist[length] = '\0';
  for (int level = 0; level < 2; level++) {
    char *slash = strrchr(home->dist, '/');
    if (slash != NULL) *slash = '\0';
  }
}

static void read_build_id(struct client_home *home) {
  char path[PATH_MAX + 16];
  snprintf(path, sizeof path, "%s/build-id", home->dist);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? -1 : read(fd, home->build_id, sizeof home->build_id - 1);
  if (length <= 0)
    client_fail(CLIENT_INTERNAL, "the installation is not complete: cannot read %s: %s; build it "
                "again with ./dev build", path, length == 0 ? "empty" : strerror(errno));
  close(fd);
  home->build_id[length] = '\0';
  home->build_id[strcspn(home->build_id, "\n")] = '\0';
}

void client_home_find(struct client_home *home) {
  find_home(home);
  snprintf(home->socket, sizeof home->socket, "%s/daemon.sock", home->path);
  snprintf(home->lock, sizeof home->lock, "%s/daemon.lock", home->path);
  snprintf(home->log, sizeof home->log, "%s/daemon.log", home->path);
  snprintf(home->pid, sizeof home->pid, "%s/daemon.pid", home->path);
  find_dist(home);
  read_build_id(home);
}

void client_home_check_length(const struct client_home *home) {
  size_t length = strlen(home->path);
  if (length > CLIENT_HOME_MAX)
    client_fail(CLIENT_CANNOT_CREATE,
                "BRIC_HOME is too long: %s has %zu bytes and may have %d, because sockets are made "
                "in it; set BRIC_HOME to a shorter folder", home->path, length, CLIENT_HOME_MAX);
}

/* mkdir -p; folders that are there are left as they are. */
static int make_folders(const char *path) {
  char partial[PATH_MAX];
  snprintf(partial, sizeof partial, "%s", path);
  for (char *slash = strchr(partial + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(partial, 0700) < 0 && errno != EEXIST) return -1;
    *slash = '/';
  }
  return mkdir(partial, 0700) < 0 && errno != EEXIST ? -1 : 0;
}

void client_home_make(const struct client_home *home) {
  struct stat found;
  if (stat(home->path, &found) < 0) {
    if (make_folders(home->path) < 0)
      client_fail(CLIENT_CANNOT_CREATE, "cannot create BRIC_HOME %s: %s; set BRIC_HOME to a folder "
                  "you may write to", home->path, strerror(errno));
    if (stat(home->path, &found) < 0)
      client_fail(CLIENT_CANNOT_CREATE, "cannot use BRIC_HOME %s: %s", home->path, strerror(errno));
  }
  if (!S_ISDIR(found.st_mode))
    client_fail(CLIENT_CANNOT_CREATE, "BRIC_HOME %s is not a folder; set BRIC_HOME to one",
                home->path);
  /* Whoever owns the folder can replace what is in it, so it must be us. */
  if (found.st_uid != geteuid())
    client_fail(CLIENT_CANNOT_CREATE, "BRIC_HOME %s belongs to uid %u and you are uid %u; set "
                "BRIC_HOME to a folder of your own", home->path, found.st_uid, geteuid());
}
