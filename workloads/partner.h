/*
 * The other side of a workload that needs two: who receives what a worker sends, or takes out of a
 * queue what workers put in. A process or a thread that the workload starts and ends itself.
 *
 * A partner must never outlive the run, nor be waited for when it is dead. So a process is killed
 * when the thread that started it ends (prctl(2), PR_SET_PDEATHSIG: the thread, not its process),
 * and whoever waits for a partner asks partner_is_gone now and then.
 */
#ifndef WORKLOADS_PARTNER_H
#define WORKLOADS_PARTNER_H

#include "base/err.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum partner_kind { PARTNER_PROCESS, PARTNER_THREAD };

extern const char *const partner_kinds[]; /* their names, for an option table */

struct partner;

struct partner_plan {
	enum partner_kind kind;
	/* What it does; it calls partner_ready when it is set up, and returns to end. A process
	 * has a copy of the caller's memory and of the descriptors in `keep`; where the caller
	 * has other threads, it must not allocate. */
	void (*run)(struct partner *partner, void *arg);
	void *arg;
	int keep[2]; /* -1: none. All others but 0, 1 and 2 are closed in a process. */
};

/* Lies in memory that all processes of the run share; zeroed before it is started. */
struct partner {
	struct partner_plan plan;
	pthread_mutex_t life; /* held by the partner as long as it lives */
	_Atomic uint32_t ready;
	pid_t pid;
	pthread_t thread;
	bool started;
};

/* How long to wait before asking: a dead partner is soon noticed, and it costs nothing. */
#define PARTNER_PATIENCE_NS UINT64_C(50000000)

/* Starts it and returns when it is ready. The partner remembers the plan. */
int partner_start(struct partner *partner, const struct partner_plan *plan, struct err *err);

/* By the partner: it is set up. */
void partner_ready(struct partner *partner);

/* It was killed or has left; from any process of the run. Takes a lock: only after a long wait. */
bool partner_is_gone(struct partner *partner);

/* By whoever started it: kills and reaps a process; joins a thread, which has been told to end
 * before. Takes one that was not started or is gone. */
void partner_end(struct partner *partner);

/* While it is armed, a call that blocks the calling thread returns with EINTR now and then, so that
 * the thread can ask whether its partner is gone: for calls without a time-out. -1 with errno. */
struct partner_alarm {
	void *timer;
};
int partner_alarm_arm(struct partner_alarm *alarm);
void partner_alarm_disarm(const struct partner_alarm *alarm);

#endif
