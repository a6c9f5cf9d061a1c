// Passing open descriptors over a socket.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { HANDOFF_MOST = 253 }; // the kernel's SCM_MAX_FD

bool handoff_send(int socket, int descriptor);

// The same with a message; its bytes are kept together by a SEQPACKET socket.
bool handoff_send_with(int socket, int descriptor, const void *bytes, size_t length);

// Up to HANDOFF_MOST of them.
bool handoff_send_many(int socket, const int *descriptors, size_t count);

// Returns the descriptor, or -1 if the other side is gone.
int handoff_receive(int socket);

// Both are close-on-exec. False if the other side is gone.
bool handoff_receive_two(int socket, int *first, int *second);

// Receives a message of descriptors that stay open in an exec. Returns their number, or -1.
int handoff_receive_many(int socket, int most);

// Receives `length` bytes; the descriptor that came along or -1, and with SO_PASSCRED the sender's
// number. Returns the bytes received; 0 if the other side is gone.
ssize_t handoff_receive_with(int socket, void *bytes, size_t length, int *descriptor, pid_t *sender);
