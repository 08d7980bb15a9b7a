/* See journal.h: one table says which members of a result a line has, and under which names. */
#include "report/journal.h"

#include "base/memory.h"
#include "report/file.h"
#include "report/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { ID_BYTES = 18 };

struct journal_line {
	char id[ID_BYTES];
	int32_t round;
	size_t at, length; /* in the journal's bytes, without the line end */
};

/* 64-bit words keep their bits: JSON's integers are signed here. */
enum field_type { FIELD_WORD, FIELD_FLAG, FIELD_BITS };

#define WORD(member)                                                                               \
	{                                                                                          \
#member, FIELD_WORD, offsetof(struct result, member)                               \
	}
#define FLAG(member)                                                                               \
	{                                                                                          \
#member, FIELD_FLAG, offsetof(struct result, member)                               \
	}
#define BITS(member)                                                                               \
	{                                                                                          \
#member, FIELD_BITS, offsetof(struct result, member)                               \
	}

static const struct field {
	const char *name;
	enum field_type type;
	size_t at;
} fields[] = {
	FLAG(elapsed_known),
	WORD(startup_ns),
	WORD(elapsed_ns),
	WORD(teardown_ns),
	WORD(tasks_ok),
	WORD(tasks_failed),
	WORD(tasks_lost),
	WORD(backlog),
	WORD(checksum),
	FLAG(usage.known),
	WORD(usage.cpu_user_ns),
	WORD(usage.cpu_sys_ns),
	WORD(usage.ctx_voluntary),
	WORD(usage.ctx_involuntary),
	WORD(usage.faults_minor),
	WORD(usage.faults_major),
	FLAG(lifecycle.known),
	WORD(lifecycle.running_ns),
	WORD(lifecycle.runnable_ns),
	WORD(lifecycle.blocked_ns),
	WORD(max_rss_bytes),
	BITS(noise),
	WORD(disturbance.span_ns),
	WORD(disturbance.steal_ns),
	WORD(disturbance.throttled_ns),
	WORD(disturbance.pressure_ns),
	WORD(disturbance.others_ns),
	WORD(disturbance.recording_ns),
	FLAG(metrics_known),
	BITS(executor_metrics_known),
};

enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* ---- writing ---- */

static json_t *field_json(const struct field *field, const struct result *result)
{
	const char *at = (const char *)result + field->at;
	if (field->type == FIELD_FLAG)
		return json_boolean(*(const bool *)at);
	if (field->type == FIELD_BITS)
		return json_integer(*(const unsigned *)(const void *)at);
	int64_t word;
	memcpy(&word, at, sizeof(word));
	return json_integer(word);
}

/* Pairs of bucket and count, behind the largest value. */
static json_t *tally_json(const struct tally *tally)
{
	json_t *json = json_array();
	json_array_append_new(json, json_integer((json_int_t)tally->max_ns));
	for (size_t i = 0; i < tally->count; i++) {
		json_array_append_new(json, json_integer(tally->buckets[i].bucket));
		json_array_append_new(json, json_integer((json_int_t)tally->buckets[i].count));
	}
	return json;
}

static json_t *numbers_json(const double *numbers, size_t count)
{
	json_t *json = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(
			json, isfinite(numbers[i]) ? json_real(numbers[i]) : json_null());
	return json;
}

static json_t *words_json(const uint64_t *words, size_t count)
{
	json_t *json = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(json, json_integer((json_int_t)words[i]));
	return json;
}

static json_t *result_json(const struct result *result)
{
	json_t *json = json_object();
	json_object_set_new(json, "status", json_string(status_name(result->status)));
	json_object_set_new(json, "error", utf8_json(result->error));
	for (size_t i = 0; i < FIELDS; i++)
		json_object_set_new(json, fields[i].name, field_json(&fields[i], result));
	json_object_set_new(json, "task_ns", tally_json(&result->task_ns));
	json_object_set_new(json, "wait_ns", tally_json(&result->wait_ns));
	json_object_set_new(
		json, "worker_tasks", words_json(result->worker_tasks, result->worker_count));
	json_object_set_new(json, "metrics", numbers_json(result->metrics, RESULT_METRICS));
	json_object_set_new(
		json, "executor_metrics", numbers_json(result->executor_metrics, RESULT_METRICS));
	return json;
}

