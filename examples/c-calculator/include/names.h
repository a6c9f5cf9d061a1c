#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>

/* Variables: a small table, as a calculator needs one. */
enum { NAMES_MAX = 64, NAME_LENGTH = 32 };

struct names {
  int count;
  char name[NAMES_MAX][NAME_LENGTH];
  double value[NAMES_MAX];
};

/* False when there is no such name. */
bool names_get(const struct names *names, const char *name, int length, double *value);

/* False when the name is too long or the table is full. */
bool names_set(struct names *names, const char *name, int length, double value);

#endif
