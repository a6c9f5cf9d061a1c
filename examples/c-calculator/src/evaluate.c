#include "evaluate.h"

#include <math.h>
#include <stddef.h>

#include "functions.h"
#include "token.h"

/* Where a line's evaluation stands; once there is an error, everything gives 0. */
struct state {
  const char *rest;
  struct token next;
  struct names *names;
  const char *error;
};

static double sum(struct state *state);

static void advance(struct state *state) { state->next = token_next(&state->rest); }

static double wrong(struct state *state, const char *error) {
  if (state->error == NULL) state->error = error;
  return 0;
}

static double closing(struct state *state, double value) {
  if (!token_is(&state->next, ')')) return wrong(state, "a ) is missing");
  advance(state);
  return value;
}

static double named(struct state *state) {
  struct token name = state->next;
  double value = 0;
  advance(state);
  if (token_is(&state->next, '(')) {
    advance(state);
    double argument = closing(state, sum(state));
    if (!function_call(name.start, name.length, argument, &value))
      return wrong(state, "there is no such function");
  } else if (!names_get(state->names, name.start, name.length, &value)) {
    return wrong(state, "there is no such name");
  }
  return value;
}

static double unary(struct state *state) {
  struct token token = state->next;
  if (token.kind == TOKEN_NAME) return named(state);
  advance(state);
  if (token.kind == TOKEN_NUMBER) return token.number;
  if (token_is(&token, '-')) return -unary(state);
  if (token_is(&token, '(')) return closing(state, sum(state));
  return wrong(state, "a number, a name or a ( was expected");
}

static double power(struct state *state) {
  double base = unary(state);
  if (state->error != NULL || !token_is(&state->next, '^')) return base;
  advance(state);
  return pow(base, power(state));
}

static double product(struct state *state) {
  double value = power(state);
  while (state->error == NULL) {
    if (token_is(&state->next, '*')) {
      advance(state);
      value *= power(state);
    } else if (token_is(&state->next, '/')) {
      advance(state);
      double divisor = power(state);
      if (divisor == 0) return wrong(state, "division by zero");
      value /= divisor;
    } else {
      break;
    }
  }
  return value;
}

static double sum(struct state *state) {
  double value = product(state);
  while (state->error == NULL) {
    if (token_is(&state->next, '+')) {
      advance(state);
      value += product(state);
    } else if (token_is(&state->next, '-')) {
      advance(state);
      value -= product(state);
    } else {
      break;
    }
  }
  return value;
}

/* Moves behind `name =`, if the line begins so. */
static struct token assignment(struct state *state) {
  const char *rest = state->rest;
  struct token name = token_next(&rest);
  struct token equals = token_next(&rest);
  if (name.kind != TOKEN_NAME || !token_is(&equals, '=')) return (struct token){0};
  state->rest = rest;
  return name;
}

const char *evaluate(const char *line, struct names *names, double *value) {
  struct state state = {.rest = line, .names = names};
  struct token name = assignment(&state);
  advance(&state);
  *value = sum(&state);
  if (state.error == NULL && state.next.kind != TOKEN_END) wrong(&state, "more than an expression");
  if (state.error == NULL && name.kind == TOKEN_NAME)
    if (!names_set(names, name.start, name.length, *value)) wrong(&state, "no room for this name");
  return state.error;
}
