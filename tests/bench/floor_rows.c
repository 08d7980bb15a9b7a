/* The floor of tasks.csv: rows as wide, from numbers at hand, by fprintf into a file.
 *   floor_rows  ROWS */
#include "floor.h"

#include <inttypes.h>
#include <unistd.h>

enum { NS = 1000000000 };

static void put_row(FILE *file, uint64_t row)
{
	uint64_t from = row * 37, until = from + 20;
	fprintf(file,
		"%s,%d,%" PRIu64 ",%u,%" PRIu64 ".%09" PRIu64 ",%" PRIu64 ".%09" PRIu64 ",%" PRIu64
		".%09" PRIu64 ",%" PRIu64 ",%s\r\n",
		"x0123456789abcdef", 1, row, (unsigned)(row & 1), UINT64_C(0), UINT64_C(0),
		from / NS, from % NS, until / NS, until % NS, UINT64_C(1), "ok");
}

int main(int argc, char **argv)
{
	uint64_t rows = argument(argc, argv, 1, UINT64_C(1000000000));
	char path[] = "rows-XXXXXX"; /* where the driver wants it */
	uint64_t began = now_ns();
	int fd = mkstemp(path);
	need(fd >= 0, path);
	FILE *file = fdopen(fd, "w");
	need(file != NULL, path);
	for (uint64_t row = 0; row < rows; row++)
		put_row(file, row);
	need(fflush(file) == 0 && fsync(fd) == 0 && fclose(file) == 0, path);
	uint64_t ended = now_ns();
	unlink(path);
	report(rows, ended - began);
	return 0;
}
