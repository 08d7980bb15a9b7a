#include "engine/scratch.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

int scratch_make(struct scratch *scratch, struct err *err)
{
	const char *parent = getenv("TMPDIR");
	int length = snprintf(scratch->path, sizeof(scratch->path), "%s/conrun-XXXXXX",
		parent && parent[0] ? parent : "/tmp");
	if (length >= (int)sizeof(scratch->path))
		return err_set(err, "the path in TMPDIR is too long");
	if (!mkdtemp(scratch->path))
		return err_errno(err, errno,
			"cannot make a folder '%s' for a run's files; set TMPDIR", scratch->path);
	return 0;
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat, (void)type, (void)ftw;
	remove(path);
	return 0;
}

void scratch_remove(const struct scratch *scratch)
{
	nftw(scratch->path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
