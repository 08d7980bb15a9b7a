#include "engine/region.h"

#include "base/fd.h"
#include "base/futex.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* A region beyond this is populated by whoever touches it: 10,000 histograms are mostly empty. */
enum { POPULATE_MOST_BYTES = 4 << 20 };

/*
 * A ring holds what its worker does while the program does not look, a millisecond of empty tasks;
 * all of them together are few enough to be populated.
 */
enum { RING_LEAST = 64, RING_MOST = 1 << 15, RINGS_MOST = 1 << 16 };

static size_t round_up(size_t bytes, size_t unit)
{
	return (bytes + unit - 1) / unit * unit;
}

/* Appends `count` items of `size` bytes to a layout and returns where they begin. */
static size_t layout_add(size_t *end, size_t count, size_t size, size_t alignment)
{
	size_t bytes, at = round_up(*end, alignment);
	if (__builtin_mul_overflow(count, size, &bytes) || __builtin_add_overflow(at, bytes, end) ||
		*end > (size_t)PTRDIFF_MAX)
		*end = (size_t)PTRDIFF_MAX;
	return at;
}

static uint64_t ring_capacity(const struct region_plan *plan)
{
	uint64_t capacity = RING_LEAST, wanted = plan->tasks ? plan->tasks : RING_MOST;
	while (capacity < wanted && capacity < RING_MOST &&
		2 * capacity * plan->workers <= RINGS_MOST)
		capacity *= 2;
	return capacity;
}

static void layout_recording(const struct region_plan *plan, struct region *region, size_t *end)
{
	region->lanes = plan->lanes;
	region->in_flight_bytes = plan->lanes_shared ? sizeof(struct in_flight) : REGION_APART;
	region->ring_capacity = ring_capacity(plan);
	region->recording_at = layout_add(end, plan->lanes, region->in_flight_bytes, REGION_PAGE);
	region->rings_at = layout_add(end, plan->workers, sizeof(struct ring_ends), REGION_PAGE);
	region->records_at = layout_add(end, plan->workers,
		region->ring_capacity * sizeof(struct task_record), REGION_PAGE);
}

static struct region layout(const struct region_plan *plan)
{
	struct region region = {.workers = plan->workers,
		.bins_count = plan->bins_count,
		.state_bytes = round_up(plan->state_bytes, REGION_APART),
		.shared_bytes = plan->shared_bytes};
	size_t end = sizeof(region);
	region.reports_at =
		layout_add(&end, plan->workers, sizeof(struct worker_report), REGION_PAGE);
	region.states_at = layout_add(&end, plan->workers, region.state_bytes, REGION_APART);
	region.shared_at = layout_add(&end, 1, plan->shared_bytes, REGION_PAGE);
	region.bins_at =
		layout_add(&end, plan->bins_count, sizeof(struct worker_bins), REGION_PAGE);
	region.spec_bytes = plan->spec_bytes;
	region.spec_at = layout_add(&end, 1, plan->spec_bytes, REGION_APART);
	region.schedule_count = plan->schedule_count;
	region.schedule_at = layout_add(&end, plan->schedule_count, sizeof(uint64_t), REGION_APART);
	region.recording_at = end;
	if (plan->recorded)
		layout_recording(plan, &region, &end);
	region.bytes = end;
	return region;
}

size_t region_bytes(const struct region_plan *plan)
{
	size_t bytes = layout(plan).bytes;
	return bytes >= (size_t)PTRDIFF_MAX ? SIZE_MAX : bytes;
}

static void *map_shared(int fd, size_t bytes)
{
	int flags = MAP_SHARED | MAP_NORESERVE | (fd < 0 ? MAP_ANONYMOUS : 0);
	return mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
}

/* A descriptor by which a fresh image can attach the region. */
static int make_memory(size_t bytes)
{
	int fd = fd_raise(memfd_create("conrun-run", MFD_CLOEXEC));
	if (fd >= 0 && ftruncate(fd, (off_t)bytes) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

struct region *region_map(const struct region_plan *plan)
{
	struct region planned = layout(plan);
	/* A limit on the size of files stands against a memfd, too; forks can do without. */
	planned.fd = plan->attachable ? make_memory(planned.bytes) : -1;
	struct region *region = map_shared(planned.fd, planned.bytes);
	if (region == MAP_FAILED) {
		if (planned.fd >= 0)
			close(planned.fd);
		return NULL;
	}
	planned.clock = clock_used;
	*region = planned;
	return region;
}

struct region *region_attach(int fd)
{
	struct stat stat;
	if (fstat(fd, &stat) != 0)
		return NULL;
	struct region *region = map_shared(fd, (size_t)stat.st_size);
	return region == MAP_FAILED ? NULL : region;
}

void region_unmap(struct region *region)
{
	if (region->fd >= 0)
		close(region->fd);
	munmap(region, region->bytes);
}

void region_populate(const void *memory, size_t bytes)
{
	uintptr_t from = (uintptr_t)memory / REGION_PAGE * REGION_PAGE;
	size_t length = round_up((uintptr_t)memory + bytes - from, REGION_PAGE);
	if (length > POPULATE_MOST_BYTES)
		return;
#ifdef MADV_POPULATE_WRITE
	madvise((void *)from, length, MADV_POPULATE_WRITE);
#endif
}

void region_error(struct region *region, const char *text)
{
	uint32_t nobody = 0;
	/* Relaxed: only who wins matters; the text is published by the store below. */
	if (!atomic_compare_exchange_strong_explicit(
		    &region->error_owner, &nobody, 1, memory_order_relaxed, memory_order_relaxed))
		return;
	snprintf(region->error, sizeof(region->error), "%s", text);
	/* Release: whoever sees 2 sees the text. */
	atomic_store_explicit(&region->error_owner, 2, memory_order_release);
}

void region_unready(struct region *region)
{
	/* Release: the host that sees it sees the error text. */
	atomic_fetch_add_explicit(&region->unready, 1, memory_order_release);
	futex_wake(&region->ready, 1);
}
