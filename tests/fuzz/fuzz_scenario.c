/* Any bytes as a scenario: never a crash, a leak or a hang. */
#include "scenario/scenario.h"
#include "script/expr.h"

#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	expr_install();
	/* Nobody reads the problems of a million inputs. Only the stream changes, which glibc
	 * allows: the sanitizers go on writing to the descriptor. */
	stderr = fopen("/dev/null", "w");
	return stderr ? 0 : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scenario scenario;
	if (scenario_parse(&scenario, "fuzz.yaml", (const char *)data, size) == 0)
		scenario_release(&scenario);
	return 0;
}
