/*
 * A program image that does nothing but say when it began: what a fresh image costs. It is conrun
 * itself, executed with NEWBORN_ARGUMENT and a pipe as stdout; a stamp of CLOCK_MONOTONIC in
 * nanoseconds, a uint64_t, is all that it writes.
 */
#ifndef MEASURE_NEWBORN_H
#define MEASURE_NEWBORN_H

#include <stdbool.h>

#define NEWBORN_PROGRAM  "/proc/self/exe"
#define NEWBORN_ARGUMENT "--newborn"

/* For main, before anything else: is argv that of such an image? Then it calls newborn_main. */
bool newborn_is(int argc, char **argv);
int newborn_main(void);

#endif
