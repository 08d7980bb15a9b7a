/*
 * A document as a manual page or as plain text: what it says is written once. Text is plain;
 * `words` in backquotes are as they are typed. Items belong to the heading or the item before them.
 */
#ifndef COMMANDS_DOCUMENT_H
#define COMMANDS_DOCUMENT_H

#include "base/text.h"

#include <stdbool.h>

enum document_form { DOCUMENT_MAN, DOCUMENT_PLAIN };

struct document {
	struct text *out;
	enum document_form form;
	unsigned depth; /* of items in items */
	bool begun;     /* something stands below the heading */
};

/* The first lines of a manual page; of plain text there are none. */
void document_title(
	struct document *document, const char *name, const char *section, const char *summary);

void document_heading(struct document *document, const char *text);
void document_part(struct document *document, const char *text); /* a heading below that */
void document_paragraph(struct document *document, const char *text);

/* A term, what follows it (`DIR`; NULL: nothing) and what it means. */
void document_item(
	struct document *document, const char *term, const char *argument, const char *text);

/* What comes is about the latest item, until it ends. */
void document_enter(struct document *document);
void document_leave(struct document *document);

/* Lines as they are. */
void document_lines(struct document *document, const char *lines);

/*
 * Text with a layout of its own: what is not indented is running text, an empty line ends a
 * paragraph. An indented line is a term and, behind two blanks, what it means, which goes on in
 * lines that are indented further; without any, it is a line as it is.
 */
void document_prose(struct document *document, const char *prose);

#endif
