/*
 * Files that can be trusted. Either a file appears whole — written beside its final name,
 * flushed to the disk and renamed — or it grows by whole lines and is cut back to the last
 * whole one when the disk is full. Errors name the final file.
 */
#ifndef REPORT_FILE_H
#define REPORT_FILE_H

#include "base/err.h"
#include "base/text.h"

#include <stddef.h>
#include <sys/types.h>

struct file { /* appears whole */
	int fd;
	char *path, *temporary;
	struct text pending;
};

/* After a failure of file_create nothing is to release; after any other, file_abandon. */
int file_create(struct file *file, const char *path, struct err *err);
int file_add(struct file *file, const char *bytes, size_t count, struct err *err);
int file_commit(struct file *file, struct err *err); /* releases it, also where it fails */
void file_abandon(struct file *file);                /* removes what was written */

struct lines { /* grows */
	int fd;
	char *path;  /* NULL: not open */
	off_t whole; /* bytes up to the end of the last whole line */
};

int lines_create(struct lines *lines, const char *path, struct err *err);
/* Goes on behind the last whole line of a file; makes it where there is none. */
int lines_append(struct lines *lines, const char *path, struct err *err);
int lines_add(struct lines *lines, const char *line, size_t count, struct err *err);
int lines_close(struct lines *lines, struct err *err);

/* Makes a folder and those above it; that it exists already is no error. */
int folder_make(const char *path, struct err *err);

/* Makes `path`, or where that exists `path`-2, -3, …; `made` becomes its name. */
int folder_make_new(const char *path, struct text *made, struct err *err);

#endif
