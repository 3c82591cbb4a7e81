/* The trace: what was seen. Timed packets both ways, calls and their results, state changes, steps,
 * in the order in which they happened. Oracles, ladder, pcapng and reports read nothing else. */
#ifndef FINWAIT_TRACE_H
#define FINWAIT_TRACE_H

#include "base/arena.h"
#include "tcp/host.h"
#include "tcp/icmp.h"
#include "tcp/wire.h"

#define TRACE_NO_EVENT UINT32_MAX

enum trace_kind {
    TRACE_PACKET,    /* one that left the system under test or was given to it */
    TRACE_CALL,      /* a call was made; `text` says it as a script would */
    TRACE_CALL_DONE, /* its result */
    TRACE_STATE,     /* a connection changed state */
    TRACE_STEP,      /* what the system did with the last cause */
    TRACE_DRAIN,     /* a batch boundary: everything owed has been polled */
    TRACE_SETTING,   /* a configuration field was changed */
};

enum trace_direction { TRACE_TO_SUT, TRACE_FROM_SUT };

/* A packet is its octets and how they read. Where nothing is put on a wire (a simulation that hands
 * segments from host to host) the segment alone will do: `bytes` is NULL, `count` 0, `layout` zero,
 * `wire` TCP_WIRE_OK; `segment.payload` then points at memory that stays as long as the trace. Such a
 * packet has no checksum and no option octets to be judged. */
struct trace_packet {
    enum trace_direction direction;
    const uint8_t *bytes; /* or NULL */
    size_t count;
    enum tcp_wire_result wire; /* how the packet reads */
    bool is_icmp;              /* no segment, but an ICMP error that quotes one of the system's */
    union {
        struct tcp_segment segment; /* valid as tcp_wire_read() says; payload points into bytes */
        struct tcp_icmp icmp;       /* as tcp_icmp_read() says */
    };
    struct tcp_wire_layout layout;
    uint32_t incarnation;        /* of trace.incarnations; TRACE_NO_EVENT when it belongs to none */
    bool has_origin;             /* whoever recorded it knows which incarnation really sent it: */
    uint32_t origin_incarnation; /* a given packet; may be older than the one that it meets */
};

struct trace_call {
    const char *name; /* "write" */
    const char *text; /* "write(4, ..., 1000)" */
    uint32_t cookie;
    uint32_t incarnation; /* of the connection behind the descriptor, or TRACE_NO_EVENT */
    bool is_send, is_receive;
    const uint8_t *bytes; /* CALL of a send: what is handed over; DONE of a receive: what came */
    size_t count;         /* CALL of a receive: the room, or 0 */
    int64_t value;        /* DONE */
    const char *error;    /* DONE: name or NULL */
    bool has_state;       /* CALL: `state` is that of the record it is about */
    enum tcb_state state;
};

struct trace_state {
    uint32_t incarnation;
    enum tcb_state from, to;
};

struct trace_record {
    enum trace_kind kind;
    tcp_time at;
    uint32_t event; /* index of the script's event that caused or expected it */
    uint32_t line;  /* of the script; 0 when there is none */
    union {
        struct trace_packet packet;
        struct trace_call call;
        struct trace_state state;
        struct tcp_step_record step;
        const char *setting; /* "msl_us=1000" */
    } as;
};

/* One life of a connection: a four-tuple between two SYNs. Script labels name these. */
struct trace_incarnation {
    const char *label;    /* or NULL */
    struct tcp_flow flow; /* local is the system under test */
    bool has_local_isn, has_remote_isn;
    tcp_seqno local_isn, remote_isn;
    uint32_t local_number, remote_number; /* what the script calls them; 0 unless it says more */
    bool is_passive;                      /* the peer sent the first SYN */
};

struct trace {
    struct arena *arena;
    struct trace_record *records;
    size_t record_count, record_capacity;
    struct trace_incarnation *incarnations;
    size_t incarnation_count, incarnation_capacity;
    const char *script; /* path */
    const char *sut;    /* name */
    uint8_t ip_version;
    tcp_time start; /* the script's time 0 */
};

/* The record at `*index`, or the next one from there on whose kind is `kind`; NULL at the end. */
const struct trace_record *trace_next(const struct trace *trace, enum trace_kind kind,
                                      size_t *index);

/* Appends a record and returns it for filling in. The pointer holds until the next one. */
struct trace_record *trace_add(struct trace *trace, enum trace_kind kind, tcp_time at,
                               uint32_t event, uint32_t line);

struct text;
/* The whole trace as text, one line a record: what two runs are compared by. */
void trace_print(const struct trace *trace, struct text *out);

#endif
