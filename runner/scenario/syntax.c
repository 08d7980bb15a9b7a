/* libyaml's complaints in a scenario author's words; see syntax.h. */
#include "scenario/syntax.h"

#include <string.h>

struct fault {
	const char *problem; /* libyaml's text */
	bool at_context;     /* what went wrong began earlier, where libyaml's context says */
	const char *message; /* the fault that a user sees; %d: the line of the context */
};

static const struct fault faults[] = {
	{"could not find expected ':'", true, "expected 'key: value' here; a ':' is missing"},
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
	{"found unexpected end of stream", true, "this quote is never closed"},
	{"found unexpected document indicator", true, "this quote is never closed"},
	{"did not find expected comment or line break", true,
		"put a value that begins with '>' or '|' in quotes: \">32\""},
	{"did not find expected alphabetic or numeric character", true,
		"an anchor or alias has no name; put text that begins with & or * in quotes"},
	{"found unknown escape character", false,
		"unknown escape; put text with a backslash in single quotes"},
};

static const char *line_at(const struct diag *diag, int line)
{
	const char *at = diag->text, *end = diag->text + diag->length;
	for (; line > 1 && at < end; at++)
		line -= *at == '\n';
	return at;
}

/* A tab among the blanks that open the faulty line is most likely the fault. */
static bool report_tab(struct diag *diag, struct place place)
{
	const char *line = line_at(diag, place.line);
	int blank = (int)strspn(line, " ");
	if (line[blank] != '\t')
		return false;
	diag_error(diag, (struct place){place.line, blank + 1},
		"a tab in the indentation; YAML indents with spaces, not tabs");
	return true;
}

static bool report_start(const char *problem, struct diag *diag, struct place place)
{
	const char *line = line_at(diag, place.line);
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

static struct place place_of(yaml_mark_t mark)
{
	return (struct place){(int)mark.line + 1, (int)mark.column + 1};
}

/* What the text's own check let through but YAML does not: C1 controls and non-characters. */
static void report_character(const yaml_parser_t *parser, struct diag *diag)
{
	struct place place = diag_place(diag->text, diag->length, parser->problem_offset);
	diag_error(diag, place, "the character U+%04X is not allowed in YAML",
		(unsigned)parser->problem_value);
}

void syntax_report(const yaml_parser_t *parser, struct diag *diag)
{
	if (parser->error == YAML_READER_ERROR) {
		report_character(parser, diag);
		return;
	}
	struct place place = place_of(parser->problem_mark);
	const char *problem = parser->problem ? parser->problem : "it cannot be read";
	if (report_tab(diag, place) || report_start(problem, diag, place))
		return;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const struct fault *fault = &faults[i];
		if (strcmp(fault->problem, problem))
			continue;
		struct place context = place_of(parser->context_mark);
		diag_error(diag, fault->at_context ? context : place, fault->message,
			context.line);
		return;
	}
	diag_error(diag, place, "not valid YAML: %s", problem);
}
