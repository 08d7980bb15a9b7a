/*
 * A claim: a Lua expression that is true or false of a row of results. It sees the values of its
 * names and nothing else; what these may be is known before it is ever evaluated.
 */
#ifndef SCRIPT_CLAIM_H
#define SCRIPT_CLAIM_H

#include "base/memory.h"
#include "script/datum.h"
#include "script/state.h"

#include <stdbool.h>
#include <stddef.h>

struct claim {
	struct state *state;      /* borrowed; claims may share one */
	int function;             /* in its registry */
	const char *const *names; /* that the expression uses, each once */
	size_t name_count;
};

/* What a name stands for: its text, "" where that is unknown, and the text's kind. */
struct claim_value {
	enum datum_kind kind;
	const char *text;
};

/* Everything that the claim points to lies in `arena`. */
int claim_compile(struct claim *claim, struct state *state, struct arena *arena, const char *text,
	struct err *err);

enum claim_verdict { CLAIM_HOLDS, CLAIM_FAILS, CLAIM_CANNOT_TELL };

/* Is what it comes to for such values a truth value? On -1 the error says what it is instead. Where
 * it comes to nothing with them, with others it may. */
int claim_try(const struct claim *claim, const struct claim_value *values, struct err *err);

/* `values` are parallel to the names. Where it cannot tell, `err` says why: that a figure is
 * unknown, or what is wrong with the expression. */
enum claim_verdict claim_test(
	const struct claim *claim, const struct claim_value *values, struct err *err);

#endif
