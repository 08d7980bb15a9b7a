/* How experiments are called on a screen, and how wide it is. */
#include "report/screen.h"

#include "report/utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool screen_is_terminal(int fd)
{
	const char *kind = getenv("TERM");
	return isatty(fd) && !(kind && strcmp(kind, "dumb") == 0);
}

/* https://no-color.org: set and not empty. */
bool screen_has_colour(int fd)
{
	const char *no_color = getenv("NO_COLOR");
	return screen_is_terminal(fd) && !(no_color && *no_color);
}

size_t screen_width(int fd, size_t fallback)
{
	struct winsize size;
	if (ioctl(fd, TIOCGWINSZ, &size) || size.ws_col == 0)
		return fallback;
	return size.ws_col;
}

void screen_executor(struct text *out, const struct experiment *experiment)
{
	utf8_add_line(out, experiment->executor->label);
	if (!experiment->executor->type->ignores_workers)
		text_addf(out, " ×%" PRIu32, experiment->workers);
}

void screen_rate(struct text *out, const struct experiment *experiment)
{
	union value rate = {.number = experiment->rate};
	if (experiment->rate <= 0)
		return;
	text_add(out, " at ");
	option_format(&load_options[LOAD_RATE], rate, out);
	text_add(out, experiment->arrival == ARRIVAL_POISSON ? " (poisson)" : "");
}

void screen_workload(
	struct text *out, const struct plan *plan, const struct experiment *experiment)
{
	struct text label;
	text_init(&label);
	plan_workload_label(plan, experiment, &label);
	utf8_add_line(out, text_get(&label));
	text_release(&label);
}

void screen_experiment(
	struct text *out, const struct plan *plan, const struct experiment *experiment)
{
	screen_workload(out, plan, experiment);
	text_add(out, " · ");
	screen_executor(out, experiment);
	screen_rate(out, experiment);
}
