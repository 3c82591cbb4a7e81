/* The manual page, made from the tables of verbs and options. */
#ifndef FINWAIT_CLI_MANUAL_H
#define FINWAIT_CLI_MANUAL_H

#include "base/text.h"

/* Adds finwait(1) in roff (man macros). */
void manual_print(const char *version, struct text *out);

#endif
