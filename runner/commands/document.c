#include "commands/document.h"

#include "base/version.h"

#include <ctype.h>
#include <string.h>

enum { SOURCE_WIDTH = 72, PLAIN_WIDTH = 80, TERM_WIDTH = 24, STEP = 4 };

/* ---- characters, as roff wants them ---- */

static const struct {
	char byte;
	const char *roff;
} specials[] = {
	{'\\', "\\e"},
	{'-', "\\-"},
	{'\'', "\\(aq"},
	{'^', "\\(ha"},
	{'~', "\\(ti"},
	{'"', "\\(dq"},
};

/* The code point of a UTF-8 sequence; moves to its last byte. */
static unsigned take_point(const char **at)
{
	unsigned char lead = (unsigned char)**at;
	unsigned more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
	unsigned point = lead & (0x3fU >> more);
	for (; more; more--)
		point = point << 6 | ((unsigned char)*++*at & 0x3fU);
	return point;
}

/* Three dots are read on any terminal. */
static void add_point(unsigned point, struct text *out)
{
	enum { ELLIPSIS = 0x2026 };
	if (point == ELLIPSIS)
		text_add(out, "\\&...");
	else
		text_addf(out, "\\[u%04X]", point);
}

static void add_roff(const char *bytes, size_t count, struct text *out)
{
	const char *end = bytes + count;
	for (; bytes < end; bytes++) {
		size_t i = 0, known = sizeof(specials) / sizeof(specials[0]);
		while (i < known && specials[i].byte != *bytes)
			i++;
		if (i < known)
			text_add(out, specials[i].roff);
		else if ((unsigned char)*bytes >= 0x80)
			add_point(take_point(&bytes), out);
		else
			text_add_bytes(out, bytes, 1);
	}
}

/* ---- running text ---- */

/* Text that is broken into lines. */
struct flow {
	struct document *document;
	size_t column, indent, width;
	bool begun, typed; /* typed: between backquotes */
};

static size_t characters(const char *bytes, size_t count)
{
	size_t characters = 0;
	for (size_t i = 0; i < count; i++)
		characters += ((unsigned char)bytes[i] & 0xc0) != 0x80;
	return characters;
}

/* One word; what is typed is bold, and the backquotes are gone. */
static void add_word_roff(struct flow *flow, const char *word, size_t count)
{
	struct text *out = flow->document->out;
	if (*word == '.')
		text_add(out, "\\&");
	if (flow->typed)
		text_add(out, "\\fB");
	const char *end = word + count;
	while (word < end) {
		size_t plain = strcspn(word, "`");
		if (plain > (size_t)(end - word))
			plain = (size_t)(end - word);
		add_roff(word, plain, out);
		word += plain;
		if (word == end)
			break;
		flow->typed = !flow->typed;
		text_add(out, flow->typed ? "\\fB" : "\\fR");
		word++;
	}
	if (flow->typed)
		text_add(out, "\\fR");
}

static void add_word(struct flow *flow, const char *word, size_t count)
{
	struct text *out = flow->document->out;
	bool man = flow->document->form == DOCUMENT_MAN;
	size_t length = man ? count : characters(word, count);
	if (flow->begun && flow->column + 1 + length > flow->width) {
		text_addf(out, "\n%*s", (int)flow->indent, "");
		flow->column = flow->indent;
	} else if (flow->begun) {
		text_add(out, " ");
		flow->column++;
	}
	flow->begun = true;
	size_t before = out->length;
	if (man)
		add_word_roff(flow, word, count);
	else
		text_add_bytes(out, word, count);
	flow->column += man ? out->length - before : length;
	/* roff wants a sentence to end with its line. */
	if (man && strchr(".?!", word[count - 1]))
		flow->column = flow->width;
}

/* Ends with its line. */
static void add_flow(struct document *document, size_t indent, const char *text, size_t count)
{
	bool man = document->form == DOCUMENT_MAN;
	struct flow flow = {
		document, indent, indent, man ? SOURCE_WIDTH : PLAIN_WIDTH, false, false};
	const char *end = text + count;
	while (text < end) {
		if (isspace((unsigned char)*text)) {
			text++;
			continue;
		}
		const char *word = text;
		while (text < end && !isspace((unsigned char)*text))
			text++;
		add_word(&flow, word, (size_t)(text - word));
	}
	text_add(document->out, "\n");
}

/* ---- parts ---- */

static void add_heading(struct document *document, const char *macro, const char *text)
{
	if (document->form == DOCUMENT_MAN) {
		text_addf(document->out, "%s \"", macro);
		add_roff(text, strlen(text), document->out);
		text_add(document->out, "\"\n");
	} else {
		text_addf(document->out, "%s%s\n", document->out->length ? "\n" : "", text);
	}
	document->begun = false;
}

void document_title(
	struct document *document, const char *name, const char *section, const char *summary)
{
	if (document->form != DOCUMENT_MAN)
		return;
	text_add(document->out, ".TH ");
	for (const char *byte = name; *byte; byte++)
		text_addf(document->out, "%c", toupper((unsigned char)*byte));
	/* Names are not to be hyphenated. */
	text_addf(document->out, " %s %s \"conrun %s\"\n.nh\n.ad l\n.SH NAME\n%s \\- ", section,
		CONRUN_DATE, CONRUN_VERSION, name);
	add_roff(summary, strlen(summary), document->out);
	text_add(document->out, "\n");
}

