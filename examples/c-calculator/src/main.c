#include <stdio.h>
#include <string.h>

#include "evaluate.h"

/* Reads lines, prints their values; the status is 1 when one was wrong. */
int main(void) {
  static struct names names;
  char line[1024];
  int status = 0;
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    if (*line == '\0') continue;
    double value;
    const char *error = evaluate(line, &names, &value);
    if (error != NULL) {
      printf("%s: %s\n", line, error);
      status = 1;
    } else {
      printf("%.10g\n", value);
    }
  }
  return status;
}
