/*
 * Files for tasks. What is written lies in the run's own folder, which goes with the run; what is
 * read is looked for there, beside the script, and in the current folder.
 */
#include "workloads/lua.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_MOST_BYTES = 4096, PIECE_BYTES = 65536 };

/* -1 with errno. */
static int open_in(const char *folder, const char *path, int flags)
{
	char whole[PATH_MOST_BYTES];
	if (path[0] == '/' || !*folder)
		return open(path, flags | O_CLOEXEC, 0666);
	int length = snprintf(whole, sizeof(whole), "%s/%s", folder, path);
	if (length < 0 || (size_t)length >= sizeof(whole)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(whole, flags | O_CLOEXEC, 0666);
}

static int open_to_read(const struct lua_file *file)
{
	const char *const folders[] = {file->scratch, file->folder, ""};
	int fd = -1;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && fd < 0; i++) {
		fd = open_in(folders[i], file->path, O_RDONLY);
		if (fd < 0 && errno != ENOENT)
			break;
	}
	return fd;
}

/* Room for one byte more than a regular file has: its end is then seen without growing. */
static bool make_room(struct lua_file *file, size_t *capacity, size_t first)
{
	size_t wanted = *capacity ? 2 * *capacity : first;
	if (file->length > file->most_bytes) {
		errno = EFBIG;
		return false;
	}
	if (file->length < *capacity)
		return true;
	char *bytes = realloc(file->bytes, wanted);
	if (!bytes)
		return false;
	file->bytes = bytes;
	*capacity = wanted;
	return true;
}

static bool read_all(struct lua_file *file, int fd)
{
	struct stat status;
	size_t capacity = 0, first = PIECE_BYTES;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
		(size_t)status.st_size <= file->most_bytes)
		first = (size_t)status.st_size + 1;
	file->length = 0;
	for (;;) {
		if (!make_room(file, &capacity, first))
			return false;
		ssize_t got = read(fd, file->bytes + file->length, capacity - file->length);
		if (got == 0)
			return true;
		if (got < 0 && errno != EINTR)
			return false;
		file->length += got > 0 ? (size_t)got : 0;
	}
}

static bool write_all(const struct lua_file *file, int fd)
{
	for (size_t done = 0; done < file->length;) {
		ssize_t put = write(fd, file->text + done, file->length - done);
		if (put < 0 && errno != EINTR)
			return false;
		done += put > 0 ? (size_t)put : 0;
	}
	return true;
}

void lua_file_do(struct lua_file *file)
{
	free(file->bytes);
	file->bytes = NULL;
	file->failed = 0;
	int fd = file->text ? open_in(file->scratch, file->path, O_WRONLY | O_CREAT | O_TRUNC)
			    : open_to_read(file);
	bool done = fd >= 0 && (file->text ? write_all(file, fd) : read_all(file, fd));
	if (!done)
		file->failed = errno;
	if (fd >= 0 && close(fd) != 0 && done)
		file->failed = errno;
}
