#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int fd_raise(int fd)
{
	if (fd < 0 || fd >= FD_OURS)
		return fd;
	int raised = fcntl(fd, F_DUPFD_CLOEXEC, FD_OURS);
	int saved_errno = errno;
	close(fd);
	errno = saved_errno;
	return raised;
}

int fd_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	ends[0] = fd_raise(ends[0]);
	ends[1] = fd_raise(ends[1]);
	if (ends[0] >= 0 && ends[1] >= 0)
		return 0;
	int saved_errno = errno;
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	errno = saved_errno;
	return -1;
}
