/* A session's charts as files beside its tables. */
#ifndef REVIEW_CHART_FILES_H
#define REVIEW_CHART_FILES_H

#include "base/text.h"
#include "review/results.h"

enum chart_files { CHART_FILES_SVG, CHART_FILES_PNG };

/* Adds the path of each file that was written, a line each. */
int chart_files_write(
	const struct results *results, enum chart_files kind, struct text *paths, struct err *err);

#endif
