/* Ranges, `{ from: 1, to: 64, factor: 2 }`: both ends belong to them; see check.h. */
#include "scenario/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct range {
	long double from, to, step, factor; /* step or factor is 0 */
	bool whole; /* held as an integer; exact: a long double has 64 bits */
};

static const struct option factor_option = {.name = "factor",
	.type = OPTION_NUMBER,
	.help = "each value is so many times the one before"};

static bool is_real(const struct option *option)
{
	return option->type == OPTION_NUMBER || option->type == OPTION_RATE ||
	       option->type == OPTION_PERCENT;
}

bool range_allowed(const struct option *option)
{
	return is_real(option) || option->type == OPTION_INTEGER ||
	       option->type == OPTION_DURATION || option->type == OPTION_SIZE;
}

static bool read_part(struct check *check, const struct option *option, const struct node *map,
	const char *name, long double *part)
{
	const struct node *node = node_find(map, name);
	union value value;
	if (!node || node_is_empty(node) || !value_read(check, option, node, &value))
		return false;
	*part = is_real(option) ? (long double)value.number : (long double)value.integer;
	return true;
}

static bool read_growth(struct check *check, const struct option *option, const struct node *map,
	struct range *range)
{
	struct option step = {.name = "step", .type = option->type};
	const struct node *by_step = node_find(map, "step"), *by_factor = node_find(map, "factor");
	if (!by_step == !by_factor) {
		diag_error(check->diag, map->place,
			"a range has either a 'step' or a 'factor'; write one of them");
		return false;
	}
	if (by_step) {
		if (!read_part(check, &step, map, "step", &range->step))
			return false;
		if (range->step <= 0)
			diag_error(check->diag, by_step->place,
				"a range's 'step' must be more than 0");
		return range->step > 0;
	}
	if (!read_part(check, &factor_option, map, "factor", &range->factor))
		return false;
	if (range->factor <= 1)
		diag_error(check->diag, by_factor->place, "a range's 'factor' must be more than 1");
	else if (range->from <= 0)
		diag_error(check->diag, map->place,
			"a range with a 'factor' begins above 0; write a 'step' instead");
	return range->factor > 1 && range->from > 0;
}

const struct key range_keys[] = {
	{"from", "the first value", true, NULL, {.kind = FORM_SAME}},
	{"to", "the last value, if the steps meet it", true, NULL, {.kind = FORM_SAME}},
	{"step", "what is added from value to value", false, NULL, {.kind = FORM_SAME}},
	{"factor", "what is multiplied from value to value", false, NULL,
		{.kind = FORM_VALUE, .option = &factor_option}},
	{0},
};

static bool read_range(struct check *check, const struct option *option, const struct node *map,
	struct range *range)
{
	const struct section section = {.what = "a range", .keys = range_keys};
	range->whole = !is_real(option);
	if (!section_read(check, &section, map, NULL))
		return false;
	bool from = read_part(check, option, map, "from", &range->from);
	bool to = read_part(check, option, map, "to", &range->to);
	if (!from || !to || !read_growth(check, option, map, range))
		return false;
	if (range->from > range->to)
		diag_error(
			check->diag, map->place, "a range's 'from' must not be more than its 'to'");
	return range->from <= range->to;
}

/* Decimals as a person would have written them: 0.1 + 2 × 0.1 is 0.3. */
static double tidy(long double number)
{
	char digits[40];
	snprintf(digits, sizeof(digits), "%.12Lg", number);
	return strtod(digits, NULL);
}

static void add_values(struct check *check, const struct range *range, const struct node *node,
	struct values *values)
{
	/* Steps like 0.1 are not exact: the last one may miss `to` by a hair. */
	long double last = range->whole ? range->to : range->to + fabsl(range->to) * 1e-12L;
	long double number = range->from;
	union value value, before = {0};
	for (size_t i = 0; number <= last; i++) {
		if (!check->values_left) {
			diag_error(check->diag, node->place,
				"too many values; the ranges of a scenario make %d at most",
				CHECK_VALUES_MOST);
			return;
		}
		check->values_left--;
		if (range->whole)
			value.integer = llroundl(number);
		else
			value.number = i ? fmin(tidy(number), (double)range->to) : (double)number;
		/* Small integers with a small factor stay where they are for some steps. */
		if (!i || !range->whole || value.integer != before.integer)
			values_add(values, value, node);
		before = value;
		number = range->step > 0 ? range->from + (long double)(i + 1) * range->step
					 : number * range->factor;
	}
}

void range_read(struct check *check, const struct option *option, const struct node *node,
	struct values *values)
{
	struct range range = {0};
	if (!range_allowed(option))
		diag_error(check->diag, node->place,
			"'%s' is a %s, and has no ranges; list its values", option->name,
			option_type_name(option));
	else if (read_range(check, option, node, &range))
		add_values(check, &range, node, values);
}
