// Starts the real tools. It lives in the mount namespace without shims, in the session of the build,
// and its children are observed by listeners of their own: a process that descends from the build
// could not be, as the kernel allows one listener in a chain of filters.
#pragma once

// Serves the supervisor's socket (SEQPACKET); never returns. A request is a byte with two
// descriptors: the run's own socket and the memory file with its Spawn.
_Noreturn void zygote_main(int socket);
