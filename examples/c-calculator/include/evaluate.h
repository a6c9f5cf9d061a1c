#ifndef EVALUATE_H
#define EVALUATE_H

#include "names.h"

/*
 * Evaluates one line: an expression, or `name = expression`. Gives NULL, or what is wrong with it.
 *
 *   line    := [name '='] sum
 *   sum     := product (('+' | '-') product)*
 *   product := power (('*' | '/') power)*
 *   power   := unary ['^' power]
 *   unary   := '-' unary | number | name | function '(' sum ')' | '(' sum ')'
 */
const char *evaluate(const char *line, struct names *names, double *value);

#endif
