#include "executors/children.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>

struct child {
	pid_t pid; /* 0: empty; -1: was taken, keep looking */
	struct worker *worker;
};

struct children {
	uint32_t mask, living;
	struct child table[];
};

enum { FREED = -1 };

struct children *children_new(uint32_t most)
{
	uint32_t size = 16;
	while (size < 2 * most)
		size *= 2;
	struct children *children = memory_alloc(sizeof(*children) + size * sizeof(struct child));
	children->mask = size - 1;
	return children;
}

void children_free(struct children *children)
{
	free(children);
}

static uint32_t slot_of(const struct children *children, pid_t pid)
{
	/* Fibonacci hashing, Knuth, TAOCP 3, 6.4: neighbouring pids are spread apart. */
	return (uint32_t)(((uint64_t)pid * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & children->mask;
}

static void remember(struct children *children, pid_t pid, struct worker *worker)
{
	uint32_t slot = slot_of(children, pid);
	while (children->table[slot].pid > 0)
		slot = (slot + 1) & children->mask;
	children->table[slot] = (struct child){pid, worker};
	children->living++;
}

static struct worker *forget(struct children *children, pid_t pid)
{
	uint32_t slot = slot_of(children, pid);
	while (children->table[slot].pid != pid) {
		if (children->table[slot].pid == 0)
			return NULL;
		slot = (slot + 1) & children->mask;
	}
	/* Empty, rather than freed, where no search has to pass through. */
	uint32_t after = (slot + 1) & children->mask;
	children->table[slot].pid = children->table[after].pid ? FREED : 0;
	children->living--;
	return children->table[slot].worker;
}

int children_add(struct children *children, struct worker *worker, enum start start,
	const struct birth *birth, struct err *err)
{
	pid_t pid = crew_bear(worker, start, birth);
	if (pid < 0)
		return err_errno(err, errno, "cannot %s the process of worker %u",
			start == START_FORK ? "fork" : "spawn", worker->index);
	remember(children, pid, worker);
	return 0;
}

struct worker *children_wait(struct children *children, bool block, int *wait_status)
{
	while (children->living) {
		pid_t pid = waitpid(-1, wait_status, block ? 0 : WNOHANG);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid <= 0)
			return NULL;
		struct worker *worker = forget(children, pid);
		if (worker)
			return worker; /* else a child that a task made */
	}
	return NULL;
}
