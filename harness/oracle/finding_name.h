/* What a finding is called, in every report and in every form of an input, so that the same finding has
 * the same name wherever it is met: which oracle fired, and in what state. */
#ifndef FINWAIT_ORACLE_FINDING_NAME_H
#define FINWAIT_ORACLE_FINDING_NAME_H

#include "base/text.h"
#include "oracle/oracle.h"

/* "W06 ack-field-monotone, in ESTABLISHED": the state behind the step that brought it about, the last of
 * the batch of `record` or else the last before; "no state" when there was no step. No colon occurs. */
void finding_name(const struct trace *trace, const struct oracle_description *oracle, size_t record,
                  struct text *out);

#endif
