/*
 * The program's side of recording: takes the records of tasks out of a run's rings while it lasts,
 * and hands them over when its clock has stopped. Bounded memory: what does not fit goes, as it is,
 * into a file without a name in the session's folder. Nothing is formatted meanwhile.
 *
 * One recorder serves all runs of a session, one at a time.
 */
#ifndef ENGINE_RECORDER_H
#define ENGINE_RECORDER_H

#include "base/err.h"
#include "measure/task_record.h"

#include <stddef.h>
#include <stdint.h>

struct recorder;
struct region;

/* `folder` is where there may be much to write. */
struct recorder *recorder_new(const char *folder);
void recorder_free(struct recorder *recorder);

/* Of the next run, no more than the first `most` records of each worker are wanted. */
void recorder_expect(struct recorder *recorder, uint64_t most);

/* Takes a piece of the run's records, with times in nanoseconds since the release. */
typedef int recorder_sink(
	void *arg, const struct task_record *records, size_t count, struct err *err);

/*
 * Hands over the last run's records and forgets them: all tasks that ended and those that were lost
 * while they ran, each once; by ascending task, of many (more than RECORDER_SORTED_MOST) as they
 * came. -1: the sink's error, or there was no room to keep them.
 */
enum { RECORDER_SORTED_MOST = 1 << 18 };
int recorder_read(struct recorder *recorder, recorder_sink *sink, void *arg, struct err *err);

/* ---- called by the engine ---- */

void recorder_begin(struct recorder *recorder, const struct region *region);

/* Takes what there is; says how full the fullest ring was, of 1. */
double recorder_drain(struct recorder *recorder);

/* No process of the run lives any more: takes the rest. How long workers waited, in nanoseconds. */
uint64_t recorder_end(struct recorder *recorder);

#endif
