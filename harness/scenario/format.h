/* Script -> the same script in canonical layout: `finwait fmt`. Only layout changes. Words, numbers and
 * times stay as the author spelled them (+.1 does not become +0.1), comments stay where they belong,
 * and paragraphs stay paragraphs. The rules stand in README.md beside this file.
 *
 * Laws: formatting what is formatted changes nothing; it parses to an equal scenario; every comment
 * is still there, in order. */
#ifndef FINWAIT_SCENARIO_FORMAT_H
#define FINWAIT_SCENARIO_FORMAT_H

#include "base/arena.h"
#include "base/text.h"
#include "scenario/parse.h"

/* Adds the layout of a script that was parsed without errors and without definitions from outside.
 * Takes memory and time in proportion to the script. */
void scenario_format(const struct parse_result *script, struct text *out);

/* Holds a layout against the script that it came from: true when it parses to an equal scenario and
 * has the same comments. Needs memory in the arena as a parse does. */
bool scenario_format_is_faithful(const struct parse_result *script, const struct text *layout,
                                 struct arena *arena);

#endif
