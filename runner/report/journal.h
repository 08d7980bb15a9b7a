/*
 * journal.jsonl: what a session needs to be gone on with. A line of JSON per run, behind its row in
 * runs.csv, with all that the engine reported, histograms included: from it the run counts as if
 * it had been made again. Lines are only ever appended; of two lines of one run the later holds.
 */
#ifndef REPORT_JOURNAL_H
#define REPORT_JOURNAL_H

#include "base/err.h"
#include "base/text.h"
#include "measure/result.h"
#include "report/report.h"

#include <stdbool.h>
#include <stdint.h>

#define JOURNAL_NAME "journal.jsonl"

struct journal {
	struct text bytes;
	struct journal_line *lines; /* by experiment and round; owned */
	size_t count;
};

/*
 * Reads a session's journal; one that is not there is empty. A last line that was not written to
 * its end is left out; so is the last run where runs.csv ends within a line, for then the session
 * was broken off while it wrote. Release in every case.
 */
int journal_open(struct journal *journal, const char *folder, struct err *err);
void journal_release(struct journal *journal);

/* Is a session still going on in this folder? It locks its journal as long as it lives. */
bool journal_is_written(const char *folder);

/* The run's result and when it was started; false where there is none that can be read whole. */
bool journal_find(const struct journal *journal, const struct experiment *experiment, int32_t round,
	struct result *result, uint64_t *started_unix_ns);

/* A run as a line, with its line end. */
void journal_add_line(const struct run_event *event, struct text *out);

#endif
