#include "paths.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 4096 };

static uint32_t hash_of(const Node *parent, const char *name, size_t length) {
  uint32_t hash = parent ? parent->hash * 31 + 17 : 2166136261u;
  for (size_t i = 0; i < length; i++)
    hash = (hash ^ (uint8_t)name[i]) * 16777619u;
  return hash;
}

struct Piece {
  Piece *before;
  char bytes[];
};

// Nodes are freed all together, so they are cut from large pieces.
static void *cut(Paths *paths, size_t size) {
  size = (size + 7) & ~(size_t)7;
  enum { USUAL = 65536 - sizeof(Piece) };
  if (size > paths->left) {
    size_t want = size > USUAL ? size : USUAL;
    Piece *fresh = malloc(sizeof *fresh + want);
    if (!fresh)
      return NULL;
    fresh->before = paths->pieces;
    paths->pieces = fresh;
    paths->left = want;
  }
  paths->left -= size;
  return paths->pieces->bytes + paths->left; // from the end: its size need not be kept
}

char *paths_copy(Paths *paths, const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = cut(paths, size);
  return copy ? memcpy(copy, text, size) : NULL;
}

void paths_free(Paths *paths) {
  while (paths->pieces) {
    Piece *piece = paths->pieces;
    paths->pieces = piece->before;
    free(piece);
  }
  free(paths->table);
  *paths = (Paths){0};
}

static Node *make(Paths *paths, Node *parent, const char *name, size_t length, uint32_t hash) {
  Node *node = cut(paths, sizeof *node + length + 1);
  if (!node)
    return NULL;
  *node = (Node){.parent = parent, .hash = hash, .name_length = (uint16_t)length};
  if (parent) {
    node->path_length = (uint16_t)(parent->path_length + 1 + length);
    node->place = parent->place;
  }
  memcpy(node->name, name, length);
  node->name[length] = 0;
  if (paths->last_made)
    paths->last_made->next_made = node;
  else
    paths->first_made = node;
  paths->last_made = node;
  return node;
}

static bool grow(Paths *paths) {
  size_t capacity = paths->capacity * 2;
  Node **table = calloc(capacity, sizeof *table);
  if (!table)
    return false;
  for (size_t i = 0; i < paths->capacity; i++) {
    Node *node = paths->table[i];
    if (!node)
      continue;
    size_t slot = node->hash & (capacity - 1);
    while (table[slot])
      slot = (slot + 1) & (capacity - 1);
    table[slot] = node;
  }
  free(paths->table);
  paths->table = table;
  paths->capacity = capacity;
  return true;
}

bool paths_init(Paths *paths) {
  *paths = (Paths){.capacity = FIRST_CAPACITY};
  paths->table = calloc(FIRST_CAPACITY, sizeof *paths->table);
  paths->root = make(paths, NULL, "", 0, hash_of(NULL, "", 0));
  return paths->table && paths->root;
}

Node *paths_child(Paths *paths, Node *parent, const char *name, size_t length) {
  if (parent->path_length + 1 + length >= PATH_MAX)
    return NULL;
  uint32_t hash = hash_of(parent, name, length);
  size_t slot = hash & (paths->capacity - 1);
  for (Node *node; (node = paths->table[slot]); slot = (slot + 1) & (paths->capacity - 1))
    if (node->hash == hash && node->parent == parent && node->name_length == length &&
        memcmp(node->name, name, length) == 0)
      return node;
  if (paths->count * 3 >= paths->capacity * 2) {
    if (!grow(paths))
      return NULL;
    return paths_child(paths, parent, name, length);
  }
  Node *node = make(paths, parent, name, length, hash);
  if (!node)
    return NULL;
  paths->table[slot] = node;
  paths->count++;
  return node;
}

Node *paths_at(Paths *paths, const char *path) {
  Node *node = paths->root;
  while (node) {
    path += strspn(path, "/");
    size_t length = strcspn(path, "/");
    if (!length)
      return node;
    node = paths_child(paths, node, path, length);
    path += length;
  }
  return NULL;
}

size_t paths_write(const Node *node, char *buffer) {
  if (!node->parent) {
    memcpy(buffer, "/", 2);
    return 1;
  }
  size_t end = node->path_length;
  buffer[end] = 0;
  for (size_t at = end; node->parent; node = node->parent) {
    at -= node->name_length;
    memcpy(buffer + at, node->name, node->name_length);
    buffer[--at] = '/';
  }
  return end;
}

void paths_ask(Paths *paths, Node *node, Ask ask) {
  if ((node->asked & ask) || !(node->place & PLACE_WATCHED))
    return;
  // What was absent when first asked for and exists now was made by the run itself: its bytes are
  // a function of the run, not an answer of the world.
  if (ask != ASK_STAT && (node->asked & ASK_STAT) && !(node->existed & ASK_STAT) &&
      (node->place & PLACE_WRITABLE))
    return;
  if (!node->asked) {
    if (paths->last_asked)
      paths->last_asked->next_asked = node;
    else
      paths->first_asked = node;
    paths->last_asked = node;
  }
  node->asked |= ask;
  if (node->type != TYPE_ABSENT)
    node->existed |= ask;
  paths->question_count++;
}

void paths_change(Paths *paths, Node *node) {
  if (node->changed || !(node->place & PLACE_WRITABLE))
    return;
  node->changed = true;
  if (paths->last_changed)
    paths->last_changed->next_changed = node;
  else
    paths->first_changed = node;
  paths->last_changed = node;
}
