/* `bric doctor`: what on this machine would stop Bricolage, and how to put it right.
 *
 * Works without a JDK and without a daemon, because their absence is what it may have to tell. */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static const char USAGE[] =
    "Usage: bric doctor [--json]\n"
    "Says what on this machine would stop Bricolage, one line a check, and how to fix it.\n"
    "      --json   a JSON array of {check, status, detail, remedy}; status is ok, warn or fail\n"
    "Exit status 1 if a check fails, else 0. Needs neither a JDK nor the daemon.\n";

enum verdict { OK, WARN, FAIL };
static const char *const VERDICTS[] = {"ok", "warn", "fail"};

static int verdict_named(const char *name, enum verdict *verdict) {
  for (int i = OK; i <= FAIL; i++) {
    if (strcmp(name, VERDICTS[i]) != 0) continue;
    *verdict = (enum verdict)i;
    return 1;
  }
  return 0;
}

/* Everything found, printed as it is found. */
struct report {
  int json;
  int count;
  int failed;
};

static void print_json_string(const char *text) {
  putchar('"');
  for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
    if (*c == '"' || *c == '\\') printf("\\%c", *c);
    else if (*c < 0x20) printf("\\u%04x", *c);
    else putchar(*c);
  }
  putchar('"');
}

static void tell(struct report *report, enum verdict verdict, const char *check, const char *remedy,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));

static void tell(struct report *report, enum verdict verdict, const char *check, const char *remedy,
                 const char *format, ...) {
  char detail[2 * PATH_MAX];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(detail, sizeof detail, format, arguments);
  va_end(arguments);
  if (verdict == FAIL) report->failed = 1;
  if (verdict == OK) remedy = "";
  if (!report->json) {
    printf("%-4s  %-18s %s%s%s\n", VERDICTS[verdict], check, detail, remedy[0] ? "; " : "", remedy);
    report->count++;
    return;
  }
  printf("%s\n  {\"check\": ", report->count++ > 0 ? "," : "");
  print_json_string(check);
  printf(", \"status\": \"%s\", \"detail\": ", VERDICTS[verdict]);
  print_json_string(detail);
  printf(", \"remedy\": ");
  print_json_string(remedy);
  putchar('}');
}

/* The number in a file of /proc/sys, or `absent` when the kernel has no such file. */
static long sysctl_value(const char *path, long absent) {
  char text[32];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absent;
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  if (length <= 0) return absent;
  text[length] = '\0';
  return strtol(text, NULL, 10);
}

static void check_kernel(struct report *report) {
  struct utsname name;
  uname(&name);
  int major = 0, minor = 0;
  sscanf(name.release, "%d.%d", &major, &minor);
  int release = major * 1000 + minor;
  if (strcmp(name.machine, "x86_64") != 0) {
    tell(report, FAIL, "kernel", "only Linux on x86_64 is supported", "%s on %s", name.release,
         name.machine);
  } else if (release < 5012) { /* mount_setattr */
    tell(report, FAIL, "kernel", "use Linux 5.12 or later", "%s is too old", name.release);
  } else if (release < 6006) { /* SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP */
    tell(report, WARN, "kernel", "Linux 6.6 or later observes twice as fast", "%s", name.release);
  } else {
    tell(report, OK, "kernel", "", "%s", name.release);
  }
}

static void check_user_namespace_settings(struct report *report) {
  if (sysctl_value("/proc/sys/user/max_user_namespaces", 1) == 0) {
    tell(report, FAIL, "namespace limit", "as root: sysctl -w user.max_user_namespaces=15000",
         "user.max_user_namespaces is 0");
  } else if (geteuid() != 0 && sysctl_value("/proc/sys/kernel/unprivileged_userns_clone", 1) == 0) {
    tell(report, FAIL, "namespace limit", "as root: sysctl -w kernel.unprivileged_userns_clone=1",
         "kernel.unprivileged_userns_clone is 0");
  } else {
    tell(report, OK, "namespace limit", "", "user namespaces are not limited by a sysctl");
  }
  static const char apparmor[] = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
  if (geteuid() != 0 && sysctl_value(apparmor, 0) != 0) {
    tell(report, FAIL, "apparmor",
         "as root: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, and a file in "
         "/etc/sysctl.d to keep it; or an AppArmor profile for bric-helper with `userns,`",
         "AppArmor keeps unprivileged programs from making user namespaces");
  } else {
    tell(report, OK, "apparmor", "", "does not restrict user namespaces");
  }
}

static void check_seccomp(struct report *report) {
  unsigned int action = SECCOMP_RET_USER_NOTIF;
  if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0)
    tell(report, OK, "seccomp", "", "user notification is there");
  else
    tell(report, FAIL, "seccomp",
         "use a kernel with CONFIG_SECCOMP_FILTER; in a container, one whose own filter lets "
         "seccomp() through", "no user notification: %s", strerror(errno));
}

