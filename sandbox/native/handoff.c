#include "handoff.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

typedef union {
  struct cmsghdr header; // for its alignment
  char room[CMSG_SPACE(sizeof(int) * HANDOFF_MOST) + CMSG_SPACE(sizeof(struct ucred))];
} Attached;

static bool send_message(int socket, const int *descriptors, size_t count, const void *bytes,
                         size_t length) {
  Attached attached;
  struct iovec data = {(void *)bytes, length};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &attached,
                           .msg_controllen = CMSG_SPACE(sizeof(int) * count)};
  memset(&attached, 0, message.msg_controllen);
  attached.header = (struct cmsghdr){CMSG_LEN(sizeof(int) * count), SOL_SOCKET, SCM_RIGHTS};
  memcpy(CMSG_DATA(&attached.header), descriptors, sizeof(int) * count);
  ssize_t sent;
  while ((sent = sendmsg(socket, &message, MSG_NOSIGNAL)) < 0 && errno == EINTR)
    ;
  return sent == (ssize_t)length;
}

bool handoff_send_with(int socket, int descriptor, const void *bytes, size_t length) {
  return send_message(socket, &descriptor, 1, bytes, length);
}

bool handoff_send_many(int socket, const int *descriptors, size_t count) {
  return send_message(socket, descriptors, count, "", 1); // a message may not be empty
}

bool handoff_send(int socket, int descriptor) {
  return handoff_send_many(socket, &descriptor, 1);
}

// What came with a message.
typedef struct {
  int descriptors[HANDOFF_MOST];
  int count;
  pid_t sender;
} Came;

static void unpack(struct msghdr *message, Came *came) {
  came->count = 0;
  came->sender = 0;
  for (struct cmsghdr *at = CMSG_FIRSTHDR(message); at; at = CMSG_NXTHDR(message, at)) {
    if (at->cmsg_level != SOL_SOCKET)
      continue;
    if (at->cmsg_type == SCM_RIGHTS) {
      came->count = (int)((at->cmsg_len - CMSG_LEN(0)) / sizeof(int));
      memcpy(came->descriptors, CMSG_DATA(at), sizeof(int) * (size_t)came->count);
    } else if (at->cmsg_type == SCM_CREDENTIALS) {
      came->sender = ((const struct ucred *)(const void *)CMSG_DATA(at))->pid;
    }
  }
}

static ssize_t receive(int socket, void *bytes, size_t length, int flags, Came *came) {
  Attached attached;
  struct iovec data = {bytes, length};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &attached,
                           .msg_controllen = sizeof attached};
  ssize_t received;
  while ((received = recvmsg(socket, &message, flags)) < 0 && errno == EINTR)
    ;
  if (received > 0)
    unpack(&message, came);
  return received;
}

int handoff_receive(int socket) {
  char byte;
  Came came;
  return receive(socket, &byte, 1, MSG_CMSG_CLOEXEC, &came) > 0 && came.count ? came.descriptors[0]
                                                                              : -1;
}

bool handoff_receive_two(int socket, int *first, int *second) {
  char byte;
  Came came;
  if (receive(socket, &byte, 1, MSG_CMSG_CLOEXEC, &came) <= 0 || came.count != 2)
    return false;
  *first = came.descriptors[0];
  *second = came.descriptors[1];
  return true;
}

int handoff_receive_many(int socket, int most) {
  char byte;
  Came came;
  if (receive(socket, &byte, 1, 0, &came) <= 0 || came.count > most)
    return -1;
  return came.count;
}

ssize_t handoff_receive_with(int socket, void *bytes, size_t length, int *descriptor,
                             pid_t *sender) {
  Came came;
  ssize_t received = receive(socket, bytes, length, MSG_CMSG_CLOEXEC, &came);
  if (received <= 0)
    return 0;
  *descriptor = came.count ? came.descriptors[0] : -1;
  *sender = came.sender;
  return received;
}
