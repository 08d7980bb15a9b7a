/* libyaml's complaints in a scenario author's words. */
#ifndef SCENARIO_SYNTAX_H
#define SCENARIO_SYNTAX_H

#include "scenario/diag.h"

#include <yaml.h>

/* Reports the error that yaml_parser_parse stopped at. */
void syntax_report(const yaml_parser_t *parser, struct diag *diag);

#endif
