/*
 * Image work: a picture of noise is blurred. A pass replaces every pixel by the mean of the square
 * around it, by rows and then by columns, with running sums, so that a large radius costs no more
 * than a small one. Three passes come close to a Gaussian blur ("Filter Effects Module Level 1",
 * W3C, feGaussianBlur). Beyond its edges the picture goes on as at the edge.
 *
 * Everything is done in integers, so the value, which depends on every byte and its place, is the
 * same everywhere.
 */
#include "base/memory.h"
#include "workloads/block.h"
#include "workloads/workload.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { METRIC_PIXELS };

enum format { FORMAT_GREY, FORMAT_RGB };
static const char *const formats[] = {[FORMAT_GREY] = "grey", [FORMAT_RGB] = "rgb", NULL};
static const size_t channels_of[] = {[FORMAT_GREY] = 1, [FORMAT_RGB] = 3}; /* a byte each */

struct params {
	int64_t width, height, radius, passes;
	int format;
};

/* A worker's; owned. Rows follow each other without a gap. */
struct pictures {
	unsigned char *picture; /* by block_alloc */
	unsigned char *between; /* the picture between the halves of a pass */
	uint32_t *sums;         /* one for each byte of a row */
};

static size_t row_bytes(const struct params *params)
{
	return (size_t)params->width * channels_of[params->format];
}

static size_t picture_bytes(const struct params *params)
{
	return row_bytes(params) * (size_t)params->height;
}

static void needs(const struct job *job, struct needs *needs)
{
	const struct params *params = job->params;
	needs->bytes_per_worker = 2 * picture_bytes(params) + row_bytes(params) * sizeof(uint32_t);
}

static int worker_setup(struct worker *worker, struct err *err)
{
	(void)err;
	const struct params *params = worker->job->params;
	struct pictures *pictures = worker->state;
	pictures->picture = block_alloc(picture_bytes(params));
	pictures->between = block_alloc(picture_bytes(params));
	pictures->sums = memory_alloc(row_bytes(params) * sizeof(uint32_t));
	return 0;
}

static void worker_teardown(struct worker *worker)
{
	struct pictures *pictures = worker->state;
	free(pictures->picture);
	free(pictures->between);
	free(pictures->sums);
}

/* ---- means ---- */

/*
 * Division by 2 × radius + 1, rounded to nearest: a multiplication with the reciprocal, rounded up,
 * in units of 2^-32, which is exact as long as sum × divisor < 2^32 (Granlund and Montgomery,
 * "Division by invariant integers using multiplication", PLDI 1994, theorem 4.2). Sums are at most
 * 255.5 × divisor, so the divisor may be 4,099.
 */
struct mean {
	uint64_t reciprocal;
	uint32_t half;
};

static struct mean mean_over(int64_t radius)
{
	uint64_t divisor = 2 * (uint64_t)radius + 1;
	return (struct mean){(UINT64_C(1) << 32) / divisor + 1, (uint32_t)radius};
}

static inline unsigned char mean_of(struct mean mean, uint32_t sum)
{
	return (unsigned char)(((sum + mean.half) * mean.reciprocal) >> 32);
}

static inline int64_t clamp(int64_t at, int64_t count)
{
	return at < 0 ? 0 : at < count ? at : count - 1;
}

/* ---- a pass ---- */

/* One channel of one row; the bytes of a channel are `step` apart. */
static void blur_line(
	const struct params *params, const unsigned char *from, unsigned char *to, size_t step)
{
	struct mean mean = mean_over(params->radius);
	uint32_t sum = 0;
	for (int64_t x = -params->radius; x <= params->radius; x++)
		sum += from[(size_t)clamp(x, params->width) * step];
	for (int64_t x = 0; x < params->width; x++) {
		to[(size_t)x * step] = mean_of(mean, sum);
		sum += from[(size_t)clamp(x + params->radius + 1, params->width) * step];
		sum -= from[(size_t)clamp(x - params->radius, params->width) * step];
	}
}

static bool blur_rows(struct worker *worker, const unsigned char *from, unsigned char *to)
{
	const struct params *params = worker->job->params;
	size_t bytes = row_bytes(params), channels = channels_of[params->format];
	for (int64_t y = 0; y < params->height; y++) {
		if (checkpoint(worker))
			return false;
		for (size_t channel = 0; channel < channels; channel++)
			blur_line(params, from + channel, to + channel, channels);
		from += bytes;
		to += bytes;
	}
	return true;
}

static const unsigned char *row_at(
	const struct params *params, const unsigned char *from, int64_t y)
{
	return from + (size_t)clamp(y, params->height) * row_bytes(params);
}

