#include "measure/newborn.h"

#include "measure/clock.h"

#include <string.h>
#include <unistd.h>

bool newborn_is(int argc, char **argv)
{
	return argc == 2 && strcmp(argv[1], NEWBORN_ARGUMENT) == 0;
}

int newborn_main(void)
{
	uint64_t now_ns = clock_monotonic_ns();
	return write(STDOUT_FILENO, &now_ns, sizeof(now_ns)) == sizeof(now_ns) ? 0 : 1;
}
