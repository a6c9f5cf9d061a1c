#include "frames.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HEADER = 5, NUMBER = 4, CHUNK = 65536 };

void wire_init(Wire *wire, int connection) {
  *wire = (Wire){.connection = connection};
  pthread_mutex_init(&wire->lock, NULL);
}

void frames_init(Frames *frames, Wire *wire, int out, int err) {
  *frames = (Frames){.wire = wire, .pipes = {out, err}, .copies = {-1, -1}, .passing = {-1, -1}};
  frames->buffer = malloc(HEADER + NUMBER + CHUNK);
  pthread_mutex_init(&frames->lock, NULL);
}

static void send_all(Wire *wire, const char *bytes, size_t length) {
  pthread_mutex_lock(&wire->lock);
  while (length && !wire->broken) {
    ssize_t sent = send(wire->connection, bytes, length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR)
      continue;
    if (sent < 0) {
      wire->broken = true;
      break;
    }
    bytes += sent;
    length -= (size_t)sent;
  }
  pthread_mutex_unlock(&wire->lock);
}

static void put_header(char *at, char type, size_t payload) {
  uint32_t length = (uint32_t)(payload + 1);
  memcpy(at, &length, sizeof length);
  at[4] = type;
}

void frames_send(Wire *wire, char type, const struct iovec *payload, int count) {
  size_t length = 0;
  for (int i = 0; i < count; i++)
    length += payload[i].iov_len;
  char *frame = malloc(HEADER + length), *at = frame + HEADER;
  if (!frame)
    return;
  put_header(frame, type, length);
  for (int i = 0; i < count; i++) {
    memcpy(at, payload[i].iov_base, payload[i].iov_len);
    at += payload[i].iov_len;
  }
  send_all(wire, frame, HEADER + length);
  free(frame);
}

static void close_pipe(Frames *frames, int which) {
  close(frames->pipes[which]);
  frames->pipes[which] = -1;
  if (frames->copies[which] >= 0)
    close(frames->copies[which]); // whoever reads from it waits for its end
  frames->copies[which] = -1;
}

// False when nobody reads there any more, or it takes no more: then the tool is to notice.
static bool write_on(int file, const char *bytes, size_t length) {
  while (length) {
    ssize_t wrote = write(file, bytes, length);
    if (wrote < 0 && errno == EAGAIN)
      poll(&(struct pollfd){file, POLLOUT, 0}, 1, -1);
    else if (wrote < 0 && errno != EINTR)
      return false;
    else if (wrote > 0) {
      bytes += wrote;
      length -= (size_t)wrote;
    }
  }
  return true;
}

static const char OUTER_TYPES[] = {'o', 'e'}, INNER_TYPES[] = {'O', 'E'};

// What an inner run wrote is told by its number, and goes to where it would have gone.
static bool pass_on(Frames *frames, int which, size_t length) {
  char *bytes = frames->buffer + HEADER + NUMBER, *start = frames->buffer;
  put_header(start, INNER_TYPES[which], NUMBER + length);
  memcpy(start + HEADER, &frames->run, NUMBER);
  send_all(frames->wire, start, HEADER + NUMBER + length);
  int outer = frames->passing[which];
  if (outer >= 0) {
    frames_drain(frames->outer, 0); // what was written before comes before
    frames_drain(frames->outer, 1);
    start += NUMBER;
    put_header(start, OUTER_TYPES[outer], length);
    send_all(frames->wire, start, HEADER + length);
  }
  if (frames->copies[which] < 0 || write_on(frames->copies[which], bytes, length))
    return true;
  frames->torn = true;
  return false;
}

static bool told(Frames *frames, int which, size_t length) {
  if (frames->run)
    return pass_on(frames, which, length);
  char *start = frames->buffer + NUMBER;
  put_header(start, OUTER_TYPES[which], length);
  send_all(frames->wire, start, HEADER + length);
  return true;
}

