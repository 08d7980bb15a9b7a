/*
 * The program's hold on a run's processes. The host leads a process group of its own; the program
 * is the subreaper (prctl(2)) of all that it starts, so a process that left the group, or lost its
 * parents, still comes back here and is ended.
 */
#ifndef ENGINE_PROCESSES_H
#define ENGINE_PROCESSES_H

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

/* Signals the host's whole group. */
void processes_signal(pid_t host, int signal);

/* Kills and reaps all that is left of a run whose host has been reaped. */
void processes_clear(pid_t host);

#endif
