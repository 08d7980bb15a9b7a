/* libyaml's complaints in a scenario author's words; see syntax.h. */
#include "scenario/syntax.h"

#include <string.h>

struct fault {
	const char *problem; /* libyaml's text */
	bool at_context;     /* what went wrong began earlier, where libyaml's context says */
	const char *message; /* the fault that a user sees; %d: the line of the context */
};

static const struct fault faults[] = {
	{"could not find expected ':'", true, "expected 'key: value' here; a ':' is missing, or the blank behind it"},
	{"did not find expected ',' or ']'", false,
		"expected ',' or ']' here; the list begins on line %d"},
	{"did not find expected ',' or '}'", false,
		"expected ',' or '}' here; the mapping begins on line %d"},
	{"did not find expected key", false,
		"expected a key here, indented like its neighbours; the mapping begins on line "
		"%d"},
	{"did not find expected '-' indicator", false,
		"expected '- ' here, indented like its neighbours; the list begins on line %d"},
	{"mapping values are not allowed in this context", false,
		"a ':' cannot stand here; check the indentation, or put the text in quotes"},
	{"block sequence entries are not allowed in this context", false,
		"a '- ' cannot stand here; begin the list on a line of its own"},
	{"did not find expected node content", false, "a value is missing here"},
	{"found unexpected end of stream", true, "this quote is never closed; close it, or leave it out"},
	{"found unexpected document indicator", true, "this quote is never closed; close it, or leave it out"},
	{"did not find expected comment or line break", true,
		"put a value that begins with '>' or '|' in quotes: \">32\""},
	{"did not find expected alphabetic or numeric character", true,
		"an anchor or alias has no name; put text that begins with & or * in quotes"},
	{"found unknown escape character", false,
		"unknown escape; put text with a backslash in single quotes"},
};

static const char *line_at(const struct diag_source *parsed, int line)
{
	const char *at = parsed->text, *end = parsed->text + parsed->length;
	for (; line > 1 && at < end; at++)
		line -= *at == '\n';
	return at;
}

/* A tab among the blanks that open the faulty line is most likely the fault. */
static bool report_tab(const struct diag_source *parsed, struct diag *diag, struct place place)
{
	const char *line = line_at(parsed, place.line);
	int blank = (int)strspn(line, " ");
	if (line[blank] != '\t')
		return false;
	place.column = blank + 1;
	diag_error(diag, place, "a tab in the indentation; YAML indents with spaces, not tabs");
	return true;
}

static bool report_start(const struct diag_source *parsed, const char *problem, struct diag *diag,
	struct place place)
{
	const char *line = line_at(parsed, place.line);
	size_t column = (size_t)place.column - 1;
	if (strcmp(problem, "found character that cannot start any token"))
		return false;
	/* Characters are bytes as long as all before are ASCII; else the caret alone points. */
	bool plain = strnlen(line, column + 1) > column;
	for (size_t i = 0; plain && i <= column; i++)
		plain = line[i] >= ' ' && line[i] <= '~';
	if (plain)
		diag_error(diag, place, "a value cannot begin with '%c'; put it in quotes",
			line[column]);
	else
		diag_error(diag, place, "a value cannot begin like this; put it in quotes");
	return true;
}

/* The end of an option is the end of its line; libyaml sees another one behind it. */
static struct place place_of(yaml_mark_t mark, const struct diag_source *parsed, int source)
{
	struct place place = {(int)mark.line + 1, (int)mark.column + 1, source};
	if (!source)
		return place;
	struct place end = diag_place(parsed->text, parsed->length, parsed->length);
	end.source = source;
	return place.line > end.line ? end : place;
}

/* What the text's own check let through but YAML does not: C1 controls and non-characters. */
static void report_character(const yaml_parser_t *parser, const struct diag_source *parsed,
	int source, struct diag *diag)
{
	struct place place = diag_place(parsed->text, parsed->length, parser->problem_offset);
	place.source = source;
	diag_error(diag, place, "the character U+%04X is not allowed in YAML",
		(unsigned)parser->problem_value);
}

void syntax_report(const yaml_parser_t *parser, const struct diag_source *parsed, int source,
	struct diag *diag)
{
	if (parser->error == YAML_READER_ERROR) {
		report_character(parser, parsed, source, diag);
		return;
	}
	struct place place = place_of(parser->problem_mark, parsed, source);
	const char *problem = parser->problem ? parser->problem : "it cannot be read";
	if (report_tab(parsed, diag, place) || report_start(parsed, problem, diag, place))
		return;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const struct fault *fault = &faults[i];
		if (strcmp(fault->problem, problem))
			continue;
		struct place context = place_of(parser->context_mark, parsed, source);
		diag_error(diag, fault->at_context ? context : place, fault->message, context.line);
		return;
	}
	diag_error(diag, place, "not valid YAML: %s", problem);
}
