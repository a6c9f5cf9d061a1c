#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include <stdbool.h>

/* Calls the function of this name; false when there is none. */
bool function_call(const char *name, int length, double argument, double *value);

#endif