/* Runs a program of ours and returns its output, at most `capacity` - 1 bytes; its exit status. */
static int run_and_read(const char *program, const char *argument, char *output, size_t capacity) {
  int ends[2];
  output[0] = '\0';
  if (pipe2(ends, O_CLOEXEC) < 0) return -1;
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 1);
    dup2(ends[1], 2);
    execl(program, program, argument, (char *)NULL);
    dprintf(1, "cannot run %s: %s\n", program, strerror(errno));
    _exit(127);
  }
  close(ends[1]);
  size_t length = 0;
  for (ssize_t got; (got = read(ends[0], output + length, capacity - 1 - length)) > 0;)
    length += (size_t)got;
  output[length] = '\0';
  close(ends[0]);
  int status = -1;
  if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

static const char *probe_remedy(const char *name) {
  if (strstr(name, "user") != NULL)
    return "allow user namespaces; in a container, run it with a seccomp profile that allows "
           "unshare and mount";
  if (strstr(name, "overlay") != NULL)
    return "as root: modprobe overlay; needs Linux 5.11 or later for use without root";
  if (strstr(name, "proc") != NULL)
    return "in a container, run it with an unmasked /proc";
  if (strstr(name, "seccomp") != NULL) return "use a kernel with CONFIG_SECCOMP_FILTER";
  if (strcmp(name, "mounts") == 0 || strcmp(name, "processes") == 0)
    return "in a container, run it with a seccomp profile that knows the calls of Linux 5.12";
  if (strcmp(name, "recorder") == 0)
    return "use Linux 5.14 or later, with the sysctl vm.mmap_min_addr below 1572864, and allow "
           "files of 64 KiB (ulimit -f)";
  return "see the detail";
}

/* The sandbox's own helper tries each thing it needs: one line each, "ok|warn|fail NAME
 * DETAIL". */
static void check_sandbox(struct report *report, const struct client_home *home) {
  char program[PATH_MAX + 32], output[8192];
  snprintf(program, sizeof program, "%s/libexec/bric-helper", home->dist);
  int status = run_and_read(program, "probe", output, sizeof output);
  int lines = 0;
  for (char *line = strtok(output, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    char word[8], name[64];
    int rest = 0;
    if (sscanf(line, "%7s %63s %n", word, name, &rest) < 2) continue;
    enum verdict verdict;
    if (!verdict_named(word, &verdict)) continue;
    lines++;
    char check[96];
    snprintf(check, sizeof check, "sandbox %s", name);
    const char *off = getenv("BRIC_RECORDER");
    if (strcmp(name, "recorder") == 0 && off != NULL && strcmp(off, "off") == 0)
      tell(report, OK, check, "", "turned off by BRIC_RECORDER=off");
    else
      tell(report, verdict, check, probe_remedy(name), "%s", line[rest] != '\0' ? line + rest : name);
  }
  if (lines == 0)
    tell(report, FAIL, "sandbox", "build it again with ./dev build",
         "%s probe said nothing (status %d) %s", program, status, output);
}

static void check_jdk(struct report *report, const struct client_home *home) {
  char program[PATH_MAX + 32], output[4096];
  snprintf(program, sizeof program, "%s/libexec/find-jdk", home->dist);
  int status = run_and_read(program, "--version", output, sizeof output);
  output[strcspn(output, "\n")] = '\0';
  if (status == 0)
    tell(report, OK, "jdk", "", "%s", output);
  else
    tell(report, FAIL, "jdk", "", "%s", output); /* what find-jdk says holds the remedy */
}

static const char *file_system_name(const struct statfs *found) {
  switch ((unsigned long)found->f_type) {
    case 0xef53: return "ext4";
    case 0x9123683e: return "btrfs";
    case 0x58465342: return "xfs";
    case 0x01021994: return "tmpfs";
    case 0x794c7630: return "overlayfs";
    case 0x6969: return "nfs";
    case 0xff534d42: case 0xfe534d42: return "smb";
    case 0x65735546: return "fuse";
    case 0x2fc12fc1: return "zfs";
    case 0xf2f52010: return "f2fs";
    case 0xca451a4e: return "bcachefs";
    case 0x01021997: return "9p";
    default: return NULL;
  }
}

static void check_file_system(struct report *report, const char *path) {
  struct statfs found;
  if (statfs(path, &found) < 0) {
    tell(report, FAIL, "file system", "set BRIC_HOME elsewhere", "%s: %s", path, strerror(errno));
    return;
  }
  char number[32];
  const char *name = file_system_name(&found);
  snprintf(number, sizeof number, "type %#lx", (unsigned long)found.f_type);
  if (name == NULL) name = number;
  if (strcmp(name, "nfs") == 0 || strcmp(name, "smb") == 0 || strcmp(name, "9p") == 0)
    tell(report, WARN, "file system", "set BRIC_HOME to a folder on a local disk",
         "%s is on %s, where locks and memory-mapped files are not safe", path, name);
  else if (strcmp(name, "overlayfs") == 0)
    tell(report, WARN, "file system", "set BRIC_HOME to a folder on a volume",
         "%s is on overlayfs, on which the sandbox may not be able to put its own", path);
  else
    tell(report, OK, "file system", "", "%s", name);

  struct stat cwd, home;
  if (stat(".", &cwd) == 0 && stat(path, &home) == 0 && cwd.st_dev != home.st_dev)
    tell(report, OK, "same file system", "",
         "no: this folder is on another one than BRIC_HOME, so results are copied, not cloned");
  else
    tell(report, OK, "same file system", "", "yes, as this folder");
}

static void check_space(struct report *report, const char *path) {
  struct statvfs found;
  if (statvfs(path, &found) < 0) return; /* told by the file system's check */
  double gib = (double)found.f_bavail * (double)found.f_frsize / (1 << 30);
  if (gib < 1)
    tell(report, WARN, "free space", "run `bric store gc`, or set BRIC_HOME to a larger disk",
         "%.2f GiB in %s", gib, path);
  else
    tell(report, OK, "free space", "", "%.1f GiB", gib);
  if (found.f_files > 0 && found.f_favail < 100000)
    tell(report, WARN, "free inodes", "run `bric store gc`, or set BRIC_HOME to another disk",
         "%lu in %s", (unsigned long)found.f_favail, path);
  else
    tell(report, OK, "free inodes", "", found.f_files > 0 ? "%lu" : "not limited",
         (unsigned long)found.f_favail);
}

/* The nearest folder above that is there: where BRIC_HOME would be made. */
static void nearest_folder(const char *path, char *nearest) {
  snprintf(nearest, PATH_MAX, "%s", path);
  struct stat found;
  while (stat(nearest, &found) < 0) {
    char *slash = strrchr(nearest, '/');
    if (slash == NULL || slash == nearest) {
      strcpy(nearest, "/");
      return;
    }
    *slash = '\0';
  }
}

static void check_home(struct report *report, const struct client_home *home) {
  char folder[PATH_MAX];
  nearest_folder(home->path, folder);
  struct stat found;
  int there = stat(home->path, &found) == 0;
  if (there && !S_ISDIR(found.st_mode))
    tell(report, FAIL, "BRIC_HOME", "set BRIC_HOME to a folder", "%s is not a folder", home->path);
  else if (there && found.st_uid != geteuid())
    tell(report, FAIL, "BRIC_HOME", "set BRIC_HOME to a folder of your own",
         "%s belongs to uid %u and you are uid %u", home->path, found.st_uid, geteuid());
  else if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) < 0)
    tell(report, FAIL, "BRIC_HOME", "set BRIC_HOME to a folder you may write to", "%s: %s", folder,
         strerror(errno));
  else if (there && (found.st_mode & 022) != 0)
    tell(report, WARN, "BRIC_HOME", "chmod go-w it", "%s can be written by others", home->path);
  else
    tell(report, OK, "BRIC_HOME", "", "%s%s", home->path, there ? "" : " (will be made)");
  check_file_system(report, folder);
  check_space(report, folder);
}

