/*
 * One session as a page of its own: one HTML file that needs nothing else, no network and no
 * script. It is made from the session's files alone.
 */
#ifndef REVIEW_PAGE_H
#define REVIEW_PAGE_H

#include "base/text.h"
#include "review/results.h"

/* The session's folder/report.html, whole or not at all. Without gnuplot the page has its tables,
 * and says what to install. */
int page_write(const struct results *results, struct err *err);

/* Of the session in `folder`. */
int page_write_folder(const char *folder, struct err *err);

#endif
