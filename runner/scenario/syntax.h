/* libyaml's complaints in a scenario author's words. */
#ifndef SCENARIO_SYNTAX_H
#define SCENARIO_SYNTAX_H

#include "scenario/diag.h"

#include <yaml.h>

/* Reports the error that yaml_parser_parse stopped at: in the text that it was given, which stands
 * in the file or in the diag's nth other source. */
void syntax_report(const yaml_parser_t *parser, const struct diag_source *parsed, int source,
	struct diag *diag);

#endif
