/* One connection in one record type for every state, and the context of one step on it.
 *
 * The record comes in three parts, so that a million connections in SYN-RECEIVED or TIME-WAIT cost
 * little: the core (every state), the path (while data may flow) and the stream (while there is
 * data). They live in tables of the host's block and refer to each other by index. */
#ifndef TCP_TCB_H
#define TCP_TCB_H

#include "base/assert.h"
#include "base/ring.h"
#include "congestion/congestion.h"
#include "recovery/rto.h"
#include "stream/receive_buffer.h"
#include "tcb/reason.h"
#include "tcp/config.h"
#include "tcp/host.h"
#include "tcp/seq.h"
#include "tcp/state.h"

#define TCB_NONE  UINT32_MAX /* no index */
#define TCB_NEVER UINT64_MAX /* no deadline */

/* The smallest segment size we let a peer impose; an MSS option below it is taken for this. */
#define TCB_MSS_FLOOR 48u
/* RFC 9293 3.7.1, MUST-15: what a SYN without an MSS option means. */
#define TCB_MSS_DEFAULT_IPV4 536u
#define TCB_MSS_DEFAULT_IPV6 1220u

#define TCB_DS_FIELD_MAX 63u /* six bits; the other two of the octet are ECN's (SHLD-22) */

#define TCB_OWNER_ANYONE 255u /* tcb.owner: every caller may use the record */

enum tcb_flag {
    TCB_PASSIVE = 1u << 0,    /* born of a listener (MUST-11) */
    TCB_OWNED = 1u << 1,      /* a user holds the handle */
    TCB_FIN_QUEUED = 1u << 2, /* CLOSE was called; a FIN follows the last octet */
    TCB_FIN_SENT = 1u << 3,   /* SND.NXT has gone over it */
    TCB_FIN_ACKED = 1u << 4,
    TCB_FIN_HELD = 1u << 5,     /* the peer's FIN came beyond a hole: path.peer_fin */
    TCB_FIN_RECEIVED = 1u << 6, /* RCV.NXT has gone over the peer's FIN */
    TCB_SYN_LOST = 1u << 7,     /* our SYN was sent more than once */
    TCB_COMPLETED = 1u << 8,    /* stands in its listener's accept queue */
    TCB_COUNTED = 1u << 9,      /* counts in its listener's backlog */
    TCB_IN_OWED = 1u << 10,     /* linked in the host's FIFO of what is owed */
    TCB_IN_EVENTS = 1u << 11,   /* linked in the host's FIFO of events */
    TCB_RELEASED = 1u << 12,    /* the user let go: text for nobody is answered with RST */
    TCB_HASHED = 1u << 13,      /* linked in a bucket of the demultiplexer */
    TCB_SYN_ACKED = 1u << 14,   /* SND.UNA has gone over our SYN */
    TCB_SYN_LEFT = 1u << 15,    /* our SYN was polled at least once */
};

/* What both sides said of explicit congestion notification (RFC 3168 6.1.1), and what is under way. */
enum tcb_ecn {
    TCB_ECN_SETUP = 1u << 0,      /* our next SYN or SYN,ACK asks for it, or agrees */
    TCB_ECN_SENT = 1u << 1,       /* one that did has left ... */
    TCB_ECN_SENT_PLAIN = 1u << 2, /* ... and one that did not */
    TCB_ECN_CAME = 1u << 3,       /* the same of the peer's */
    TCB_ECN_CAME_PLAIN = 1u << 4,
    TCB_ECN_ECHO = 1u << 5,    /* a mark arrived: ACKs say so until the peer says CWR */
    TCB_ECN_CWR = 1u << 6,     /* cwnd was reduced: the next new text says so */
    TCB_ECN_REDUCED = 1u << 7, /* ... for the window of data before path.ecn_reduced_end */
};

/* What both SYNs agreed on. */
enum tcb_option {
    TCB_OPTION_TIMESTAMPS = 1u << 0,     /* RFC 7323's Snd.TS.OK */
    TCB_OPTION_OLD_TIMESTAMPS = 1u << 1, /* SYN-RECEIVED out of TIME-WAIT: it was on before */
};

