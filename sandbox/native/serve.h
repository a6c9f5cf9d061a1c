// The sandbox server: a small process that keeps prepared workers, one for each coming run.
#pragma once

// Binds the socket, says "ready" on stdout, and serves until stdin ends. Returns an exit code.
int serve_main(const char *socket_path);
