#include "recording.h"

#include "kernel.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

extern const char recorder_image[], recorder_image_end[];
__asm__(".section .rodata\n"
        ".globl recorder_image, recorder_image_end\n"
        "recorder_image: .incbin \"" RECORDER_IMAGE "\"\n"
        "recorder_image_end:\n"
        ".previous\n");

static int list = -1, library = -1;

static int sealed_file(const char *name, const void *bytes, size_t length, size_t size) {
  int file = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file < 0)
    return -1;
  if (ftruncate(file, (off_t)size) == 0 && pwrite(file, bytes, length, 0) == (ssize_t)length &&
      fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0)
    return file;
  close(file);
  return -1;
}

static int whole_file(const char *name, const void *bytes, size_t length) {
  int file = sealed_file(name, bytes, length, length);
  if (file >= 0)
    fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SEAL);
  return file;
}

void recording_prepare(void) {
  static const char LIST[] = RECORDER_PATH "\n";
  list = whole_file("bric-preload", LIST, sizeof LIST - 1);
  library = whole_file("bric-recorder", recorder_image, (size_t)(recorder_image_end - recorder_image));
}

// These make ld.so tell what it loads, which is not to differ.
static bool tells_what_it_loads(int proc, pid_t process) {
  static const char *const NAMES[] = {"LD_TRACE_LOADED_OBJECTS=", "LD_DEBUG=", "LD_AUDIT="};
  char name[32], environment[32768];
  snprintf(name, sizeof name, "%d/environ", process);
  int file = openat(proc, name, O_RDONLY | O_CLOEXEC);
  ssize_t length = file < 0 ? -1 : read(file, environment, sizeof environment - 1);
  if (file >= 0)
    close(file);
  if (length < 0 || length == sizeof environment - 1)
    return true; // cannot be told
  environment[length] = 0;
  for (const char *at = environment; at < environment + length; at += strlen(at) + 1)
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
      if (strncmp(at, NAMES[i], strlen(NAMES[i])) == 0)
        return true;
  return false;
}

static uint8_t *loading_of(Recording *recording, pid_t process) {
  unsigned place = (unsigned)process % LOADERS;
  return recording->loaders[place].process == process ? &recording->loaders[place].loading : NULL;
}

void recording_expect(Recording *recording, pid_t process) {
  unsigned place = (unsigned)process % LOADERS;
  recording->loaders[place].process = process;
  recording->loaders[place].loading = LOADING_BEGUN;
}

// As if the call had opened `file`. In two steps: where a signal, a stop or a frozen machine comes
// between, SECCOMP_ADDFD_FLAG_SEND takes the file back and leaves the answer, which is then 0.
static bool answer_with(const Recording *recording, uint64_t id, int file) {
  struct seccomp_notif_addfd added = {.id = id, .srcfd = (uint32_t)file, .newfd_flags = O_CLOEXEC};
  int number = ioctl(recording->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &added);
  struct seccomp_notif_resp response = {.id = id, .val = number};
  return number >= 0 && ioctl(recording->listener, SECCOMP_IOCTL_NOTIF_SEND, &response) == 0;
}

// With a reading position of its own, and not to be written to.
static bool answer_with_copy(const Recording *recording, uint64_t id, int proc, int file) {
  char link[64];
  snprintf(link, sizeof link, "self/fd/%d", file);
  int copy = openat(proc, link, O_RDONLY | O_CLOEXEC);
  bool done = copy >= 0 && answer_with(recording, id, copy);
  if (copy >= 0)
    close(copy);
  return done;
}

static bool answer_there(const Recording *recording, uint64_t id) {
  struct seccomp_notif_resp response = {.id = id};
  return ioctl(recording->listener, SECCOMP_IOCTL_NOTIF_SEND, &response) == 0;
}

bool recording_offer(Recording *recording, int proc, uint64_t id, pid_t process, const char *path,
                     bool opens) {
  uint8_t *loading = loading_of(recording, process);
  if (!loading || *loading == LOADING_NOT || list < 0 || library < 0)
    return false;
  Loading before = *loading;
  *loading = LOADING_NOT; // ld.so asks in this order and asks nothing else between
  if (before == LOADING_BEGUN && !opens && strcmp(path, PRELOAD_LIST) == 0 &&
      !tells_what_it_loads(proc, process)) {
    *loading = LOADING_LIST;
    return answer_there(recording, id);
  }
  if (before == LOADING_LIST && opens && strcmp(path, PRELOAD_LIST) == 0) {
    *loading = LOADING_LIBRARY;
    return answer_with_copy(recording, id, proc, list);
  }
  return before == LOADING_LIBRARY && opens && strcmp(path, RECORDER_PATH) == 0 &&
         answer_with_copy(recording, id, proc, library);
}

