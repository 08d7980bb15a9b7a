/* Whole files, whole lines and folders. */
#include "report/file.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PENDING_BYTES = 64 * 1024 };

static char *copy(const char *text, const char *suffix)
{
	size_t length = strlen(text), more = strlen(suffix);
	char *both = memory_alloc(length + more + 1);
	memcpy(both, text, length);
	memcpy(both + length, suffix, more);
	return both;
}

/* Writes all of it; -1 with errno. The kernel may take it in parts where the disk is nearly
 * full. */
static int write_all(int fd, const char *bytes, size_t count)
{
	while (count > 0) {
		ssize_t done = write(fd, bytes, count);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		bytes += done;
		count -= (size_t)done;
	}
	return 0;
}

/* mkostemp makes files for their owner alone; results are for whom the umask allows. */
static void allow_by_umask(int fd)
{
	mode_t mask = umask(0);
	umask(mask);
	(void)!fchmod(fd, 0666 & ~mask);
}

int file_create(struct file *file, const char *path, struct err *err)
{
	file->path = copy(path, "");
	file->temporary = copy(path, ".XXXXXX");
	text_init(&file->pending);
	file->fd = mkostemp(file->temporary, O_CLOEXEC);
	if (file->fd < 0) {
		err_errno(err, errno, "cannot write '%s'", path);
		file->temporary[0] = '\0';
		file_abandon(file);
		return -1;
	}
	allow_by_umask(file->fd);
	return 0;
}

static int flush(struct file *file, struct err *err)
{
	if (write_all(file->fd, text_get(&file->pending), file->pending.length))
		return err_errno(err, errno, "cannot write '%s'", file->path);
	text_clear(&file->pending);
	return 0;
}

int file_add(struct file *file, const char *bytes, size_t count, struct err *err)
{
	text_add_bytes(&file->pending, bytes, count);
	return file->pending.length < PENDING_BYTES ? 0 : flush(file, err);
}

/* Some network file systems report a full disk only when the file is closed. */
static int finish(struct file *file, struct err *err)
{
	if (flush(file, err))
		return -1;
	if (fsync(file->fd))
		return err_errno(err, errno, "cannot write '%s'", file->path);
	int closed = close(file->fd);
	file->fd = -1;
	if (closed)
		return err_errno(err, errno, "cannot write '%s'", file->path);
	if (rename(file->temporary, file->path))
		return err_errno(err, errno, "cannot put '%s' in its place", file->path);
	file->temporary[0] = '\0';
	return 0;
}

int file_commit(struct file *file, struct err *err)
{
	int result = finish(file, err);
	file_abandon(file);
	return result;
}

void file_abandon(struct file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	if (file->temporary[0])
		unlink(file->temporary);
	free(file->temporary);
	free(file->path);
	text_release(&file->pending);
}

int lines_create(struct lines *lines, const char *path, struct err *err)
{
	lines->whole = 0;
	lines->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
	if (lines->fd < 0)
		return err_errno(err, errno, "cannot write '%s'", path);
	lines->path = copy(path, "");
	return 0;
}

/* Where the last line ends that has an end; -1 with errno. */
static off_t end_of_lines(int fd)
{
	char block[4096];
	off_t end = lseek(fd, 0, SEEK_END);
	while (end > 0) {
		off_t from = end > (off_t)sizeof(block) ? end - (off_t)sizeof(block) : 0;
		ssize_t got = pread(fd, block, (size_t)(end - from), from);
		if (got != end - from) {
			errno = got < 0 ? errno : EIO;
			return -1;
		}
		for (ssize_t i = got; i > 0; i--)
			if (block[i - 1] == '\n')
				return from + i;
		end = from;
	}
	return end;
}

int lines_append(struct lines *lines, const char *path, struct err *err)
{
	lines->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (lines->fd < 0)
		return err_errno(err, errno, "cannot write '%s'", path);
	lines->whole = end_of_lines(lines->fd);
	lines->path = copy(path, "");
	if (lines->whole >= 0 && ftruncate(lines->fd, lines->whole) == 0)
		return 0;
	err_errno(err, errno, "cannot write '%s'", path);
	close(lines->fd);
	free(lines->path);
	lines->path = NULL;
	return -1;
}

int lines_add(struct lines *lines, const char *line, size_t count, struct err *err)
{
	if (write_all(lines->fd, line, count) == 0) {
		lines->whole += (off_t)count;
		return 0;
	}
	err_errno(err, errno, "cannot write '%s'", lines->path);
	(void)!ftruncate(lines->fd, lines->whole);
	return -1;
}

int lines_close(struct lines *lines, struct err *err)
{
	int result = fsync(lines->fd);
	int reason = errno;
	if (close(lines->fd) && result == 0) {
		result = -1;
		reason = errno;
	}
	if (result)
		err_errno(err, reason, "cannot write '%s'", lines->path);
	free(lines->path);
	lines->path = NULL;
	return result;
}

static int make_one(const char *path, struct err *err)
{
	if (mkdir(path, 0777) == 0 || errno == EEXIST)
		return 0;
	return err_errno(err, errno, "cannot make the folder '%s'", path);
}

int folder_make(const char *path, struct err *err)
{
	char *part = copy(path, "");
	int result = 0;
	for (char *slash = strchr(part + (*part != 0), '/'); slash && !result;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		result = make_one(part, err);
		*slash = '/';
	}
	if (!result)
		result = make_one(part, err);
	free(part);
	return result;
}

int folder_make_new(const char *path, struct text *made, struct err *err)
{
	for (unsigned number = 1;; number++) {
		text_clear(made);
		text_add(made, path);
		if (number > 1)
			text_addf(made, "-%u", number);
		if (mkdir(text_get(made), 0777) == 0)
			return 0;
		if (errno != EEXIST)
			return err_errno(err, errno, "cannot make the folder '%s'", text_get(made));
	}
}
