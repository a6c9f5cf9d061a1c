#ifndef TOKEN_H
#define TOKEN_H

/* The words of the language. NAME and NUMBER carry a value. */
enum token_kind {
  TOKEN_END,
  TOKEN_NUMBER,
  TOKEN_NAME,
  TOKEN_OPERATOR, /* one of + - * / ^ = ( ) , */
  TOKEN_BAD
};

struct token {
  enum token_kind kind;
  const char *start;
  int length;
  double number;
};

/* Reads the token at *at and moves *at behind it. */
struct token token_next(const char **at);

/* Whether it is the operator c. */
int token_is(const struct token *token, char c);

#endif
