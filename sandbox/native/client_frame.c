/* Frames: u8 type, u32 length (little-endian), payload. See docs/formats/client.md. */
#include "client.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void client_put(struct client_bytes *bytes, const void *data, size_t length) {
  if (bytes->length + length > bytes->capacity) {
    size_t capacity = 2 * (bytes->length + length) + 4096;
    bytes->data = realloc(bytes->data, capacity);
    if (bytes->data == NULL) client_fail(CLIENT_INTERNAL, "out of memory for a request");
    bytes->capacity = capacity;
  }
  memcpy(bytes->data + bytes->length, data, length);
  bytes->length += length;
}

void client_put_u8(struct client_bytes *bytes, uint8_t value) { client_put(bytes, &value, 1); }

void client_put_u16(struct client_bytes *bytes, uint16_t value) {
  unsigned char encoded[2] = {value & 0xff, value >> 8};
  client_put(bytes, encoded, sizeof encoded);
}

static void encode_u32(unsigned char *at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = (value >> (8 * i)) & 0xff;
}

void client_put_u32(struct client_bytes *bytes, uint32_t value) {
  unsigned char encoded[4];
  encode_u32(encoded, value);
  client_put(bytes, encoded, sizeof encoded);
}

void client_put_string(struct client_bytes *bytes, const char *string) {
  size_t length = strlen(string);
  client_put_u32(bytes, (uint32_t)length);
  client_put(bytes, string, length);
}

size_t client_frame_open(struct client_bytes *bytes, enum client_frame_type type) {
  size_t start = bytes->length;
  client_put_u8(bytes, (uint8_t)type);
  client_put_u32(bytes, 0);
  return start;
}

void client_frame_close(struct client_bytes *bytes, size_t start) {
  size_t payload = bytes->length - start - CLIENT_FRAME_HEADER;
  encode_u32(bytes->data + start + 1, (uint32_t)payload);
}

uint32_t client_u32(const unsigned char *bytes) {
  return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

int client_send(int fd, const void *data, size_t length) {
  const char *rest = data;
  while (length > 0) {
    ssize_t sent = send(fd, rest, length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return -1;
    rest += sent;
    length -= (size_t)sent;
  }
  return 0;
}

int client_receive(int fd, void *data, size_t length, int timeout_ms) {
  char *rest = data;
  while (length > 0) {
    if (timeout_ms >= 0) {
      struct pollfd readable = {.fd = fd, .events = POLLIN};
      int ready = poll(&readable, 1, timeout_ms);
      if (ready < 0 && errno == EINTR) continue;
      if (ready == 0) errno = ETIMEDOUT;
      if (ready <= 0) return -1;
    }
    ssize_t received = read(fd, rest, length);
    if (received < 0 && errno == EINTR) continue;
    if (received == 0 || (received < 0 && errno == ECONNRESET)) return 0;
    if (received < 0) return -1;
    rest += received;
    length -= (size_t)received;
  }
  return 1;
}