bool frames_drain(Frames *frames, int which) {
  pthread_mutex_lock(&frames->lock);
  int *pipe = &frames->pipes[which];
  while (*pipe >= 0) {
    ssize_t length = read(*pipe, frames->buffer + HEADER + NUMBER, CHUNK);
    if (length < 0 && errno == EINTR)
      continue;
    if (length == 0 || (length > 0 && !told(frames, which, (size_t)length)))
      close_pipe(frames, which);
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
  send_all(frames->wire, buffer, HEADER + (size_t)length);
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

// A frame of an inner run has a capital letter, and the run's number first.
static size_t open_frame(Buffer *buffer, uint32_t run, char type) {
  char header[HEADER];
  put_header(header, run ? (char)(type - 'a' + 'A') : type, 0);
  put(buffer, header, sizeof header);
  size_t start = buffer->length;
  if (run)
    put_u32(buffer, run);
  return start;
}

static void close_frame(Buffer *buffer, size_t start) {
  if (buffer->failed)
    return;
  uint32_t length = (uint32_t)(buffer->length - start + 1);
  memcpy(buffer->bytes + start - HEADER, &length, sizeof length);
}

void frames_failure(Frames *frames, unsigned op, int error, const char *message) {
  Buffer buffer = {0};
  size_t start = open_frame(&buffer, 0, 'f');
  put_u32(&buffer, op);
  put_u32(&buffer, (uint32_t)error);
  put(&buffer, message, strlen(message));
  close_frame(&buffer, start);
  send_all(frames->wire, buffer.bytes, buffer.length);
  free(buffer.bytes);
}

static void put_question(Buffer *buffer, const Node *node, uint8_t kind, uint8_t bit) {
  char path[PATH_MAX];
  size_t length = paths_write(node, path);
  put_u8(buffer, kind);
  put_u8(buffer, (node->existed & bit) != 0);
  put_u32(buffer, (uint32_t)length);
  put(buffer, path, length);
}

static void put_questions(Buffer *buffer, uint32_t run, const Paths *paths) {
  size_t start = open_frame(buffer, run, 'q');
  for (const Node *node = paths->first_asked; node; node = node->next_asked) {
    for (uint8_t kind = 0; kind < 3; kind++)
      if (node->asked & (1 << kind))
        put_question(buffer, node, kind, (uint8_t)(1 << kind));
    if (buffer->length - start > CHUNK) {
      close_frame(buffer, start);
      start = open_frame(buffer, run, 'q');
    }
  }
  close_frame(buffer, start);
}

static void put_changes(Buffer *buffer, uint32_t run, const Paths *paths) {
  size_t start = open_frame(buffer, run, 'w');
  for (const Node *node = paths->first_changed; node; node = node->next_changed) {
    char path[PATH_MAX];
    size_t length = paths_write(node, path);
    put_u32(buffer, (uint32_t)length);
    put(buffer, path, length);
  }
  close_frame(buffer, start);
}

static void put_used(Buffer *buffer, const Ending *ending) {
  put_u8(buffer, (uint8_t)(ending->left_behind | ending->torn << 1));
  put_u32(buffer, (uint32_t)ending->killed);
  put_u32(buffer, (uint32_t)ending->used_count);
  for (size_t i = 0; i < ending->used_count; i++)
    put_u32(buffer, (uint32_t)ending->used[i]);
}

static void put_end(Buffer *buffer, uint32_t run, const Paths *paths, const Ending *ending) {
  int status = ending->wait_status;
  bool signalled = WIFSIGNALED(status);
  size_t start = open_frame(buffer, run, 'x');
  put_u8(buffer, signalled);
  put_u32(buffer, (uint32_t)(signalled ? WTERMSIG(status) : WEXITSTATUS(status)));
  put_u64(buffer, ending->user_us);
  put_u64(buffer, ending->system_us);
  put_u64(buffer, ending->wall_us);
  put_u64(buffer, ending->max_rss_kib);
  put_u64(buffer, ending->notifications);
  put_u64(buffer, ending->recorded);
  put_u64(buffer, paths->question_count);
  if (run)
    put_used(buffer, ending);
  put_u32(buffer, (uint32_t)strlen(ending->unobserved));
  put(buffer, ending->unobserved, strlen(ending->unobserved));
  close_frame(buffer, start);
}

void frames_end(Frames *frames, const Paths *paths, const Ending *ending) {
  Buffer buffer = {0};
  put_questions(&buffer, frames->run, paths);
  if (frames->run)
    put_changes(&buffer, frames->run, paths);
  Ending told = *ending;
  if (buffer.failed) { // what was put so far is in order; only the end has to be said
    free(buffer.bytes);
    buffer = (Buffer){0};
    told.unobserved = "no memory to report the questions";
  }
  put_end(&buffer, frames->run, paths, &told);
  send_all(frames->wire, buffer.bytes, buffer.length);
  free(buffer.bytes);
}