void document_heading(struct document *document, const char *text)
{
	add_heading(document, ".SH", text);
}

void document_part(struct document *document, const char *text)
{
	add_heading(document, ".SS", text);
}

static void begin_paragraph(struct document *document)
{
	if (document->form == DOCUMENT_PLAIN && document->begun)
		text_add(document->out, "\n");
	else if (document->form == DOCUMENT_MAN && document->begun)
		text_add(document->out, ".PP\n");
	document->begun = true;
}

static void add_paragraph(struct document *document, const char *text, size_t count)
{
	begin_paragraph(document);
	add_flow(document, document->form == DOCUMENT_PLAIN ? document->depth * STEP : 0, text,
		count);
}

void document_paragraph(struct document *document, const char *text)
{
	add_paragraph(document, text, strlen(text));
}

static void add_item_man(struct document *document, const char *term, size_t term_count,
	const char *argument, const char *text, size_t count)
{
	text_add(document->out, ".TP\n\\fB");
	add_roff(term, term_count, document->out);
	text_add(document->out, "\\fR");
	if (argument) {
		text_add(document->out, " \\fI");
		add_roff(argument, strlen(argument), document->out);
		text_add(document->out, "\\fR");
	}
	text_add(document->out, "\n");
	add_flow(document, 0, text, count);
}

/* The meaning stands beside the term, or below a long one. */
static void add_item_plain(struct document *document, const char *term, size_t term_count,
	const char *argument, const char *text, size_t count)
{
	size_t indent = document->depth * STEP + 2, beside = document->depth * STEP + TERM_WIDTH;
	size_t width = indent + characters(term, term_count);
	text_addf(document->out, "%*s%.*s", (int)indent, "", (int)term_count, term);
	if (argument) {
		text_addf(document->out, " %s", argument);
		width += 1 + characters(argument, strlen(argument));
	}
	if (width + 2 > beside)
		text_addf(document->out, "\n%*s", (int)beside, "");
	else
		text_addf(document->out, "%*s", (int)(beside - width), "");
	add_flow(document, beside, text, count);
}

static void add_item(struct document *document, const char *term, size_t term_count,
	const char *argument, const char *text, size_t count)
{
	if (document->form == DOCUMENT_MAN)
		add_item_man(document, term, term_count, argument, text, count);
	else
		add_item_plain(document, term, term_count, argument, text, count);
	document->begun = true;
}

void document_item(
	struct document *document, const char *term, const char *argument, const char *text)
{
	add_item(document, term, strlen(term), argument, text, strlen(text));
}

void document_enter(struct document *document)
{
	document->depth++;
	document->begun = false;
	if (document->form == DOCUMENT_MAN)
		text_add(document->out, ".RS\n");
}

void document_leave(struct document *document)
{
	document->depth--;
	document->begun = true;
	if (document->form == DOCUMENT_MAN)
		text_add(document->out, ".RE\n");
}

static void add_lines_man(struct document *document, const char *lines)
{
	text_addf(document->out, "%s.RS 4\n.EX\n", document->begun ? ".PP\n" : "");
	while (*lines) {
		size_t length = strcspn(lines, "\n");
		if (*lines == '.' || *lines == '\'')
			text_add(document->out, "\\&");
		add_roff(lines, length, document->out);
		text_add(document->out, "\n");
		lines += length + (lines[length] == '\n');
	}
	text_add(document->out, ".EE\n.RE\n");
}

void document_lines(struct document *document, const char *lines)
{
	if (document->form == DOCUMENT_MAN) {
		add_lines_man(document, lines);
		document->begun = true;
		return;
	}
	begin_paragraph(document);
	while (*lines) {
		size_t length = strcspn(lines, "\n");
		text_addf(document->out, "%*s%.*s\n", (int)(document->depth * STEP + 2), "",
			(int)length, lines);
		lines += length + (lines[length] == '\n');
	}
}

/* ---- prose ---- */

/* To the end of what belongs together: lines that are indented by `from` … `to` blanks. */
static size_t block(const char *prose, size_t from, size_t to)
{
	size_t length = 0;
	while (prose[length] && prose[length] != '\n') {
		size_t blanks = strspn(prose + length, " ");
		if (blanks < from || blanks > to)
			break;
		length += strcspn(prose + length, "\n");
		length += prose[length] == '\n';
	}
	return length;
}

/* One indented line, and what goes on in those that are indented further; its length. */
static size_t add_indented(struct document *document, const char *prose)
{
	size_t blanks = strspn(prose, " "), line = strcspn(prose, "\n");
	size_t length = line + (prose[line] == '\n');
	length += block(prose + length, blanks + 1, SIZE_MAX);
	size_t term = blanks;
	while (term + 1 < line && strncmp(prose + term, "  ", 2) != 0)
		term++;
	if (term + 1 < line) {
		add_item(
			document, prose + blanks, term - blanks, NULL, prose + term, length - term);
		return length;
	}
	struct text verbatim;
	text_init(&verbatim);
	text_add_bytes(&verbatim, prose + blanks, length - blanks);
	document_lines(document, text_get(&verbatim));
	text_release(&verbatim);
	return length;
}

void document_prose(struct document *document, const char *prose)
{
	while (*prose) {
		size_t length;
		if (*prose == '\n') {
			length = 1;
		} else if (*prose == ' ') {
			length = add_indented(document, prose);
		} else {
			length = block(prose, 0, 0);
			add_paragraph(document, prose, length);
		}
		prose += length;
	}
}
