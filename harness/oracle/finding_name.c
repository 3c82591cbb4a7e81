#include "oracle/finding_name.h"

/* The last step from the record to the end of its batch, or the last before it; NULL: none. */
static const struct tcp_step_record *step_of(const struct trace *trace, size_t record)
{
    const struct tcp_step_record *step = NULL;
    for (size_t i = record; i < trace->record_count; i++) {
        if (trace->records[i].kind == TRACE_STEP) {
            step = &trace->records[i].as.step;
        } else if (trace->records[i].kind == TRACE_DRAIN) {
            break;
        }
    }
    size_t at = record < trace->record_count ? record : trace->record_count;
    while (step == NULL && at > 0) {
        at--;
        step = trace->records[at].kind == TRACE_STEP ? &trace->records[at].as.step : NULL;
    }
    return step;
}

void finding_name(const struct trace *trace, const struct oracle_description *oracle, size_t record,
                  struct text *out)
{
    const struct tcp_step_record *const step = step_of(trace, record);
    text_format(out, "%s %s, in %s", oracle->id, oracle->name,
                step == NULL ? "no state" : tcb_state_name(step->after));
}
