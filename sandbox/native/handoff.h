// Passing one descriptor from a process to another over a Unix socket.
#pragma once

#include <stdbool.h>

bool handoff_send(int socket, int descriptor);

// Waits for the descriptor; -1 if the other side ends without one.
int handoff_receive(int socket);
