// The self-test behind `bric doctor`.
#pragma once

// Prints one line per capability, `ok|fail NAME DETAIL`. Returns 0 if a sandbox can run here.
int probe_main(void);
