#include "engine/recorder.h"

#include "base/memory.h"
#include "engine/region.h"
#include "measure/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	KEPT_MOST = RECORDER_SORTED_MOST,
	PIECE = 4096, /* records that are handed over at once: they stay in the cache */
};

struct recorder {
	char *folder;
	struct task_record *kept; /* the newest; those before them are in the file */
	size_t kept_count;
	int fd; /* of the file; -1: not yet made */
	uint64_t filed;
	int failed; /* errno: some could not be kept */
	struct task_record *piece;

	/* Of one run. */
	const struct region *region;
	uint64_t most, released;
};

struct recorder *recorder_new(const char *folder)
{
	struct recorder *recorder = memory_alloc(sizeof(*recorder));
	recorder->folder = memory_alloc(strlen(folder) + 1);
	memcpy(recorder->folder, folder, strlen(folder));
	recorder->kept = memory_alloc(KEPT_MOST * sizeof(*recorder->kept));
	recorder->piece = memory_alloc(PIECE * sizeof(*recorder->piece));
	recorder->fd = -1;
	return recorder;
}

void recorder_free(struct recorder *recorder)
{
	if (!recorder)
		return;
	if (recorder->fd >= 0)
		close(recorder->fd);
	free(recorder->piece);
	free(recorder->kept);
	free(recorder->folder);
	free(recorder);
}

void recorder_expect(struct recorder *recorder, uint64_t most)
{
	recorder->most = most;
}

/* ---- the file ---- */

/* 0 or errno. */
static int make_file(struct recorder *recorder)
{
	char path[4096];
	int length = snprintf(path, sizeof(path), "%s/.tasks-XXXXXX", recorder->folder);
	if (length >= (int)sizeof(path))
		return ENAMETOOLONG;
	recorder->fd = mkostemp(path, O_CLOEXEC);
	if (recorder->fd < 0)
		return errno;
	unlink(path);
	return 0;
}

/* 0 or errno. */
static int append(struct recorder *recorder)
{
	const char *bytes = (const char *)recorder->kept;
	size_t left = recorder->kept_count * sizeof(*recorder->kept);
	while (left > 0) {
		ssize_t wrote = write(recorder->fd, bytes, left);
		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return errno;
		bytes += wrote;
		left -= (size_t)wrote;
	}
	return 0;
}

/* Where they cannot be kept the run goes on all the same; it is told when they are asked for. */
static void file_kept(struct recorder *recorder)
{
	if (!recorder->failed && recorder->fd < 0)
		recorder->failed = make_file(recorder);
	if (!recorder->failed)
		recorder->failed = append(recorder);
	recorder->filed += recorder->kept_count;
	recorder->kept_count = 0;
}

