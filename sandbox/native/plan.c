#include "plan.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const uint8_t *next, *end;
  char *arena; // where strings go, each with its NUL
  char *error;
  size_t error_size;
  unsigned index;
} Reader;

static bool fail(Reader *reader, const char *format, ...) {
  int used = snprintf(reader->error, reader->error_size, "the plan's operation %u ", reader->index);
  va_list list;
  va_start(list, format);
  vsnprintf(reader->error + used, reader->error_size - used, format, list);
  va_end(list);
  return false;
}

static int argument_count(int opcode) {
  switch (opcode) {
  case OP_RUN:
    return 0;
  case OP_PROC: case OP_HOSTNAME: case OP_CWD: case OP_ARG: case OP_ENV: case OP_UMASK:
  case OP_WATCH: case OP_OBSERVE: case OP_ROOT_SIZE: case OP_SHIM: case OP_RECORD:
    return 1;
  case OP_DIR: case OP_WRITABLE: case OP_BIND_READ: case OP_BIND_WRITE: case OP_SYMLINK:
  case OP_IDS:
    return 2;
  case OP_FILE: case OP_LIMIT:
    return 3;
  case OP_OVERLAY:
    return 4;
  default:
    return -1;
  }
}

// Only these may hold NUL bytes: a file's content, and the separators of the lower layers.
static bool may_hold_nul(int opcode, int argument) {
  return (opcode == OP_FILE && argument == 1) || (opcode == OP_OVERLAY && argument == 0);
}

static bool read_text(Reader *reader, Text *text) {
  uint32_t length;
  if ((size_t)(reader->end - reader->next) < sizeof length)
    return fail(reader, "is cut short");
  memcpy(&length, reader->next, sizeof length);
  reader->next += sizeof length;
  if ((size_t)(reader->end - reader->next) < length)
    return fail(reader, "is cut short");
  memcpy(reader->arena, reader->next, length);
  reader->arena[length] = 0;
  *text = (Text){reader->arena, length};
  reader->arena += length + 1;
  reader->next += length;
  return true;
}

static bool read_number(Reader *reader, Text text, int base, uint64_t *value) {
  char *end;
  *value = strtoull(text.bytes, &end, base);
  if (!text.length || *end)
    return fail(reader, "has `%s` where a number belongs", text.bytes);
  return true;
}

static bool read_bound(Reader *reader, Text text, uint64_t *value) {
  if (strcmp(text.bytes, "-") == 0) {
    *value = UINT64_MAX; // RLIM64_INFINITY
    return true;
  }
  return read_number(reader, text, 10, value);
}

static bool set_limit(Reader *reader, Plan *plan, const Op *op) {
  if (plan->limit_count == MAX_LIMITS)
    return fail(reader, "is one limit too many");
  Limit *limit = &plan->limits[plan->limit_count++];
  uint64_t resource;
  if (!read_number(reader, op->arguments[0], 10, &resource))
    return false;
  if (resource >= LIMITS)
    return false;
  limit->resource = (int)resource;
  return read_bound(reader, op->arguments[1], &limit->soft) &&
         read_bound(reader, op->arguments[2], &limit->hard);
}

static bool set_watch(Reader *reader, Plan *plan, const Op *op) {
  if (plan->watched_count == MAX_WATCHED)
    return fail(reader, "is one watched root too many");
  plan->watched[plan->watched_count++] = op->arguments[0].bytes;
  return true;
}

static bool set_shim(Reader *reader, Plan *plan, const Op *op) {
  if (plan->shim_count == MAX_SHIMS)
    return fail(reader, "is one shim too many");
  plan->shims[plan->shim_count++] = op->arguments[0].bytes;
  return true;
}