/* Experiment and round come first, so that lines can be told apart without reading them whole. */
void journal_add_line(const struct run_event *event, struct text *out)
{
	char id[ID_BYTES];
	json_t *json = result_json(event->result);
	char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(17));
	json_decref(json);
	text_addf(out,
		"{\"experiment\":\"%s\",\"round\":%" PRId32 ",\"started_unix_ns\":%" PRIu64
		",\"result\":%s}\n",
		plan_id(event->experiment, id), event->planned->round, event->started_unix_ns,
		text ? text : "null");
	free(text);
}

/* ---- reading ---- */

static bool read_field(const struct field *field, const json_t *json, struct result *result)
{
	char *at = (char *)result + field->at;
	const json_t *value = json_object_get(json, field->name);
	int64_t word = json_integer_value(value);
	if (field->type == FIELD_FLAG) {
		*(bool *)at = json_is_true(value);
		return json_is_boolean(value);
	}
	if (field->type == FIELD_BITS)
		*(unsigned *)(void *)at = (unsigned)word;
	else
		memcpy(at, &word, sizeof(word));
	return json_is_integer(value);
}

static bool read_status(const json_t *json, struct result *result)
{
	const char *name = json_string_value(json_object_get(json, "status"));
	const char *error = json_string_value(json_object_get(json, "error"));
	enum status status = 0;
	while (name && status < STATUS_COUNT && strcmp(name, status_name(status)) != 0)
		status++;
	if (!name || !error || status == STATUS_COUNT)
		return false;
	result->status = status;
	snprintf(result->error, sizeof(result->error), "%s", error);
	return true;
}

static bool read_tally(const json_t *json, const char *name, struct tally *tally)
{
	const json_t *array = json_object_get(json, name);
	size_t size = json_array_size(array);
	if (size % 2 == 0)
		return false;
	tally->max_ns = (uint64_t)json_integer_value(json_array_get(array, 0));
	for (size_t i = 1; i < size; i += 2) {
		json_int_t bucket = json_integer_value(json_array_get(array, i));
		json_int_t last =
			tally->count ? (json_int_t)tally->buckets[tally->count - 1].bucket : -1;
		uint64_t count = (uint64_t)json_integer_value(json_array_get(array, i + 1));
		if (bucket <= last || bucket >= HISTOGRAM_BUCKETS)
			return false;
		tally->buckets = memory_grow(
			tally->buckets, tally->count, &tally->capacity, sizeof(*tally->buckets));
		tally->buckets[tally->count++] = (struct tally_bucket){(uint32_t)bucket, count};
		tally->total += count;
	}
	return true;
}

static bool read_numbers(const json_t *json, const char *name, double *numbers)
{
	const json_t *array = json_object_get(json, name);
	for (size_t i = 0; i < RESULT_METRICS; i++)
		numbers[i] = json_is_null(json_array_get(array, i))
				     ? NAN
				     : json_number_value(json_array_get(array, i));
	return json_array_size(array) == RESULT_METRICS;
}

static bool read_workers(const json_t *json, struct result *result)
{
	const json_t *array = json_object_get(json, "worker_tasks");
	result_workers(result, json_array_size(array));
	for (size_t i = 0; i < result->worker_count; i++)
		result->worker_tasks[i] = (uint64_t)json_integer_value(json_array_get(array, i));
	return json_is_array(array);
}

static bool read_result(const json_t *json, struct result *result)
{
	bool good = read_status(json, result);
	for (size_t i = 0; good && i < FIELDS; i++)
		good = read_field(&fields[i], json, result);
	return good && read_tally(json, "task_ns", &result->task_ns) &&
	       read_tally(json, "wait_ns", &result->wait_ns) && read_workers(json, result) &&
	       read_numbers(json, "metrics", result->metrics) &&
	       read_numbers(json, "executor_metrics", result->executor_metrics);
}

static int compare(const void *left, const void *right)
{
	const struct journal_line *a = left, *b = right;
	int by_id = strcmp(a->id, b->id);
	return by_id ? by_id : (a->round > b->round) - (a->round < b->round);
}

