#include "frames.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HEADER = 5, CHUNK = 65536 };

void frames_init(Frames *frames, int connection, int out, int err) {
  *frames = (Frames){.connection = connection, .pipes = {out, err}};
  pthread_mutex_init(&frames->lock, NULL);
}

static void send_all(Frames *frames, const char *bytes, size_t length) {
  while (length && !frames->broken) {
    ssize_t sent = send(frames->connection, bytes, length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR)
      continue;
    if (sent < 0) {
      frames->broken = true;
      return;
    }
    bytes += sent;
    length -= (size_t)sent;
  }
}

static void put_header(char *at, char type, size_t payload) {
  uint32_t length = (uint32_t)(payload + 1);
  memcpy(at, &length, sizeof length);
  at[4] = type;
}

bool frames_drain(Frames *frames, int which) {
  static const char TYPES[] = {'o', 'e'};
  static char buffer[HEADER + CHUNK]; // under the lock
  pthread_mutex_lock(&frames->lock);
  int *pipe = &frames->pipes[which];
  while (*pipe >= 0) {
    ssize_t length = read(*pipe, buffer + HEADER, CHUNK);
    if (length < 0 && errno == EINTR)
      continue;
    if (length == 0) {
      close(*pipe);
      *pipe = -1;
    }
    if (length <= 0)
      break;
    put_header(buffer, TYPES[which], (size_t)length);
    send_all(frames, buffer, HEADER + (size_t)length);
    if (length < CHUNK)
      break;
  }
  bool open = *pipe >= 0;
  pthread_mutex_unlock(&frames->lock);
  return open;
}

void frames_note(Frames *frames, const char *format, ...) {
  char buffer[HEADER + 8192];
  va_list list;
  va_start(list, format);
  int length = vsnprintf(buffer + HEADER, sizeof buffer - HEADER, format, list);
  va_end(list);
  if (length >= (int)sizeof buffer - HEADER)
    length = sizeof buffer - HEADER - 1;
  put_header(buffer, 'n', (size_t)length);
  pthread_mutex_lock(&frames->lock);
  send_all(frames, buffer, HEADER + (size_t)length);
  pthread_mutex_unlock(&frames->lock);
}

// Bytes that grow; a growth that fails leaves `failed` and drops what follows.
typedef struct {
  char *bytes;
  size_t length, capacity;
  bool failed;
} Buffer;

static void put(Buffer *buffer, const void *bytes, size_t length) {
  if (buffer->length + length > buffer->capacity) {
    size_t capacity = (buffer->length + length) * 2 + 4096;
    char *grown = buffer->failed ? NULL : realloc(buffer->bytes, capacity);
    if (!grown) {
      buffer->failed = true;
      return;
    }
    buffer->bytes = grown;
    buffer->capacity = capacity;
  }
  memcpy(buffer->bytes + buffer->length, bytes, length);
  buffer->length += length;
}

static void put_u8(Buffer *buffer, uint8_t value) { put(buffer, &value, sizeof value); }
static void put_u32(Buffer *buffer, uint32_t value) { put(buffer, &value, sizeof value); }
static void put_u64(Buffer *buffer, uint64_t value) { put(buffer, &value, sizeof value); }

static size_t open_frame(Buffer *buffer, char type) {
  char header[HEADER];
  put_header(header, type, 0);
  put(buffer, header, sizeof header);
  return buffer->length;
}

static void close_frame(Buffer *buffer, size_t start) {
  if (buffer->failed)
    return;
  uint32_t length = (uint32_t)(buffer->length - start + 1);
  memcpy(buffer->bytes + start - HEADER, &length, sizeof length);
}

void frames_failure(Frames *frames, unsigned op, int error, const char *message) {
  Buffer buffer = {0};
  size_t start = open_frame(&buffer, 'f');
  put_u32(&buffer, op);
  put_u32(&buffer, (uint32_t)error);
  put(&buffer, message, strlen(message));
  close_frame(&buffer, start);
  send_all(frames, buffer.bytes, buffer.length);
}

static void put_question(Buffer *buffer, const Node *node, uint8_t kind, uint8_t bit) {
  char path[PATH_MAX];
  size_t length = paths_write(node, path);
  put_u8(buffer, kind);
  put_u8(buffer, (node->existed & bit) != 0);
  put_u32(buffer, (uint32_t)length);
  put(buffer, path, length);
}

static void put_questions(Buffer *buffer, const Paths *paths) {
  size_t start = open_frame(buffer, 'q');
  for (const Node *node = paths->first_asked; node; node = node->next_asked) {
    for (uint8_t kind = 0; kind < 3; kind++)
      if (node->asked & (1 << kind))
        put_question(buffer, node, kind, (uint8_t)(1 << kind));
    if (buffer->length - start > CHUNK) {
      close_frame(buffer, start);
      start = open_frame(buffer, 'q');
    }
  }
  close_frame(buffer, start);
}

static void put_end(Buffer *buffer, const Paths *paths, const Ending *ending) {
  int status = ending->wait_status;
  bool signalled = WIFSIGNALED(status);
  size_t start = open_frame(buffer, 'x');
  put_u8(buffer, signalled);
  put_u32(buffer, (uint32_t)(signalled ? WTERMSIG(status) : WEXITSTATUS(status)));
  put_u64(buffer, ending->user_us);
  put_u64(buffer, ending->system_us);
  put_u64(buffer, ending->wall_us);
  put_u64(buffer, ending->max_rss_kib);
  put_u64(buffer, ending->notifications);
  put_u64(buffer, paths->question_count);
  put_u32(buffer, (uint32_t)strlen(ending->unobserved));
  put(buffer, ending->unobserved, strlen(ending->unobserved));
  close_frame(buffer, start);
}

void frames_end(Frames *frames, const Paths *paths, const Ending *ending) {
  Buffer buffer = {0};
  put_questions(&buffer, paths);
  Ending told = *ending;
  if (buffer.failed) { // what was put so far is in order; only the end has to be said
    free(buffer.bytes);
    buffer = (Buffer){0};
    told.unobserved = "no memory to report the questions";
  }
  put_end(&buffer, paths, &told);
  pthread_mutex_lock(&frames->lock);
  send_all(frames, buffer.bytes, buffer.length);
  pthread_mutex_unlock(&frames->lock);
}