/* What is owed to the peer, besides data. */
enum tcb_owed {
    TCB_OWES_SYN = 1u << 0,   /* SYN or SYN,ACK, as the state says */
    TCB_OWES_ACK = 1u << 1,   /* an ACK that any segment may carry */
    TCB_OWES_PROBE = 1u << 2, /* a zero-window probe */
    TCB_OWES_KEEP_ALIVE = 1u << 4,
    TCB_OWES_PUSH = 1u << 3, /* the SWS override ran out: send what fits */
    TCB_OWES_LATE = 1u << 5, /* what is owed again fell due again before it left: late clock */
};

struct tcb {
    struct tcp_flow flow;
    uint32_t generation;
    uint8_t state; /* enum tcb_state; written by tcb_transition() alone */
    uint8_t ended; /* enum tcp_error: how the connection came to CLOSED */
    uint16_t flags;
    uint64_t retransmit_at; /* RTO; us, or TCB_NEVER */
    uint64_t lifetime_at;   /* R2 while something is outstanding, 2MSL in TIME-WAIT */
    uint64_t states;        /* the last sixteen states, the latest in the lowest nibble */
    tcp_seqno iss;
    tcp_seqno snd_una;
    tcp_seqno snd_nxt;
    uint32_t timestamp_recent; /* TS.Recent: what is echoed, with TCB_OPTION_TIMESTAMPS */
    uint8_t options;           /* enum tcb_option: agreed on, or offered in our SYN */
    uint8_t own_ds;      /* the user's DS field, and 1; 0: config.ds_field; children inherit it */
    uint8_t ecn;         /* enum tcb_ecn */
    uint8_t own_control; /* the same of the congestion controller */
    union {
        uint32_t snd_wnd;
        uint32_t child_receive_bytes; /* LISTEN: RCV.BUFF of the children, or 0 for the default */
    };
    union {
        uint32_t max_snd_wnd;  /* the largest window the peer ever offered (3.8.6.2.1) */
        tcp_seqno old_rcv_nxt; /* as old_snd_nxt; SND.WND is the only window so far */
    };
    union {
        tcp_seqno irs;
        tcp_seqno old_iss; /* as old_snd_nxt; IRS is RCV.NXT - 1 then */
    };
    tcp_seqno rcv_nxt;
    tcp_seqno rcv_edge; /* RCV.NXT + RCV.WND: never moves left (SHLD-14); SYN-SENT: our SYN's */
    union {
        uint32_t receive_bytes; /* RCV.BUFF */
        uint32_t accept_last;   /* LISTEN: the end of the accept queue */
    };
    uint32_t rto_us; /* with back-off */
    uint32_t hash_next;
    uint32_t owed_next;
    uint32_t event_next;
    uint32_t listener; /* of a child: the slot of its listener */
    union {
        uint32_t sibling; /* of a completed child: the next one; of a listener: the first one */
        tcp_seqno old_snd_nxt; /* SYN-RECEIVED out of TIME-WAIT: the old incarnation's */
    };
    uint32_t path;
    uint32_t heap_position;
    union {
        struct {
            uint16_t send_mss;    /* SendMSS bounded by what we can send */
            uint16_t receive_mss; /* what we advertise */
        };
        struct { /* LISTEN */
            uint16_t backlog;
            uint16_t backlog_used;
        };
    };
    uint8_t retries;         /* retransmissions of the segment at SND.UNA, in a row */
    uint8_t owed;            /* enum tcb_owed */
    uint8_t owed_duplicates; /* ACKs: each out-of-order segment costs its own; saturates */
    uint8_t event_bits;
    uint8_t states_unreported;
    uint8_t owner;      /* the user who opened it (config.caller); children inherit it */
    uint16_t mss_limit; /* the user's bound on segments, or 0; children inherit it */
};