static int read_piece(struct recorder *recorder, uint64_t from, size_t count, struct err *err)
{
	char *bytes = (char *)recorder->piece;
	size_t size = sizeof(*recorder->piece), left = count * size;
	off_t at = (off_t)(from * size);
	while (left > 0) {
		ssize_t got = pread(recorder->fd, bytes, left, at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return err_errno(err, got ? errno : EIO,
				"cannot read back the records of tasks in '%s'", recorder->folder);
		bytes += got;
		at += got;
		left -= (size_t)got;
	}
	return 0;
}

static void forget(struct recorder *recorder)
{
	if (recorder->filed && recorder->fd >= 0 && ftruncate(recorder->fd, 0) == 0)
		lseek(recorder->fd, 0, SEEK_SET);
	recorder->filed = 0;
	recorder->kept_count = 0;
	recorder->failed = 0;
}

/* ---- while a run lasts ---- */

void recorder_begin(struct recorder *recorder, const struct region *region)
{
	forget(recorder);
	recorder->region = region;
}

static struct task_record *room(struct recorder *recorder, size_t *count)
{
	if (recorder->kept_count == KEPT_MOST)
		file_kept(recorder);
	*count = KEPT_MOST - recorder->kept_count;
	return recorder->kept + recorder->kept_count;
}

/* Takes all that is in a ring; what is beyond the wanted is taken and dropped. */
static uint64_t empty(struct recorder *recorder, const struct ring *ring)
{
	uint64_t before = ring_taken(ring), taken = 0;
	size_t space, count;
	do {
		struct task_record *to = room(recorder, &space);
		count = ring_take(ring, to, space);
		uint64_t wanted =
			before + taken < recorder->most ? recorder->most - before - taken : 0;
		recorder->kept_count += count < wanted ? count : (size_t)wanted;
		taken += count;
	} while (count == space);
	return taken;
}

double recorder_drain(struct recorder *recorder)
{
	const struct region *region = recorder->region;
	uint64_t fullest = 0;
	for (uint32_t i = 0; i < region->workers; i++) {
		const struct ring ring = region_ring(region, i);
		uint64_t taken = empty(recorder, &ring);
		fullest = taken > fullest ? taken : fullest;
	}
	return (double)fullest / (double)region->ring_capacity;
}

/* Whoever ran it may have died between putting its record in and leaving the lane. */
static bool is_in(const struct ring *ring, uint64_t task, uint32_t lane)
{
	const struct task_record *last = ring_last(ring);
	return last && last->task == task && last->lane == lane;
}

static void take_in_flight(struct recorder *recorder)
{
	const struct region *region = recorder->region;
	for (uint32_t lane = 0; lane < region->lanes && recorder->most; lane++) {
		const struct in_flight *flying = region_in_flight(region, lane);
		const struct ring ring =
			region_ring(region, lane < region->workers ? lane : region->workers - 1);
		uint64_t task = flying->task_and_one - 1;
		size_t space;
		if (!flying->task_and_one || is_in(&ring, task, lane))
			continue;
		*room(recorder, &space) = (struct task_record){.task = task,
			.submitted = flying->submitted,
			.started = flying->started,
			.lane = lane,
			.status = TASK_LOST};
		recorder->kept_count++;
	}
}

uint64_t recorder_end(struct recorder *recorder)
{
	const struct region *region = recorder->region;
	uint64_t stalled_ticks = 0;
	recorder_drain(recorder);
	take_in_flight(recorder);
	for (uint32_t i = 0; i < region->workers; i++)
		stalled_ticks += get(region_ring(region, i).ends->stalled_ticks);
	recorder->released = get(region->released);
	recorder->region = NULL;
	return clock_ns(stalled_ticks);
}

/* ---- afterwards ---- */

/* Ticks of another CPU may be a hair behind the host's. */
static uint64_t since(uint64_t from, uint64_t ticks)
{
	if (ticks == 0)
		return TASK_NEVER;
	return ticks > from ? clock_ns(ticks - from) : 0;
}

static void convert(const struct recorder *recorder, struct task_record *record)
{
	record->submitted = since(recorder->released, record->submitted);
	record->started = since(recorder->released, record->started);
	record->finished = since(recorder->released, record->finished);
	if (record->submitted > record->started)
		record->submitted = record->started;
	/* A task that writes where it should not may have written here. */
	if (record->status >= TASK_STATUSES)
		record->status = TASK_LOST;
}

static int hand_over(
	struct recorder *recorder, size_t count, recorder_sink *sink, void *arg, struct err *err)
{
	for (size_t i = 0; i < count; i++)
		convert(recorder, &recorder->piece[i]);
	return sink(arg, recorder->piece, count, err);
}

static int read_file(struct recorder *recorder, recorder_sink *sink, void *arg, struct err *err)
{
	size_t count;
	for (uint64_t from = 0; from < recorder->filed; from += count) {
		uint64_t left = recorder->filed - from;
		count = left < PIECE ? (size_t)left : PIECE;
		if (read_piece(recorder, from, count, err) != 0 ||
			hand_over(recorder, count, sink, arg, err) != 0)
			return -1;
	}
	return 0;
}

/* Where each task's record is, and one more; NULL where they are too far apart for that. */
static uint32_t *places_by_task(const struct recorder *recorder, uint64_t *tasks)
{
	uint64_t last = 0;
	for (size_t i = 0; i < recorder->kept_count; i++)
		if (recorder->kept[i].task > last)
			last = recorder->kept[i].task;
	if (recorder->filed || last >= 4 * (uint64_t)KEPT_MOST)
		return NULL;
	*tasks = last + 1;
	uint32_t *places = memory_alloc(*tasks * sizeof(*places));
	for (size_t i = 0; i < recorder->kept_count; i++)
		places[recorder->kept[i].task] = (uint32_t)i + 1;
	return places;
}

static int read_kept(struct recorder *recorder, recorder_sink *sink, void *arg, struct err *err)
{
	uint64_t tasks = 0;
	uint32_t *places = places_by_task(recorder, &tasks);
	uint64_t steps = places ? tasks : recorder->kept_count;
	size_t count = 0;
	int failed = 0;
	for (uint64_t i = 0; i < steps && !failed; i++) {
		if (places && !places[i])
			continue;
		recorder->piece[count++] = recorder->kept[places ? places[i] - 1 : i];
		if (count < PIECE)
			continue;
		failed = hand_over(recorder, count, sink, arg, err);
		count = 0;
	}
	if (count && !failed)
		failed = hand_over(recorder, count, sink, arg, err);
	free(places);
	return failed;
}

int recorder_read(struct recorder *recorder, recorder_sink *sink, void *arg, struct err *err)
{
	int failed = 0;
	if (recorder->failed)
		failed = err_errno(err, recorder->failed,
			"cannot keep the records of tasks in '%s'", recorder->folder);
	if (!failed)
		failed = read_file(recorder, sink, arg, err);
	if (!failed)
		failed = read_kept(recorder, sink, arg, err);
	forget(recorder);
	return failed;
}
