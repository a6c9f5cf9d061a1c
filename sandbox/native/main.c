// One static program under several names: `bric` is the client, and so are links to it named `ninja`
// and `bric-ninja`; `bric-helper serve SOCKET` runs sandboxes; `bric-helper probe` tells what this
// machine allows.

#include "probe.h"
#include "serve.h"

#include <stdio.h>
#include <string.h>

int client_main(int argc, char **argv);

// Takes the client's place in a build of the sandbox alone.
__attribute__((weak)) int client_main(int argc, char **argv) {
  (void)argc;
  fprintf(stderr, "%s: this program was built without the client\n", argv[0]);
  return 70;
}

static int usage(void) {
  fprintf(stderr, "usage: bric-helper serve SOCKET | bric-helper probe\n");
  return 64;
}

int main(int argc, char **argv) {
  const char *slash = argc ? strrchr(argv[0], '/') : NULL;
  const char *name = slash ? slash + 1 : argc ? argv[0] : "";
  if (strcmp(name, "bric") == 0 || strcmp(name, "ninja") == 0 || strcmp(name, "bric-ninja") == 0)
    return client_main(argc, argv);
  if (argc == 3 && strcmp(argv[1], "serve") == 0)
    return serve_main(argv[2]);
  if (argc == 2 && strcmp(argv[1], "probe") == 0)
    return probe_main();
  return usage();
}
