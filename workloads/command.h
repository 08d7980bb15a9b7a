/*
 * A command: a program that is run again and again, and what becomes of its output. All that is
 * the same each time is made once, in the memory of the process that runs it.
 *
 * A command starts with the dispositions and the mask of signals that a shell would give it, stdin
 * is empty, and of the descriptors of the run it inherits none.
 */
#ifndef WORKLOADS_COMMAND_H
#define WORKLOADS_COMMAND_H

#include "base/err.h"
#include "base/option.h"
#include "base/text.h"

#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

enum output { OUTPUT_DISCARD, OUTPUT_SHOW, OUTPUT_KEEP };

/* What a scenario says of it. */
struct command_params {
	struct option_list words;       /* the program and its arguments */
	struct option_list environment; /* NAME=VALUE, beside or instead of what the run has */
	int output;                     /* enum output */
	const char *output_folder;      /* of OUTPUT_KEEP; a whole path */
	const char *folder;             /* its working folder; a whole path */
};

struct command {
	const char *program; /* what execve takes */
	int missing;         /* errno: why there is no such program; 0 */
	char **argv, **environment;
	posix_spawnattr_t attributes;
	enum output output;
	const char *output_folder;
	const char *folder;
	int null;
	struct text label; /* its words, for messages */
	struct text path;  /* where the program was found */
};

/* `-1`: the folder cannot be entered, or no descriptor is left. A program that is missing is found
 * out when it is run. Borrows the params. */
int command_make(struct command *command, const struct command_params *params, struct err *err);
void command_release(struct command *command);

/* Where the output of one run at a time goes. */
struct outlet {
	enum output output;
	int to;             /* what the command writes to; -1: what conrun's stderr is */
	int from;           /* the other end of a pipe, to be read without blocking; -1: none */
	const char *folder; /* of the files that are kept */
	posix_spawn_file_actions_t actions;
	char tail[512]; /* the last that came through the pipe */
	size_t tail_length;
};

int outlet_open(struct outlet *outlet, const struct command *command, struct err *err);
void outlet_close(struct outlet *outlet);
int outlet_begin(struct outlet *outlet, uint64_t index, struct err *err); /* for task `index` */
void outlet_drain(struct outlet *outlet);

/* The last line of what the command wrote to stderr (of a file, to stdout too); "" if there is
 * none, or nobody knows. `line` has room for a tail and its NUL. */
void outlet_last_line(struct outlet *outlet, char *line);

/* One run of a command. */
struct child {
	pid_t pid;
	int pidfd; /* readable when it has ended */
	int status;
	struct rusage usage;
};

int command_start(const struct command *command, struct outlet *outlet, uint64_t index,
	struct child *child, struct err *err);

/* Waits for the end of one whose pidfd is readable, or that was killed. */
void child_reap(struct child *child);

#endif
