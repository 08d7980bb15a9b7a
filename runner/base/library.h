/*
 * Shared libraries that conrun can do without. They are opened where they are needed, and never in
 * the program itself: its hosts would carry their mappings through every fork, and some libraries
 * start threads.
 *
 * To use one: include its header, declare a pointer of each function's own type and list them:
 *
 *     static __typeof__(EVP_MD_CTX_new) *md_ctx_new;
 *     static const struct library_symbol symbols[] = {
 *             {"EVP_MD_CTX_new", (void **)&md_ctx_new}, …, {NULL, NULL}};
 *     static struct library libcrypto = {&library_libcrypto, symbols, NULL};
 *
 * between `#ifdef CONRUN_LIBCRYPTO` and `#endif` (base/optional.h); behind `#else` stands a
 * function that says library_not_built.
 */
#ifndef BASE_LIBRARY_H
#define BASE_LIBRARY_H

#include "base/err.h"

struct library_symbol {
	const char *name; /* NULL ends the table */
	void **address;
};

/* What conrun can do without, and where it comes from. */
struct library_source {
	const char *name;
	const char *file; /* for the dynamic linker: "libcrypto.so.3"; NULL: not in this build */
	const char *package, *build_package; /* of Debian's: for a run, and for a build */
	const char *purpose;
};

extern const struct library_source library_libcurl, library_libcrypto, library_openblas,
	library_libxlsxwriter;
extern const struct library_source *const library_sources[]; /* all; NULL-terminated */

struct library {
	const struct library_source *source;
	const struct library_symbol *symbols;
	void *handle; /* NULL until it is open; it stays open */
};

/* Opens it and fills its symbols in, once; on any thread. -1: the error says what to install. */
int library_open(struct library *library, struct err *err);

/* Says that this conrun was built without it, and which package it needs then; returns -1. */
int library_not_built(const struct library_source *source, struct err *err);

#endif
