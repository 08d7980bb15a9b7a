#include "commands/overview.h"

#include "commands/availability.h"
#include "executors/executor.h"
#include "workloads/workload.h"

enum { NAME_WIDTH = 16 };

static const char indent[] = "                  "; /* to below a summary */

static const char *const group_names[] = {
	[GROUP_NONE] = "others",
	[GROUP_CPU] = "cpu",
	[GROUP_WAITING] = "waiting, input and output",
	[GROUP_SHARED] = "shared state",
	[GROUP_CHANNEL] = "channels",
	[GROUP_MEMORY] = "processes and memory",
	[GROUP_SCHEDULER] = "scheduler",
	[GROUP_GIVEN] = "programs and scripts of your own",
	[GROUP_FAULT] = "what goes wrong",
	[GROUP_PLUGIN] = "from plugins",
};

static void add_line(const char *name, const char *summary, struct text *out)
{
	text_addf(out, "  %-*s%s\n", NAME_WIDTH, name, summary);
}

/* The registry keeps groups together: a heading stands where a new one begins. */
void overview_workloads(struct text *out)
{
	const struct workload *before = NULL;
	for (const struct workload *const *type = workload_registry(); *type; type++) {
		if (!before || before->group != (*type)->group)
			text_addf(out, "%sworkloads: %s\n", before ? "\n" : "",
				group_names[(*type)->group]);
		add_line((*type)->name, (*type)->summary, out);
		availability_add(*type, indent, out);
		before = *type;
	}
}

void overview_executors(struct text *out)
{
	text_add(out, "executors:\n");
	for (const struct executor *const *type = executor_registry; *type; type++)
		add_line((*type)->name, (*type)->summary, out);
}

void overview_add(struct text *out)
{
	overview_workloads(out);
	text_add(out, "\n");
	overview_executors(out);
	text_add(out, "\n");
	availability_libraries(out);
	availability_programs(out);
	text_add(out, "\n'conrun list NAME' shows one with its options and an example; 'conrun "
		      "list columns' the\ncolumns of the results, 'conrun list scenarios' what can "
		      "be run at once\n");
}
