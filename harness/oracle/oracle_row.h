/* What one oracle is made of, and how it says what it found. An oracle is a constant of type
 * `struct oracle` in a file of its own (or its family's), and a line in oracle_table.h. */
#ifndef FINWAIT_ORACLE_ROW_H
#define FINWAIT_ORACLE_ROW_H

#include "oracle/flow_model.h"
#include "oracle/oracle.h"

/* Which records an oracle wants to see. */
enum oracle_sees {
    ORACLE_SEES_SENT_RAW = 1u << 0, /* octets from the system under test, sound or not */
    ORACLE_SEES_SENT = 1u << 1,     /* packets from there that read as a segment */
    ORACLE_SEES_SENT_RESET = 1u << 2,
    ORACLE_SEES_SENT_IN_LIFE = 1u << 3, /* those that belong to a life: view->life is there */
    ORACLE_SEES_SENT_TEXT = 1u << 4,    /* of these, the ones that carry text or FIN */
    ORACLE_SEES_GIVEN = 1u << 5,        /* segments to the system under test */
    ORACLE_SEES_CALL = 1u << 6,
    ORACLE_SEES_CALL_DONE = 1u << 7,
    ORACLE_SEES_STATE = 1u << 8,
    ORACLE_SEES_STEP = 1u << 9,
    ORACLE_SEES_DRAIN = 1u << 10,
};
#define ORACLE_SEES_COUNT 11

/* What an oracle gets to see: the record, and the wire model as it was just before the record took
 * effect (but a life that the record begins is there already). */
struct oracle_watch {
    const struct trace *trace;
    enum oracle_view view_of_run;
    const struct flow_model *model;
    const struct flow_view *view; /* of the record, computed once for all oracles */
    const struct trace_record *record;
    size_t index; /* of the record in the trace */
    struct oracle_set *set;
    size_t row; /* which oracle is looking */
};

struct oracle {
    struct oracle_description description;
    uint32_t sees;      /* enum oracle_sees */
    size_t state_bytes; /* zeroed memory of its own for the run; 0: none, `state` is NULL */
    void (*observe)(void *state, struct oracle_watch *watch); /* NULL with sees == 0 */
    void (*finish)(void *state, struct oracle_watch *watch);  /* NULL: nothing to judge at the end;
                                                                 `record` and `view` are not set */
};

/* Counts a verdict and gives back `holds`. Every oracle calls this for each case that it judges, and
 * when it does not hold, fires. */
bool oracle_holds(struct oracle_watch *watch, bool holds);

/* A finding at this record: the numbers of the case, as printf. */
void oracle_fire(struct oracle_watch *watch, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
