/* The eleven states of a connection (RFC 9293 3.3.2) and what the last cause did to one: the
 * record that oracles, coverage feedback and mismatch reports read. */
#ifndef TCP_STATE_H
#define TCP_STATE_H

#include "tcp/types.h"

/* The codes fit four bits: a TCB keeps its history as nibbles. */
enum tcb_state {
    TCB_CLOSED = 0,
    TCB_LISTEN = 1,
    TCB_SYN_SENT = 2,
    TCB_SYN_RECEIVED = 3,
    TCB_ESTABLISHED = 4,
    TCB_FIN_WAIT_1 = 5,
    TCB_FIN_WAIT_2 = 6,
    TCB_CLOSE_WAIT = 7,
    TCB_CLOSING = 8,
    TCB_LAST_ACK = 9,
    TCB_TIME_WAIT = 10,
};
#define TCB_STATE_COUNT 11

/* RFC 9293's spelling: "SYN-RECEIVED". Never NULL. */
const char *tcb_state_name(enum tcb_state state);

/* May `to` follow `from` in one transition? (RFC 9293 Figure 5 and 3.10; 31 pairs and those that a
 * segment with SYN and FIN takes in two steps.) */
bool tcb_state_edge_is_legal(enum tcb_state from, enum tcb_state to);

/* What happened to a connection last. */
enum tcp_cause {
    TCP_CAUSE_NONE = 0,
    TCP_CAUSE_OPEN,
    TCP_CAUSE_SEND,
    TCP_CAUSE_RECEIVE,
    TCP_CAUSE_CLOSE,
    TCP_CAUSE_ABORT,
    TCP_CAUSE_SEGMENT,
    TCP_CAUSE_ICMP,
    TCP_CAUSE_USER_TIMEOUT,
    TCP_CAUSE_RETRANSMISSION_TIMEOUT,
    TCP_CAUSE_PERSIST_TIMEOUT,
    TCP_CAUSE_DELAYED_ACK_TIMEOUT,
    TCP_CAUSE_SWS_OVERRIDE_TIMEOUT,
    TCP_CAUSE_TIME_WAIT_TIMEOUT,
    TCP_CAUSE_KEEP_ALIVE_TIMEOUT,
    TCP_CAUSE_PATH_MTU_TIMEOUT, /* a lowered path MTU is old: RFC 1191 6.3 */
    TCP_CAUSE_ORPHAN_TIMEOUT, /* FIN-WAIT-2 without a user: not in the RFC (config.orphan_timeout_us) */
    TCP_CAUSE_ECN_TIMEOUT, /* the wait with a marked window of one segment: RFC 3168 6.1.2 */
};
#define TCP_CAUSE_COUNT 18

/* How a segment was judged. The order is that of "how far it came". */
enum tcp_verdict {
    TCP_VERDICT_NONE = 0,  /* the cause was no segment */
    TCP_VERDICT_DROP,      /* silently discarded */
    TCP_VERDICT_ACK,       /* discarded, an ACK is owed */
    TCP_VERDICT_CHALLENGE, /* discarded, a challenge ACK is owed (RFC 5961) */
    TCP_VERDICT_RESET,     /* discarded, answered with RST; the record stays */
    TCP_VERDICT_DELETE,    /* it ended the connection */
    TCP_VERDICT_REOPEN,    /* a SYN began a new incarnation from TIME-WAIT */
    TCP_VERDICT_SPAWN,     /* a SYN made a child of a listener */
    TCP_VERDICT_ACCEPT,    /* it passed every check */
};
#define TCP_VERDICT_COUNT 9

/* Which check decided (RFC 9293 3.10.7.4 numbers them first to eighth). */
enum tcp_check {
    TCP_CHECK_NONE = 0,
    TCP_CHECK_WIRE,     /* checksum or form: the segment never reached a connection */
    TCP_CHECK_DEMUX,    /* no record: 3.10.7.1 */
    TCP_CHECK_SEQUENCE, /* first */
    TCP_CHECK_RESET,    /* second */
    TCP_CHECK_SECURITY, /* third: a no-op here */
    TCP_CHECK_SYN,      /* fourth */
    TCP_CHECK_ACK,      /* fifth */
    TCP_CHECK_URGENT,   /* sixth */
    TCP_CHECK_TEXT,     /* seventh */
    TCP_CHECK_FIN,      /* eighth */
};
#define TCP_CHECK_COUNT 11

struct tcp_step_record {
    uint32_t number;       /* counts steps since init, wrapping: a new number is a new step */
    tcp_handle connection; /* TCP_HANDLE_NONE when no record was concerned */
    enum tcp_cause cause;
    enum tcb_state before;
    enum tcb_state after;
    enum tcp_verdict verdict;
    enum tcp_check check;
    const char
        *reason; /* static text with the rule, or NULL: "sequence outside the window, 3.10.7.4" */
    uint32_t text_taken; /* octets of the segment's text that entered the receive buffer */
    bool fin_taken;      /* RCV.NXT went over the segment's FIN */
};

/* Short lower-case names for reports. Never NULL. */
const char *tcp_cause_name(enum tcp_cause cause);
const char *tcp_verdict_name(enum tcp_verdict verdict);
const char *tcp_check_name(enum tcp_check check);

#endif
