/* What makes a shell complete finwait's words, made from the tables of verbs and options. */
#ifndef FINWAIT_CLI_COMPLETION_H
#define FINWAIT_CLI_COMPLETION_H

#include "base/text.h"

void completion_bash(struct text *out);
void completion_zsh(struct text *out);

#endif