static bool add_first_rows(struct worker *worker, const unsigned char *from, uint32_t *sums)
{
	const struct params *params = worker->job->params;
	size_t bytes = row_bytes(params);
	memset(sums, 0, bytes * sizeof(*sums));
	for (int64_t y = -params->radius; y <= params->radius; y++) {
		const unsigned char *row = row_at(params, from, y);
		if (checkpoint(worker))
			return false;
		for (size_t i = 0; i < bytes; i++)
			sums[i] += row[i];
	}
	return true;
}

/* All columns side by side, so that memory is read in its order. */
static bool blur_columns(struct worker *worker, const unsigned char *from, unsigned char *to)
{
	const struct params *params = worker->job->params;
	uint32_t *sums = ((struct pictures *)worker->state)->sums;
	struct mean mean = mean_over(params->radius);
	size_t bytes = row_bytes(params);
	if (!add_first_rows(worker, from, sums))
		return false;
	for (int64_t y = 0; y < params->height; y++, to += bytes) {
		const unsigned char *enters = row_at(params, from, y + params->radius + 1);
		const unsigned char *leaves = row_at(params, from, y - params->radius);
		if (checkpoint(worker))
			return false;
		for (size_t i = 0; i < bytes; i++) {
			to[i] = mean_of(mean, sums[i]);
			sums[i] += enters[i];
			sums[i] -= leaves[i];
		}
	}
	return true;
}

/* ---- the task ---- */

static bool draw(struct worker *worker, uint64_t index)
{
	const struct params *params = worker->job->params;
	unsigned char *picture = ((struct pictures *)worker->state)->picture;
	struct job noise = {.seed = job_random(worker->job, index)};
	enum { STEP = 1 << 16 };
	for (size_t done = 0, bytes = picture_bytes(params); done < bytes; done += STEP) {
		if (checkpoint(worker))
			return false;
		block_fill(&noise, done, picture + done, bytes - done < STEP ? bytes - done : STEP);
	}
	return true;
}

/* FNV-1a (see base/text.h), by words, with the high bits folded in, which it would lose. */
static uint64_t sum_up(struct worker *worker)
{
	const struct params *params = worker->job->params;
	const unsigned char *row = ((struct pictures *)worker->state)->picture;
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	size_t bytes = row_bytes(params);
	for (int64_t y = 0; y < params->height && !checkpoint(worker); y++, row += bytes)
		for (size_t at = 0; at < bytes; at += sizeof(uint64_t)) {
			uint64_t word = 0;
			memcpy(&word, row + at,
				bytes - at < sizeof(word) ? bytes - at : sizeof(word));
			hash = (hash ^ word) * UINT64_C(0x100000001b3);
			hash ^= hash >> 32;
		}
	return hash;
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	const struct params *params = worker->job->params;
	struct pictures *pictures = worker->state;
	if (!draw(worker, index))
		return 0;
	for (int64_t pass = 0; pass < params->passes; pass++)
		if (!blur_rows(worker, pictures->picture, pictures->between) ||
			!blur_columns(worker, pictures->between, pictures->picture))
			return 0;
	worker_metric(worker, METRIC_PIXELS, (double)params->width * (double)params->height);
	return sum_up(worker);
}

/* ---- the table ---- */

static const struct option params[] = {
	{
		.name = "width",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, width),
		.fallback = "512",
		.min = "1",
		.max = "65536",
		.help = "of the picture, in pixels",
	},
	{
		.name = "height",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, height),
		.fallback = "512",
		.min = "1",
		.max = "65536",
		.help = "of the picture, in pixels",
	},
	{
		.name = "format",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, format),
		.fallback = "rgb",
		.choices = formats,
		.help = "of a pixel: one byte, or one each for red, green and blue",
	},
	{
		.name = "radius",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, radius),
		.fallback = "5",
		.min = "0",
		.max = "1000",
		.help = "how far the square around a pixel reaches to each side",
	},
	{
		.name = "passes",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, passes),
		.fallback = "3",
		.min = "0",
		.max = "100",
		.help = "how often the picture is blurred; 1: a box blur, 3: close to a Gaussian",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[METRIC_PIXELS] = {.name = "pixels", .help = "pixels of all pictures blurred"},
	{.name = NULL},
};

const struct workload workload_blur = {
	.name = "blur",
	.group = GROUP_CPU,
	.summary = "blurs pictures: computing that reads and writes memory",
	.operation = "draws a picture of noise from the index, blurs it, sums up its bytes",
	.params = params,
	.params_bytes = sizeof(struct params),
	.metrics = metrics,
	.worker_bytes = sizeof(struct pictures),
	.needs = needs,
	.worker_setup = worker_setup,
	.task = task,
	.worker_teardown = worker_teardown,
};
