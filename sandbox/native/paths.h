// The names of the sandbox's file tree that were looked up, each once, and what was asked of them.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { ASK_STAT = 1, ASK_CONTENT = 2, ASK_LIST = 4 } Ask;

typedef enum { TYPE_UNKNOWN, TYPE_ABSENT, TYPE_FILE, TYPE_DIRECTORY, TYPE_LINK, TYPE_OTHER } Type;

// Where a name lies. A child inherits its parent's place unless the plan says otherwise.
enum {
  PLACE_WATCHED = 1,  // questions here are reported
  PLACE_WRITABLE = 2, // the run may change what is here: never trust an earlier look
  PLACE_HOST = 8,     // and what it changes is the host's: a writable mount
  PLACE_PROC = 4,     // the process file system: links here may be magic
};

typedef struct Piece Piece; // memory that nodes are cut from
typedef struct Node Node;
struct Node {
  Node *parent; // NULL for the root
  Node *next_asked, *next_made, *next_changed;
  char *target; // of a symbolic link whose look is kept
  uint32_t hash;
  uint16_t name_length, path_length; // the path's length without NUL; the root's is 0
  uint8_t asked, existed;            // sets of Ask
  uint8_t type;                      // as last seen
  uint8_t place;
  bool kept;    // the look is good for the whole run
  bool loads;   // a program, or a script for one, whose ld.so can load the recorder
  bool large;   // and it is large enough to gain by it
  bool program; // its header was read and found fit to run
  bool changed; // the run made, wrote, renamed or removed it, or tried to
  char name[];
};

typedef struct {
  Node **table;
  size_t capacity, count;
  Node *root;
  Node *first_asked, *last_asked;
  Node *first_made, *last_made;
  Node *first_changed, *last_changed;
  Piece *pieces;
  size_t left; // of the newest piece
  uint64_t question_count;
} Paths;

// False when there is no memory.
bool paths_init(Paths *paths);

// The child of `parent` called `name`; NULL when there is no memory or the path is too long.
Node *paths_child(Paths *paths, Node *parent, const char *name, size_t length);

// The node at an absolute physical path: no links, no dots.
Node *paths_at(Paths *paths, const char *path);

// Writes the node's path and a NUL; `buffer` holds at least PATH_MAX bytes. Returns the length.
size_t paths_write(const Node *node, char *buffer);

// A copy of the text that lives as long as the paths; NULL when there is no memory.
char *paths_copy(Paths *paths, const char *text);

// Gives all memory back.
void paths_free(Paths *paths);

// Notes that the run changes the node, if it lies where it can.
void paths_change(Paths *paths, Node *node);

// Notes that `ask` was asked of `node`, whose type is fresh.
void paths_ask(Paths *paths, Node *node, Ask ask);
