#include "functions.h"

#include <math.h>
#include <string.h>

static const struct {
  const char *name;
  double (*apply)(double);
} functions[] = {{"sqrt", sqrt}, {"sin", sin}, {"cos", cos}, {"exp", exp}, {"log", log}};

bool function_call(const char *name, int length, double argument, double *value) {
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    const char *candidate = functions[i].name;
    if (strlen(candidate) == (size_t)length && memcmp(candidate, name, (size_t)length) == 0) {
      *value = functions[i].apply(argument);
      return true;
    }
  }
  return false;
}
