#include "report/expectations.h"

#include "plan/rules.h"
#include "scenario/scenario.h"
#include "script/expr.h"
#include "script/slips.h"

#include <inttypes.h>
#include <string.h>

enum { FIELD_NCPU = -2 };

static const char ncpu_name[] = "ncpu";

/* The column that holds what is made here. */
static const char own_name[] = "expect";

/* ---- before anything runs ---- */

/* Is it what a column may have as its text? */
static bool is_text(const struct scenario *scenario, const char *name)
{
	for (size_t i = 0; i < scenario->workload_count; i++)
		if (strcmp(scenario->workloads[i].name, name) == 0)
			return true;
	for (int status = 0; status < STATUS_COUNT; status++)
		if (strcmp(status_name((enum status)status), name) == 0)
			return true;
	return executor_find(name) || workload_find(name);
}

static void report_name(const struct fields *fields, const struct expect *expect, const char *name,
	struct diag *diag)
{
	struct arena scratch;
	struct text list;
	size_t count = 0;
	arena_init(&scratch);
	text_init(&list);
	const char **names = arena_alloc(&scratch, (fields->count + 1) * sizeof(char *));
	names[count++] = ncpu_name;
	for (size_t i = 0; i < fields->count; i++)
		if (strcmp(fields->items[i].name, own_name) != 0)
			names[count++] = fields->items[i].name;
	for (size_t i = 0; i < count; i++)
		text_addf(&list, "%s%s", i ? ", " : "", names[i]);
	const char *nearest = diag_nearest(diag, name, names, count);
	const char *hint = is_text(fields->plan->scenario, name)
				   ? arena_format(&scratch, "; text stands in quotes: \"%s\"", name)
			   : nearest ? arena_format(&scratch, "; did you mean '%s'?", nearest)
				     : "";
	diag_error(diag, expect->place, "'%.60s' is no column of this scenario's results%s", name,
		hint);
	diag_note(diag, "allowed: %s", text_get(&list));
	text_release(&list);
	arena_release(&scratch);
}

static void find_names(struct arena *arena, struct expectation *expectation,
	const struct fields *fields, struct diag *diag)
{
	const struct claim *claim = &expectation->claim;
	expectation->fields = arena_alloc(arena, (claim->name_count + 1) * sizeof(int));
	for (size_t i = 0; i < claim->name_count; i++) {
		int field = fields_find(fields, claim->names[i]);
		if (strcmp(claim->names[i], ncpu_name) == 0)
			field = FIELD_NCPU;
		else if (field == FIELD_NONE || strcmp(claim->names[i], own_name) == 0)
			report_name(fields, expectation->expect, claim->names[i], diag);
		expectation->fields[i] = field;
	}
}

/* A row that stands for all: is the claim true or false of it at all? What hooks add is not known
 * before there are rows. */
static void check_kind(
	const struct expectation *expectation, const struct fields *fields, struct diag *diag)
{
	static const char *const instances[] = {
		[DATUM_TEXT] = "text", [DATUM_NUMBER] = "1", [DATUM_BOOL] = "true"};
	const struct claim *claim = &expectation->claim;
	struct claim_value *values =
		arena_alloc(diag->arena, (claim->name_count + 1) * sizeof(*values));
	bool known = true;
	struct err err;
	for (size_t i = 0; i < claim->name_count && known; i++) {
		int field = expectation->fields[i];
		values[i].kind = DATUM_NUMBER;
		known = field == FIELD_NCPU ||
			(field >= 0 && fields_kind(fields, (size_t)field, &values[i].kind));
		values[i].text = instances[values[i].kind];
	}
	if (!known || claim_try(claim, values, &err) == 0)
		return;
	bool words = claim->name_count && values[0].kind == DATUM_TEXT;
	diag_error(diag, expectation->expect->place,
		"'%.120s' is no condition: %s; write for instance %.60s %s",
		expectation->expect->that, err.text,
		claim->name_count ? claim->names[0] : "speedup", words ? "== \"ok\"" : "> 1");
}

static void report_syntax(const struct expect *expect, const struct err *err, struct diag *diag)
{
	struct text advice;
	text_init(&advice);
	bool slip = slips_find(expect->that, &advice);
	diag_error(diag, expect->place, "'%.120s' is no Lua expression: %s; %s", expect->that,
		err->text, slip ? text_get(&advice) : "write for instance elapsed_s < 1.5");
	text_release(&advice);
}

static void compile(struct expectations *expectations, struct expectation *expectation,
	const struct fields *fields, struct diag *diag)
{
	const struct expect *expect = expectation->expect;
	struct err err;
	if (!claim_compile(&expectation->claim, &expectations->state, &expectations->arena,
		    expect->that, &err)) {
		find_names(&expectations->arena, expectation, fields, diag);
		check_kind(expectation, fields, diag);
	} else {
		report_syntax(expect, &err, diag);
	}
}

static void warn_unmatched(
	const struct expectations *expectations, const struct plan *plan, struct diag *diag)
{
	for (size_t i = 0; i < expectations->count; i++) {
		const struct matcher *matcher = &expectations->matchers[i];
		bool matched = false;
		for (uint32_t k = 0; k < plan->experiment_count && !matched; k++)
			matched = matcher_holds(matcher, &plan->experiments[k]);
		if (!matched)
			diag_warning(diag, matcher->rule->place, "this when matches no cell");
	}
}

