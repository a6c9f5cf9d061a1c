#include "handoff.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

typedef union {
  struct cmsghdr header; // for its alignment
  char room[CMSG_SPACE(sizeof(int))];
} Attached;

bool handoff_send(int socket, int descriptor) {
  Attached attached = {0};
  char byte = 0; // a message may not be empty
  struct iovec data = {&byte, 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &attached,
                           .msg_controllen = sizeof attached};
  attached.header = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
  memcpy(CMSG_DATA(&attached.header), &descriptor, sizeof descriptor);
  ssize_t sent;
  while ((sent = sendmsg(socket, &message, MSG_NOSIGNAL)) < 0 && errno == EINTR)
    ;
  return sent == 1;
}

int handoff_receive(int socket) {
  Attached attached = {0};
  char byte;
  struct iovec data = {&byte, 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &attached,
                           .msg_controllen = sizeof attached};
  ssize_t length;
  while ((length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR)
    ;
  if (length <= 0 || message.msg_controllen < CMSG_LEN(sizeof(int)))
    return -1;
  int descriptor;
  memcpy(&descriptor, CMSG_DATA(&attached.header), sizeof descriptor);
  return descriptor;
}
