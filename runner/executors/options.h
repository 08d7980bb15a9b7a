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
		.help = "bind worker i to one CPU: compact fills cores one by one, spread takes " \
			"whole cores first"                                                        \
	}

extern const char *const start_choices[]; /* in the order of enum start */

#define OPTION_START(params)                                                                       \
	{                                                                                          \
		.name = "start", .type = OPTION_ENUM, .offset = offsetof(params, start),           \
		.fallback = "fork", .choices = start_choices,                                      \
		.help = "fork copies the host, spawn executes a fresh program image"               \
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

#define OPTIONS_GIL(params)                                                                        \
	{.name = "gil", .type = OPTION_BOOL, .offset = offsetof(params, gil.on),                   \
		.fallback = "false",                                                               \
		.help = "CPython's rule: a thread computes only while it holds one lock"},         \
	{                                                                                          \
		.name = "switch_interval", .type = OPTION_DURATION,                                \
		.offset = offsetof(params, gil.switch_interval_ns), .fallback = "5ms",             \
		.min = "1us", .max = "10s", .when = "gil=true",                                    \
		.help = "how long a thread waits for the gil before it asks the holder for it" \
	}

struct gil_options {
	bool on;
	int64_t switch_interval_ns;
};

extern const struct metric gil_metrics[];

void gil_start(struct crew *crew, const struct gil_options *options);
void gil_report(struct crew *crew, const struct gil_options *options);

/* Initialises attributes with that stack, raised to the least that the system takes. */
int stack_attributes(pthread_attr_t *attributes, int64_t stack_bytes, struct err *err);

#endif
