#include "workloads/pages.h"

#include "base/option.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

size_t pages_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* The call fails where touching a page would be the process's death. Kernels before 5.14, which do
 * not know it, are left with touching. */
static int make_pages(unsigned char *memory, size_t bytes)
{
#ifdef MADV_POPULATE_WRITE
	if (madvise(memory, bytes, MADV_POPULATE_WRITE) == 0)
		return 0;
	if (errno != EINVAL)
		return -1;
#endif
	for (size_t at = 0; at < bytes; at += pages_size())
		*(volatile unsigned char *)&memory[at] = 0;
	return 0;
}

static void say_no_room(size_t bytes, int errno_value, struct err *err)
{
	struct text size;
	text_init(&size);
	option_format_size((int64_t)bytes, &size);
	err_set(err,
		"cannot make %s of memory for a worker: %s; use a smaller size or fewer "
		"workers",
		text_get(&size), strerror(errno_value));
	text_release(&size);
}

unsigned char *pages_map(size_t bytes, enum pages_kind kind, struct err *err)
{
	int flags = MAP_ANONYMOUS | (kind == PAGES_SHARED ? MAP_SHARED : MAP_PRIVATE);
	unsigned char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (memory == MAP_FAILED) {
		say_no_room(bytes, errno, err);
		return NULL;
	}
	/* EINVAL: a kernel without huge pages. */
	madvise(memory, bytes, MADV_NOHUGEPAGE);
	if (make_pages(memory, bytes) != 0) {
		say_no_room(bytes, errno, err);
		pages_unmap(memory, bytes);
		return NULL;
	}
	return memory;
}

void pages_unmap(unsigned char *memory, size_t bytes)
{
	if (memory)
		munmap(memory, bytes);
}