static void check_daemon(struct report *report, const struct client_home *home) {
  size_t length = strlen(home->path);
  if (length > CLIENT_HOME_MAX) {
    tell(report, FAIL, "path length", "set BRIC_HOME to a shorter folder",
         "%s has %zu bytes and may have %d, because sockets are made in it", home->path, length,
         CLIENT_HOME_MAX);
    return; /* no daemon can be behind it */
  }
  tell(report, OK, "path length", "", "%zu of %d bytes", length, CLIENT_HOME_MAX);
  struct client_daemon daemon;
  if (!client_daemon_find(home, &daemon))
    tell(report, OK, "daemon", "", "not running; the next command starts it");
  else if (strcmp(daemon.build_id, home->build_id) == 0)
    tell(report, OK, "daemon", "", "pid %u, log %s", daemon.pid, home->log);
  else
    tell(report, OK, "daemon", "", "pid %u, of another build; the next command replaces it",
         daemon.pid);
  if (daemon.fd >= 0) close(daemon.fd);
}

int client_doctor(int argc, char **argv) {
  struct report report = {0};
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--json") == 0) {
      report.json = 1;
    } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
      fputs(USAGE, stdout);
      return 0;
    } else {
      fprintf(stderr, "bric: doctor: unknown argument '%s'\n%s", argv[i], USAGE);
      return CLIENT_USAGE;
    }
  }
  struct client_home home;
  client_home_find(&home);
  if (report.json) putchar('[');
  check_kernel(&report);
  check_user_namespace_settings(&report);
  check_seccomp(&report);
  check_sandbox(&report, &home);
  check_jdk(&report, &home);
  check_home(&report, &home);
  check_daemon(&report, &home);
  if (report.json) puts("\n]");
  if (fflush(stdout) != 0)
    client_fail(CLIENT_IO, "cannot write to standard output: %s", strerror(errno));
  return report.failed;
}