struct tcb_path {
    struct rto rto;
    struct congestion congestion;
    uint64_t rtt_started; /* us; when the timed segment left */
    uint64_t delayed_ack_at;
    uint64_t persist_at;
    uint64_t sws_override_at;
    uint64_t keep_alive_at;
    uint64_t user_timeout_us;    /* this connection's own R2, or 0 */
    uint64_t default_timeout_us; /* config.user_timeout_us when it was opened */
    uint64_t path_mtu_raise_at;  /* when full size is tried again */
    uint64_t ecn_hold_at;        /* nothing new goes before */
    uint64_t timestamp_at;       /* us; when TS.Recent was valid last */
    uint64_t limited_acks_at;    /* us; when the row of limited_acks began */
    uint32_t keep_alive_idle_ms; /* this connection's own, or 0 */
    uint32_t keep_alive_interval_ms;
    tcp_seqno snd_wl1;
    tcp_seqno snd_wl2;
    tcp_seqno last_ack;    /* Last.ACK.sent of RFC 7323 4.3 */
    tcp_seqno rtt_seq;     /* an ACK beyond it ends the measurement */
    tcp_seqno resend_next; /* [resend_next, resend_end) waits to be sent again */
    tcp_seqno resend_end;
    tcp_seqno ecn_reduced_end; /* with TCB_ECN_REDUCED: where CWR stands */
    tcp_seqno peer_fin;        /* with TCB_FIN_HELD */
    uint32_t persist_us;       /* the pause before the next probe */
    uint32_t send_bytes;       /* room of the send buffer */
    uint32_t unacked_segments; /* text segments since the last ACK we sent */
    uint8_t is_timing;
    uint8_t is_probing;    /* the octet at SND.UNA went out as a zero-window probe */
    uint8_t nagle;         /* 0, or: */
#define TCB_NAGLE       1u /* small segments wait while anything is outstanding */
#define TCB_NAGLE_SMALL 2u /* while a small one is (A.3) */
    uint8_t keep_alive;
    uint8_t keep_alive_unanswered;
    uint8_t sends_urgent;      /* SND.UP means something */
    uint8_t receives_urgent;   /* RCV.UP does */
    uint8_t keep_alive_probes; /* this connection's own, or 0 */
    tcp_seqno pushed;          /* behind the last octet that a SEND pushed */
    tcp_seqno snd_up;          /* behind the last urgent octet (MUST-62) */
    tcp_seqno rcv_up;
    tcp_seqno rcv_pushed;   /* behind the last octet that came with PSH (MAY-17) */
    tcp_seqno small_end;    /* behind the last segment that was not full (A.3) */
    uint8_t received_ds;    /* of what arrived last (MAY-9) */
    uint8_t was_pushed;     /* rcv_pushed means something */
    uint8_t sent_small;     /* small_end does */
    tcp_seqno resend_stop;  /* with is_restarting: nothing from here on is sent again yet */
    tcp_seqno largest_end;  /* behind the segment of largest_sent */
    tcp_seqno pending_seq;  /* with pending_mtu: the segment that the report quoted */
    uint16_t path_mtu;      /* as a router said, in octets of IP packets; 0: nothing said */
    uint16_t full_mss;      /* with path_mtu: SendMSS without it */
    uint16_t largest_sent;  /* octets of IP packets: the largest that left ... */
    uint16_t largest_acked; /* ... and the largest known to have arrived */
    uint16_t pending_mtu;   /* reported, but not believed yet (RFC 5927 7.2); or 0 */
    uint16_t limited_acks;  /* since limited_acks_at: see ack_limit.h */
    uint8_t is_restarting;  /* a report made us send again: slow start, RFC 1191 6.4 */
    uint8_t soft_error;     /* enum tcp_error: the last that ICMP told of */
    uint32_t stream;        /* index, or TCB_NONE */
    uint32_t next_free;
};

/* Send ring and receive buffer; the octets themselves lie elsewhere in the block. */
struct tcb_stream {
    struct ring send;
    struct receive_buffer receive;
    uint32_t next_free;
    uint32_t is_used;
};

_Static_assert(sizeof(struct tcb) <= 160, "the core is what a million TIME-WAITs cost");
_Static_assert(sizeof(struct tcb) + sizeof(struct tcb_path) <= 512, "core and path together");

/* Everything one step may touch. Made by the host for the length of one call. */
struct tcb_step {
    struct tcb *tcb;
    struct tcb_path *path;     /* NULL while there is none */
    struct tcb_stream *stream; /* NULL while there is none */
    uint8_t *send_storage;
    uint8_t *receive_storage;
    struct range *islands;
    const struct tcp_config *config;
    struct tcb_record *record; /* what oracles and reports are told */
    struct tcp_counters *counters;
    uint64_t now;         /* us */
    bool has_news_of_mtu; /* of the path: others may want to know */
};

/* The stored form of struct tcp_step_record: no pointers. */
struct tcb_record {
    uint8_t cause, before, after, verdict, check, reason, fin_taken, padding;
    uint32_t text_taken;
    uint32_t number; /* counts steps, wrapping */
    tcp_handle connection;
};

static inline enum tcb_state tcb_state_of(const struct tcb *tcb)
{
    return (enum tcb_state)tcb->state;
}

static inline bool tcb_has(const struct tcb *tcb, uint16_t flags)
{
    return (tcb->flags & flags) != 0;
}