void expectations_make(
	struct expectations *expectations, const struct fields *fields, struct diag *diag)
{
	const struct scenario *scenario = fields->plan->scenario;
	struct err err;
	*expectations = (struct expectations){.count = scenario->expect_count};
	arena_init(&expectations->arena);
	if (!expectations->count)
		return;
	expectations->items =
		arena_alloc(&expectations->arena, expectations->count * sizeof(struct expectation));
	expectations->matchers = matchers_make(&expectations->arena, scenario,
		&scenario->expects[0].when, expectations->count, sizeof(struct expect));
	if (state_open(&expectations->state, "", &err)) {
		diag_err(diag, (struct place){0}, &err);
		return;
	}
	for (size_t i = 0; i < expectations->count; i++) {
		expectations->items[i].expect = &scenario->expects[i];
		compile(expectations, &expectations->items[i], fields, diag);
	}
	if (fields->plan->filtered == 0)
		warn_unmatched(expectations, fields->plan, diag);
}

void expectations_release(struct expectations *expectations)
{
	state_close(&expectations->state);
	arena_release(&expectations->arena);
}

/* ---- at the end ---- */

struct judging {
	struct expectations *expectations;
	struct expectation *expectation;
	const struct fields *fields;
	struct arena scratch; /* of one row's values */
	struct text text;
};

static const struct claim_value *values_of(struct judging *judging, const struct summary_row *row)
{
	const struct expectation *expectation = judging->expectation;
	size_t count = expectation->claim.name_count;
	struct claim_value *values = arena_alloc(&judging->scratch, (count + 1) * sizeof(*values));
	for (size_t i = 0; i < count; i++) {
		int field = expectation->fields[i];
		if (field == FIELD_NCPU) {
			text_clear(&judging->text);
			text_addf(&judging->text, "%" PRId64, expr_ncpu());
			values[i].kind = DATUM_NUMBER;
		} else {
			values[i].kind =
				fields_get(judging->fields, (size_t)field, row, &judging->text);
		}
		values[i].text = arena_text(&judging->scratch, text_get(&judging->text));
	}
	return values;
}

static void spell_values(struct judging *judging, const struct claim_value *values)
{
	const struct claim *claim = &judging->expectation->claim;
	text_clear(&judging->text);
	for (size_t i = 0; i < claim->name_count; i++) {
		bool words = values[i].kind == DATUM_TEXT;
		const char *text = words || *values[i].text ? values[i].text : "unknown";
		text_addf(&judging->text, "%s%s %s%.200s%s", i ? ", " : "", claim->names[i],
			words ? "'" : "", text, words ? "'" : "");
	}
}

static void note_failure(struct judging *judging, uint32_t row, const char *why)
{
	struct expectation *expectation = judging->expectation;
	if (expectation->failed < EXPECTATION_FAILURES_KEPT)
		expectation->failures[expectation->failed] =
			(struct failure){row, arena_text(&judging->expectations->arena, why)};
	expectation->failed++;
}

static void judge_row(struct judging *judging, struct summary *summary, uint32_t index)
{
	struct summary_row *row = &summary->rows[index];
	const struct claim_value *values = values_of(judging, row);
	struct err err;
	enum claim_verdict verdict = claim_test(&judging->expectation->claim, values, &err);
	judging->expectation->judged++;
	if (row->judgement == ROW_NOT_JUDGED)
		row->judgement = ROW_PASSED;
	if (verdict == CLAIM_HOLDS)
		return;
	row->judgement = ROW_FAILED;
	spell_values(judging, values);
	note_failure(
		judging, index, verdict == CLAIM_CANNOT_TELL ? err.text : text_get(&judging->text));
}

static bool names(const struct expectation *expectation, const char *column)
{
	const struct claim *claim = &expectation->claim;
	for (size_t i = 0; i < claim->name_count; i++)
		if (strcmp(claim->names[i], column) == 0)
			return true;
	return false;
}

/* It asks for what --filter has left no baseline for. */
static bool is_without_baseline(const struct expectation *expectation, const struct plan *plan,
	const struct experiment *experiment)
{
	return plan->filtered > 0 && experiment->baseline == PLAN_NONE &&
	       (names(expectation, "speedup") || names(expectation, "efficiency"));
}

/* What the session did not come to is nobody's failure. */
static void judge_matching_row(struct judging *judging, struct summary *summary, uint32_t index)
{
	enum status status = summary->rows[index].status;
	if (status == STATUS_INTERRUPTED)
		return;
	if ((status_not_run(status) && !names(judging->expectation, "status")) ||
		is_without_baseline(judging->expectation, summary->plan,
			summary->rows[index].experiment)) {
		judging->expectation->not_run++;
		return;
	}
	arena_init(&judging->scratch);
	judge_row(judging, summary, index);
	arena_release(&judging->scratch);
}

void expectations_judge(
	struct expectations *expectations, const struct fields *fields, struct summary *summary)
{
	if (fields->plan->scenario->reading.quick)
		return;
	struct judging judging = {.expectations = expectations, .fields = fields};
	text_init(&judging.text);
	for (size_t i = 0; i < expectations->count; i++) {
		judging.expectation = &expectations->items[i];
		for (uint32_t row = 0; row < summary->count; row++)
			if (matcher_holds(
				    &expectations->matchers[i], summary->rows[row].experiment))
				judge_matching_row(&judging, summary, row);
	}
	text_release(&judging.text);
}

struct expectations_count expectations_count(const struct expectations *expectations)
{
	struct expectations_count count = {0, 0};
	for (size_t i = 0; i < expectations->count; i++) {
		const struct expectation *expectation = &expectations->items[i];
		count.judged += expectation->judged > 0;
		count.held += expectation->judged > 0 && expectation->failed == 0;
	}
	return count;
}