/* Of the same run the last one in the file comes last. */
static int compare_with_place(const void *left, const void *right)
{
	const struct journal_line *a = left, *b = right;
	int order = compare(a, b);
	return order ? order : (a->at > b->at) - (a->at < b->at);
}

bool journal_find(const struct journal *journal, const struct experiment *experiment, int32_t round,
	struct result *result, uint64_t *started_unix_ns)
{
	struct journal_line wanted = {.round = round};
	plan_id(experiment, wanted.id);
	const struct journal_line *line =
		journal->count
			? bsearch(&wanted, journal->lines, journal->count, sizeof(*line), compare)
			: NULL;
	if (!line)
		return false;
	while (line + 1 < journal->lines + journal->count && compare(line + 1, &wanted) == 0)
		line++;
	json_t *json = json_loadb(journal->bytes.bytes + line->at, line->length, 0, NULL);
	result_clear(result);
	*started_unix_ns = (uint64_t)json_integer_value(json_object_get(json, "started_unix_ns"));
	bool good = read_result(json_object_get(json, "result"), result);
	json_decref(json);
	if (!good)
		result_clear(result);
	return good;
}

static int read_file(const char *path, struct text *bytes, struct err *err)
{
	char block[1 << 16];
	ssize_t got = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : err_errno(err, errno, "cannot read '%s'", path);
	while ((got = read(fd, block, sizeof(block))) > 0)
		text_add_bytes(bytes, block, (size_t)got);
	int reason = errno;
	close(fd);
	return got < 0 ? err_errno(err, reason, "cannot read '%s'", path) : 0;
}

/* A file that does not end with a line end was broken off while it was written. */
static bool ends_within_line(const char *folder, const char *name)
{
	struct text path;
	char last = '\n';
	text_init(&path);
	text_addf(&path, "%s/%s", folder, name);
	int fd = open(text_get(&path), O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && lseek(fd, -1, SEEK_END) >= 0 && read(fd, &last, 1) != 1)
		last = '\n';
	if (fd >= 0)
		close(fd);
	text_release(&path);
	return last != '\n';
}

/* The experiment and the round, which a line begins with; false where it does not. */
static bool read_key(const char *bytes, struct journal_line *line)
{
	char head[80]; /* sscanf looks for the end of its text, which here may be far away */
	size_t length = line->length < sizeof(head) - 1 ? line->length : sizeof(head) - 1;
	memcpy(head, bytes + line->at, length);
	head[length] = '\0';
	return sscanf(head, "{\"experiment\":\"%17[x0-9a-f]\",\"round\":%" SCNd32, line->id,
		       &line->round) == 2;
}

static void index_lines(struct journal *journal)
{
	size_t capacity = 0, left = journal->bytes.length;
	const char *bytes = text_get(&journal->bytes), *end;
	for (const char *at = bytes; (end = memchr(at, '\n', left)); at = end + 1) {
		struct journal_line line = {
			.at = (size_t)(at - bytes), .length = (size_t)(end - at)};
		left -= line.length + 1;
		if (!read_key(bytes, &line))
			continue;
		journal->lines = memory_grow(
			journal->lines, journal->count, &capacity, sizeof(*journal->lines));
		journal->lines[journal->count++] = line;
	}
}

int journal_open(struct journal *journal, const char *folder, struct err *err)
{
	struct text path;
	*journal = (struct journal){.lines = NULL};
	text_init(&journal->bytes);
	text_init(&path);
	text_addf(&path, "%s/%s", folder, JOURNAL_NAME);
	int failed = read_file(text_get(&path), &journal->bytes, err);
	text_release(&path);
	if (failed)
		return -1;
	index_lines(journal);
	if (journal->count && ends_within_line(folder, "runs.csv"))
		journal->count--;
	if (journal->count)
		qsort(journal->lines, journal->count, sizeof(*journal->lines), compare_with_place);
	return 0;
}

bool journal_is_written(const char *folder)
{
	struct text path;
	text_init(&path);
	text_addf(&path, "%s/%s", folder, JOURNAL_NAME);
	int fd = open(text_get(&path), O_RDONLY | O_CLOEXEC);
	bool locked = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	if (fd >= 0)
		close(fd);
	text_release(&path);
	return locked;
}

void journal_release(struct journal *journal)
{
	free(journal->lines);
	text_release(&journal->bytes);
}
