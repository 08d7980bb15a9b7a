/*
 * Numbers as text, for files with a row a task: each function writes at `to`, which must have room,
 * and returns what follows. No NUL, no locale.
 */
#ifndef REPORT_DECIMAL_H
#define REPORT_DECIMAL_H

#include <stdint.h>

enum { DECIMAL_MOST = 24 }; /* the most bytes that one of them writes */

char *decimal_count(char *to, uint64_t number);
char *decimal_seconds(char *to, uint64_t ns);      /* exact, always nine decimals: 0.000001500 */
char *decimal_microseconds(char *to, uint64_t ns); /* exact, always three: 1.500 */

#endif
