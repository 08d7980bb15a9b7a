/*
 * Functions that are not used here, after git's header of the same name: they write without a
 * bound, hide their state, or cannot report an error. The build includes this file before the
 * first line of every source; the headers that declare the names must come before the ban. So must
 * a library's header whose macros use them: the build names it, BANNED_AFTER=<xlsxwriter.h>.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef BANNED_AFTER
#include BANNED_AFTER
#endif

#pragma GCC poison strcpy strcat stpcpy strncpy strncat
#pragma GCC poison sprintf vsprintf gets
#pragma GCC poison strtok atoi atol atoll atof
#undef alloca /* a macro in the C library; those cannot be poisoned */
#pragma GCC poison alloca

#endif
