/* What a scenario can say: from the tables that scenarios are read by. */
#ifndef COMMANDS_REFERENCE_H
#define COMMANDS_REFERENCE_H

#include "commands/document.h"

void reference_keys(struct document *document);      /* the keys, those in others below them */
void reference_values(struct document *document);    /* units, lists, ranges, rules */
void reference_workloads(struct document *document); /* the types, with their parameters */
void reference_executors(struct document *document);
void reference_examples(struct document *document);

#endif
