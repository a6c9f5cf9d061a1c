#include "program.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  MAX_DEPTH = 5,        // of interpreters, as the kernel's BINPRM_RECURSION
  HEAD_SIZE = 256,      // the kernel's BINPRM_BUF_SIZE: a longer #! line is cut
  MAX_SEGMENTS = 1024,
  WORTH_RECORDING = 160 << 10, // bytes of a program: cat, sed and the like look up a handful of names
};

// glibc's ld.so. Before 2.34, when the C library lacked what the recorder needs, it was a link to a
// name with the version in it.
static const char LOADER[] = "ld-linux-x86-64.so.2";

// Writes the interpreter that the #! line in `head` names; false when it names none.
static bool script_interpreter(char *head, char *interpreter) {
  char *line = head + 2;
  line[strcspn(line, "\n")] = 0;
  line += strspn(line, " \t");
  size_t length = strcspn(line, " \t");
  memcpy(interpreter, line, length);
  interpreter[length] = 0;
  return length > 0;
}

static bool elf_interpreter(int file, const Elf64_Ehdr *header, char *interpreter) {
  for (int i = 0; i < header->e_phnum && i < MAX_SEGMENTS; i++) {
    Elf64_Phdr segment;
    off_t at = (off_t)(header->e_phoff + (uint64_t)i * sizeof segment);
    if (pread(file, &segment, sizeof segment, at) != sizeof segment)
      return false;
    if (segment.p_type != PT_INTERP)
      continue;
    if (segment.p_filesz < 2 || segment.p_filesz > PATH_MAX)
      return false;
    ssize_t length = pread(file, interpreter, segment.p_filesz, (off_t)segment.p_offset);
    interpreter[length < 0 ? 0 : length] = 0;
    return length > 0;
  }
  return false;
}

static bool is_native(const Elf64_Ehdr *header) {
  return header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_machine == EM_X86_64;
}

// Reads the header of an open program; on PROGRAM_RUNS the interpreter is empty if there is none.
static Program read_header(int file, char *interpreter) {
  union {
    char text[HEAD_SIZE + 1];
    Elf64_Ehdr elf;
  } head = {0};
  interpreter[0] = 0;
  ssize_t length = pread(file, head.text, HEAD_SIZE, 0);
  if (length >= 2 && memcmp(head.text, "#!", 2) == 0)
    return script_interpreter(head.text, interpreter) ? PROGRAM_RUNS : PROGRAM_UNKNOWN;
  if (length < (ssize_t)sizeof head.elf || memcmp(head.text, ELFMAG, SELFMAG) != 0)
    return length >= EI_NIDENT && memcmp(head.text, ELFMAG, SELFMAG) == 0 && !is_native(&head.elf)
               ? PROGRAM_FOREIGN
               : PROGRAM_UNKNOWN;
  if (!is_native(&head.elf))
    return PROGRAM_FOREIGN;
  elf_interpreter(file, &head.elf, interpreter);
  return PROGRAM_RUNS;
}

static Program ask(Resolver *resolver, pid_t tid, Node *base, Found found, int depth) {
  Node *node = found.node;
  if (!node || found.type != TYPE_FILE)
    return PROGRAM_RUNS; // the kernel refuses it
  paths_ask(&resolver->paths, node, ASK_CONTENT);
  if (node->program && node->kept)
    return PROGRAM_RUNS;
  char path[PATH_MAX + 1];
  paths_write(node, path);
  struct stat status;
  if (stat(path, &status) != 0 || !(status.st_mode & 0111))
    return PROGRAM_RUNS; // EACCES
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) {
    resolver_lose(resolver, "cannot read the header of the program %.200s", path);
    return PROGRAM_RUNS;
  }
  Program program = read_header(file, path); // `path` becomes the interpreter's
  close(file);
  if (program != PROGRAM_RUNS)
    return program;
  if (path[0] && depth < MAX_DEPTH) {
    Found next = resolver_walk(resolver, tid, base, resolver->paths.root, path, true);
    program = ask(resolver, tid, base, next, depth + 1);
    bool loaded = next.node && strcmp(next.node->name, LOADER) == 0;
    node->loads = next.node && (next.node->loads || loaded);
    node->large = next.node && (next.node->large || (loaded && status.st_size >= WORTH_RECORDING));
    // The kept answer covers the interpreter too only if that cannot change either.
    node->program = program == PROGRAM_RUNS && next.node && next.node->kept && path[0] == '/';
    return program;
  }
  node->program = true;
  return PROGRAM_RUNS;
}

Program program_ask(Resolver *resolver, pid_t tid, Node *base, Found found) {
  return ask(resolver, tid, base, found, 0);
}

bool program_loader_holds(int proc, pid_t process, uint64_t address) {
  enum { MOST = 1 << 20 }; // bytes of a loader; what it loads lies below it
  char name[32];
  uint64_t facts[64][2];
  snprintf(name, sizeof name, "%d/auxv", process);
  int file = openat(proc, name, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return false;
  ssize_t count = read(file, facts, sizeof facts) / (ssize_t)sizeof *facts;
  close(file);
  for (ssize_t i = 0; i < count; i++)
    if (facts[i][0] == AT_BASE)
      return facts[i][1] && address - facts[i][1] < MOST;
  return false;
}
