/* Options that several executors have, with their rows for the option tables. */
#ifndef EXECUTORS_OPTIONS_H
#define EXECUTORS_OPTIONS_H

#include "executors/executor.h"

#include <pthread.h>

extern const char *const pin_choices[]; /* in the order of enum pin */

#define OPTION_PIN(params)                                                                         \
	{                                                                                          \
		.name = "pin", .type = OPTION_ENUM, .offset = offsetof(params, pin),               \
		.fallback = "none", .choices = pin_choices,                                        \
		.help = "bind worker i to one CPU: compact fills cores one by one, spread takes "   \
			"whole cores first"                                                        \
	}

#define OPTION_STACK(params)                                                                       \
	{                                                                                          \
		.name = "stack", .type = OPTION_SIZE, .offset = offsetof(params, stack_bytes),     \
		.fallback = "0", .min = "0", .max = "1GiB",                                        \
		.help = "a thread's stack; 0 is the system's default (ulimit -s)"                  \
	}

#define OPTION_CHUNK(params)                                                                       \
	{                                                                                          \
		.name = "chunk", .type = OPTION_INTEGER, .offset = offsetof(params, chunk),        \
		.fallback = "0", .min = "0", .max = "1000000000",                                  \
		.help = "tasks that a worker claims at once; 0 adapts: 1 for long tasks, more "    \
			"while a claim takes under 20us"                                           \
	}

/* Initialises attributes with that stack, raised to the least that the system takes. */
int stack_attributes(pthread_attr_t *attributes, int64_t stack_bytes, struct err *err);

#endif