static bool is_below(const char *path, const char *root) {
  size_t length = strlen(root);
  return strncmp(path, root, length) == 0 && (path[length] == '/' || !path[length]);
}

static bool holds_changes(const Resolver *resolver, const char *root) {
  for (size_t i = 0; i < resolver->place_count; i++)
    if ((resolver->places[i].bits & (PLACE_WRITABLE | PLACE_PROC)) &&
        is_below(resolver->places[i].path, root))
      return true;
  return false;
}

static void tell_prefixes(Ring *ring, const Resolver *resolver) {
  for (size_t i = 0; i < resolver->place_count && ring->prefix_count < FIXED_PREFIXES; i++) {
    const Place *place = &resolver->places[i];
    size_t length = strlen(place->path);
    if (place->bits || length < 2 || length + 1 >= FIXED_PREFIX ||
        holds_changes(resolver, place->path))
      continue;
    char *prefix = ring->prefixes[ring->prefix_count++];
    memcpy(prefix, place->path, length);
    prefix[length] = '/';
  }
}

static bool make_ring(Recording *recording, const Resolver *resolver) {
  static const uint8_t CODE[] = DOOR_CODE;
  int memory = sealed_file("bric-records", CODE, sizeof CODE, DOOR_SIZE + RING_SIZE);
  if (memory < 0)
    return false;
  void *ring = mmap(NULL, RING_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, memory, DOOR_SIZE);
  if (ring == MAP_FAILED) {
    close(memory);
    return false;
  }
  recording->memory = memory;
  recording->ring = ring;
  tell_prefixes(ring, resolver);
  atomic_store(&recording->ring->repeats, true);
  return true;
}

bool recording_give(Recording *recording, const Resolver *resolver, uint64_t id) {
  return (recording->ring || make_ring(recording, resolver)) &&
         answer_with(recording, id, recording->memory);
}

static bool has_fixed_prefix(const Ring *ring, const char *path) {
  for (int i = 0; i < ring->prefix_count && i < FIXED_PREFIXES; i++)
    if (strncmp(path, ring->prefixes[i], strnlen(ring->prefixes[i], FIXED_PREFIX)) == 0)
      return true;
  return false;
}

static void take(Recording *recording, Resolver *resolver, const Record *record) {
  if (record->length >= RECORD_PATH || record->path[0] != '/' ||
      strnlen(record->path, RECORD_PATH) != record->length) {
    resolver_lose(resolver, "a program wrote into the recorder's memory");
    return;
  }
  Node *root = resolver->paths.root;
  resolver->strayed = false;
  resolver_walk(resolver, 0, root, root, record->path, record->follow);
  // A link of a fixed place leads out of it: what is found there may change.
  if (resolver->strayed && has_fixed_prefix(recording->ring, record->path))
    atomic_store(&recording->ring->repeats, false);
}

void recording_drain(Recording *recording, Resolver *resolver) {
  Ring *ring = recording->ring;
  if (!ring)
    return;
  uint32_t published = atomic_load(&ring->published);
  if (published == recording->seen)
    return;
  recording->seen = published;
  for (int i = 0; i < RECORDS; i++) {
    if (atomic_load_explicit(&ring->states[i], memory_order_acquire) != RECORD_READY)
      continue;
    Record record; // programs can write to the original at any time
    memcpy(&record, &ring->records[i], sizeof record);
    atomic_store_explicit(&ring->states[i], RECORD_FREE, memory_order_release);
    take(recording, resolver, &record);
  }
}

void recording_stop(Recording *recording) {
  if (recording->ring)
    atomic_store(&recording->ring->off, true);
}

uint64_t recording_passed(const Recording *recording) {
  return recording->ring ? atomic_load(&recording->ring->passed) : 0;
}

void recording_free(Recording *recording) {
  if (!recording->ring)
    return;
  munmap(recording->ring, RING_SIZE);
  close(recording->memory);
  recording->ring = NULL;
}
