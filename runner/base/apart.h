/*
 * Calls a function in a process of its own, so that nothing of what it loads, allocates or leaves
 * behind stays in the program: its hosts would carry it through every fork.
 */
#ifndef BASE_APART_H
#define BASE_APART_H

#include "base/err.h"

typedef int apart_call(void *arg, struct err *err);

/*
 * For a program with one thread. 0 or -1 as the call returned; its error comes back, what else it
 * writes to memory does not. `what` names it where the process itself fails: "write 'a.xlsx'".
 */
int apart(apart_call *call, void *arg, const char *what, struct err *err);

#endif
