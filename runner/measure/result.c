/* The life of a run's result, and the names that its codes have in rows. */
#include "measure/result.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const status_names[STATUS_COUNT] = {
	[STATUS_OK] = "ok",
	[STATUS_SKIPPED_LIMIT] = "skipped_limit",
	[STATUS_UNSUPPORTED] = "unsupported",
	[STATUS_INTERRUPTED] = "interrupted",
	[STATUS_FAILED] = "failed",
	[STATUS_WRONG_RESULT] = "wrong_result",
	[STATUS_TIMEOUT] = "timeout",
	[STATUS_CRASHED] = "crashed",
};

const char *status_name(enum status status)
{
	return status_names[status];
}

void result_init(struct result *result)
{
	memset(result, 0, sizeof(*result));
	tally_init(&result->task_ns);
	tally_init(&result->wait_ns);
}

void result_release(struct result *result)
{
	tally_release(&result->task_ns);
	tally_release(&result->wait_ns);
	free(result->worker_tasks);
}

void result_clear(struct result *result)
{
	struct result kept = *result;
	tally_clear(&kept.task_ns);
	tally_clear(&kept.wait_ns);
	memset(result, 0, sizeof(*result));
	result->task_ns = kept.task_ns;
	result->wait_ns = kept.wait_ns;
	result->worker_tasks = kept.worker_tasks;
	result->worker_capacity = kept.worker_capacity;
}

void result_workers(struct result *result, size_t count)
{
	if (count > result->worker_capacity) {
		result->worker_tasks = memory_resize(result->worker_tasks, count, sizeof(uint64_t));
		result->worker_capacity = count;
	}
	result->worker_count = count;
}

static const struct {
	unsigned flag;
	const char *name;
} noise_table[] = {
	{NOISE_STEAL, "steal"},
	{NOISE_THROTTLED, "throttled"},
	{NOISE_BUSY, "busy"},
	{NOISE_QUEUED, "queued"},
};

const char *noise_names(unsigned noise, char text[NOISE_TEXT_BYTES])
{
	size_t length = 0;
	text[0] = '\0';
	for (size_t i = 0; i < sizeof(noise_table) / sizeof(noise_table[0]); i++) {
		if (!(noise & noise_table[i].flag))
			continue;
		length += (size_t)snprintf(text + length, NOISE_TEXT_BYTES - length, "%s%s",
			length > 0 ? " " : "", noise_table[i].name);
	}
	return text;
}
