#include "names.h"

#include <string.h>

static int find(const struct names *names, const char *name, int length) {
  for (int i = 0; i < names->count; i++)
    if (strncmp(names->name[i], name, (size_t)length) == 0 && names->name[i][length] == '\0')
      return i;
  return -1;
}

bool names_get(const struct names *names, const char *name, int length, double *value) {
  if (length >= NAME_LENGTH) return false;
  int at = find(names, name, length);
  if (at >= 0) *value = names->value[at];
  return at >= 0;
}

bool names_set(struct names *names, const char *name, int length, double value) {
  if (length >= NAME_LENGTH) return false;
  int at = find(names, name, length);
  if (at < 0) {
    if (names->count == NAMES_MAX) return false;
    at = names->count++;
    memcpy(names->name[at], name, (size_t)length);
    names->name[at][length] = '\0';
  }
  names->value[at] = value;
  return true;
}
