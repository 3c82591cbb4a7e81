/* What happened in a run, in the terms of RFC 9293 3.10: an event, the state in which it was processed,
 * and the state right after it. Taken from the trace. */
#ifndef FINWAIT_MATRIX_OCCURRENCE_H
#define FINWAIT_MATRIX_OCCURRENCE_H

#include "base/arena.h"
#include "scenario/scenario.h"
#include "trace/trace.h"

/* The events of section 3.10, and the timers and reports that 3.8 and 3.9 add to them. */
enum matrix_event {
    MATRIX_OPEN,
    MATRIX_SEND,
    MATRIX_RECEIVE,
    MATRIX_CLOSE,
    MATRIX_ABORT,
    MATRIX_STATUS,
    MATRIX_SEGMENT,
    MATRIX_USER_TIMEOUT,
    MATRIX_RETRANSMISSION_TIMEOUT,
    MATRIX_TIME_WAIT_TIMEOUT,
    MATRIX_PERSIST_TIMEOUT,
    MATRIX_SWS_OVERRIDE_TIMEOUT,
    MATRIX_DELAYED_ACK_TIMEOUT,
    MATRIX_KEEP_ALIVE_TIMEOUT,
    MATRIX_ORPHAN_TIMEOUT,
    MATRIX_ICMP,
};
#define MATRIX_EVENT_COUNT 16

/* As the tables call it: "SEGMENT ARRIVES". */
const char *matrix_event_name(enum matrix_event event);
bool matrix_event_read(const char *name, enum matrix_event *out);

/* What an ICMP message means to TCP, as the tables group them by type and code. */
enum occurrence_icmp {
    OCCURRENCE_ICMP_NONE,
    OCCURRENCE_ICMP_SOFT,
    OCCURRENCE_ICMP_HARD,
    OCCURRENCE_ICMP_QUENCH,
    OCCURRENCE_ICMP_TOO_BIG,
};

struct occurrence {
    enum matrix_event event;
    enum tcb_state before, after;
    bool is_step;        /* the stack says so itself; else a call that it answered without a step */
    bool is_passive;     /* the connection was born of a listener */
    bool is_close;       /* ABORT: it came of close() */
    uint16_t flags;      /* SEGMENT: of the segment */
    uint32_t text_bytes; /* SEGMENT: likewise */
    enum occurrence_icmp icmp; /* ICMP */
    enum tcp_verdict verdict;
    enum tcp_check check;
    const char *error; /* of a call: what it was answered, or NULL */
};

struct occurrence_list {
    struct occurrence *items;
    size_t count, capacity;
};

/* Adds what happened in a run. An assertion of a state is the STATUS call of 3.10.6: pass NULL for the
 * scenario when the run did not pass. */
void occurrences_add(struct occurrence_list *list, const struct trace *trace,
                     const struct scenario *passed, struct arena *arena);

#endif
