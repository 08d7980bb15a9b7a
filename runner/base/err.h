/*
 * Errors. A function that can fail takes a `struct err *` last and returns 0 or -1; the text is
 * written where the fault is detected. It begins with the problem in lower case, quotes its
 * subject, ends without a full stop and, where there is one, with the remedy after "; ".
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

struct err {
	char text[512]; /* empty: no error */
};

/* Writes the text (cut to fit, never overflowing) and returns -1, so that callers can `return
 * err_set(…)`. */
int err_set(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with ": " and the text of `errno_value` behind it. */
int err_errno(struct err *err, int errno_value, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts text in front of an error that came from further down; returns -1. */
int err_prefix(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "; " and what can be done behind it; returns -1. */
int err_remedy(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
