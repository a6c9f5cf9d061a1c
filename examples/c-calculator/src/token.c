#include "token.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

int token_is(const struct token *token, char c) {
  return token->kind == TOKEN_OPERATOR && *token->start == c;
}

struct token token_next(const char **at) {
  while (isspace((unsigned char)**at)) ++*at;
  struct token token = {TOKEN_BAD, *at, 1, 0};
  if (**at == '\0') {
    token.kind = TOKEN_END;
    token.length = 0;
  } else if (isdigit((unsigned char)**at) || **at == '.') {
    char *end;
    token.number = strtod(*at, &end);
    token.kind = end == *at ? TOKEN_BAD : TOKEN_NUMBER;
    token.length = end == *at ? 1 : (int)(end - *at);
  } else if (isalpha((unsigned char)**at)) {
    token.kind = TOKEN_NAME;
    while (isalnum((unsigned char)(*at)[token.length])) token.length++;
  } else if (strchr("+-*/^=(),", **at) != NULL) {
    token.kind = TOKEN_OPERATOR;
  }
  *at += token.length;
  return token;
}