static inline void tcb_flag_set(struct tcb *tcb, uint16_t flags)
{
    tcb->flags = (uint16_t)(tcb->flags | flags);
}

static inline void tcb_flag_clear(struct tcb *tcb, uint16_t flags)
{
    tcb->flags = (uint16_t)(tcb->flags & ~flags);
}

static inline void tcb_owe(struct tcb *tcb, uint8_t owed)
{
    tcb->owed = (uint8_t)(tcb->owed | owed);
}

static inline void tcb_notify(struct tcb *tcb, uint8_t event_bits)
{
    tcb->event_bits = (uint8_t)(tcb->event_bits | event_bits);
}

/* Tells the user of delivery trouble that ends nothing (MUST-47), unless it does not want to know
 * (SHLD-20). */
static inline void tcb_report_soft_error(struct tcb_step *step)
{
    if (step->config->soft_error_reports != 0) {
        tcb_notify(step->tcb, TCP_EVENT_SOFT_ERROR);
    }
}

/* In SYN-RECEIVED: did the SYN reopen a TIME-WAIT? The history knows. */
static inline bool tcb_was_reopened(const struct tcb *tcb)
{
    return tcb->state == TCB_SYN_RECEIVED && (tcb->states >> 4 & 0xf) == TCB_TIME_WAIT;
}

/* IRS; while an old incarnation's number stands in its place, nothing behind the SYN was taken. */
static inline tcp_seqno tcb_irs(const struct tcb *tcb)
{
    return tcb_was_reopened(tcb) ? tcp_seq_sub(tcb->rcv_nxt, 1) : tcb->irs;
}

/* RFC 9293 3.4.1: has both sides' SYN been acknowledged? */
static inline bool tcb_is_synchronized(const struct tcb *tcb)
{
    return tcb->state >= TCB_ESTABLISHED;
}

/* May the user's data still be sent from here? */
static inline bool tcb_can_send(const struct tcb *tcb)
{
    return tcb->state >= TCB_ESTABLISHED && tcb->state != TCB_FIN_WAIT_2 &&
           tcb->state != TCB_TIME_WAIT;
}

/* May text, urgent data or a FIN still come? Not before the handshake is done, nor behind a FIN. */
static inline bool tcb_can_receive(const struct tcb *tcb)
{
    return tcb->state == TCB_ESTABLISHED || tcb->state == TCB_FIN_WAIT_1 ||
           tcb->state == TCB_FIN_WAIT_2;
}

/* The octet of the IP header for what the connection sends: the DS field that its user chose, or the
 * configured one, in the upper six bits (MUST-48, SHLD-21, SHLD-22). */
static inline uint8_t tcb_traffic_class(const struct tcb *tcb, const struct tcp_config *config)
{
    const uint32_t ds = tcb->own_ds != 0 ? tcb->own_ds - 1u : config->ds_field;
    return (uint8_t)(ds << 2);
}

/* RCV.WND: what the peer may still send. */
static inline uint32_t tcb_receive_window(const struct tcb *tcb)
{
    return tcp_seq_distance(tcb->rcv_nxt, tcb->rcv_edge);
}

static inline uint32_t tcb_outstanding(const struct tcb *tcb)
{
    return tcp_seq_distance(tcb->snd_una, tcb->snd_nxt);
}

static inline uint32_t tcb_queued_bytes(const struct tcb_step *step)
{
    return step->stream == NULL ? 0 : step->stream->send.count;
}

/* The sequence number of the first octet in the send buffer: SND.UNA, but for an unacknowledged SYN
 * in front of it. */
static inline tcp_seqno tcb_data_start(const struct tcb *tcb)
{
    return tcb_has(tcb, TCB_SYN_ACKED) ? tcb->snd_una : tcp_seq_add(tcb->iss, 1);
}

/* Where the FIN stands or would stand: behind the last queued octet. */
static inline tcp_seqno tcb_data_end(const struct tcb_step *step)
{
    return tcp_seq_add(tcb_data_start(step->tcb), tcb_queued_bytes(step));
}

/* Octets queued and never sent, of `queued` in the send buffer. */
static inline uint32_t tcb_unsent_of(const struct tcb *tcb, uint32_t queued)
{
    const tcp_seqno end = tcp_seq_add(tcb_data_start(tcb), queued);
    return tcp_seq_after(end, tcb->snd_nxt) ? tcp_seq_distance(tcb->snd_nxt, end) : 0;
}

#endif