static bool set(Reader *reader, Plan *plan, const Op *op) {
  uint64_t number, second;
  const Text *text = op->arguments;
  switch (op->code) {
  case OP_HOSTNAME:
    plan->hostname = text->bytes;
    return true;
  case OP_CWD:
    plan->cwd = text->bytes;
    return true;
  case OP_IDS:
    if (!read_number(reader, text[0], 10, &number) || !read_number(reader, text[1], 10, &second))
      return false;
    plan->uid = (uid_t)number;
    plan->gid = (gid_t)second;
    return true;
  case OP_UMASK:
    if (!read_number(reader, *text, 8, &number))
      return false;
    plan->umask = (mode_t)number;
    return true;
  case OP_LIMIT:
    return set_limit(reader, plan, op);
  case OP_WATCH:
    return set_watch(reader, plan, op);
  case OP_SHIM:
    return set_shim(reader, plan, op);
  case OP_OBSERVE:
    plan->observe = text->bytes[0] == '1';
    return true;
  case OP_RECORD:
    if (!read_number(reader, *text, 10, &number))
      return false;
    plan->recorder = number > RECORDER_ALL ? RECORDER_OFF : (Recorder)number;
    return true;
  case OP_ROOT_SIZE:
    return read_number(reader, *text, 10, &plan->root_size);
  default:
    return fail(reader, "has the unknown code %d", op->code);
  }
}

static bool read_op(Reader *reader, Op *op) {
  if (reader->next == reader->end)
    return fail(reader, "is missing: a plan ends with `run`");
  op->code = *reader->next++;
  op->index = reader->index;
  int count = argument_count(op->code);
  if (count < 0)
    return fail(reader, "has the unknown code %d: is the helper older than its daemon?", op->code);
  for (int i = 0; i < count; i++) {
    if (!read_text(reader, &op->arguments[i]))
      return false;
    const Text *text = &op->arguments[i];
    if (!may_hold_nul(op->code, i) && memchr(text->bytes, 0, text->length))
      return fail(reader, "has a NUL byte in argument %d", i);
  }
  return true;
}

static bool check(Reader *reader, const Plan *plan) {
  if (!plan->argv[0])
    return fail(reader, "is `run`, but there is no command: give at least one argument");
  if (plan->cwd[0] != '/')
    return fail(reader, "needs an absolute working directory, not `%s`", plan->cwd);
  if (plan->shim_count && !plan->observe)
    return fail(reader, "is `run` with shims: those need `observe`");
  return true;
}

bool plan_parse(const uint8_t *bytes, size_t length, Plan *plan, char *error, size_t error_size) {
  Reader reader = {.next = bytes, .end = bytes + length, .error = error, .error_size = error_size};
  *plan = (Plan){.hostname = "bricolage", .cwd = "/", .uid = USUAL_ID, .gid = USUAL_ID, .umask = 022,
                 .observe = true};
  // An operation with an argument takes at least five bytes, an argument four.
  size_t most = length / 5 + 2;
  reader.arena = malloc(length + length / 4 + 1);
  plan->ops = malloc(most * sizeof *plan->ops);
  plan->argv = malloc(most * sizeof *plan->argv);
  plan->envp = malloc(most * sizeof *plan->envp);
  if (!reader.arena || !plan->ops || !plan->argv || !plan->envp)
    return fail(&reader, "does not fit in memory");
  size_t argc = 0, envc = 0;
  plan->argv[0] = plan->envp[0] = NULL;
  for (;; reader.index++) {
    Op op;
    if (!read_op(&reader, &op))
      return false;
    if (op.code == OP_RUN)
      return check(&reader, plan);
    if (op.code < OP_HOSTNAME) {
      plan->ops[plan->op_count++] = op;
    } else if (op.code == OP_ARG) {
      plan->argv[argc++] = (char *)op.arguments[0].bytes;
      plan->argv[argc] = NULL;
    } else if (op.code == OP_ENV) {
      plan->envp[envc++] = (char *)op.arguments[0].bytes;
      plan->envp[envc] = NULL;
    } else if (!set(&reader, plan, &op)) {
      return false;
    }
  }
}
