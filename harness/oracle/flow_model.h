/* The wire model: what packets and calls of a trace tell about each connection, computed once for
 * every record and read by all oracles. It knows only what went over the wire and through the calls,
 * so it serves any system under test and any capture.
 *
 * A *life* of a four-tuple begins when the system under test sends a SYN with a number of its own;
 * what it sends until the next such SYN belongs to that life. Labels of the trace are used for
 * calls, for states, and to know which packets are an old incarnation's. What a connection did before
 * the trace began is unknown, so without its SYN it has no life here and is not judged; but in a
 * capture it has one, of which only those numbers are known that come by. */
#ifndef FINWAIT_ORACLE_FLOW_MODEL_H
#define FINWAIT_ORACLE_FLOW_MODEL_H

#include "oracle/congestion_model.h"
#include "oracle/ecn_model.h"
#include "oracle/inbound.h"
#include "oracle/reference_timers.h"
#include "oracle/timestamp_model.h"
#include "oracle/written.h"
#include "tcp/seq.h"
#include "trace/trace.h"

/* SYNs of the peer that the system under test has not answered yet. */
#define FLOW_CANDIDATES_MAX 4

/* Records that oracles look back in a batch; longer batches are not judged. */
#define FLOW_BATCH_RECORDS_MAX 256

struct flow;

/* Settings of one connection that its application may change by a call. */
enum flow_option {
    FLOW_OPTION_NAGLE = 1u << 0,  /* and what holds text back or pushes it on */
    FLOW_OPTION_BUFFER = 1u << 1, /* sizes of buffers */
    FLOW_OPTION_MSS = 1u << 2,
    FLOW_OPTION_KEEP_ALIVE = 1u << 3, /* on or off, and its times */
    FLOW_OPTION_USER_TIMEOUT = 1u << 4,
    FLOW_OPTION_KEEP_TIMES = 1u << 5,
    FLOW_OPTION_CONGESTION = 1u << 6, /* another controller */
};
#define FLOW_OPTION_ALL UINT32_MAX

/* What a life repeats while it hears nothing new (L06). */
struct flow_quiet {
    uint64_t level;         /* of the bucket */
    tcp_time at;            /* ... when a packet went into it last */
    uint64_t news_batch;    /* 1 and the batch in which something new was given last */
    uint64_t counted_batch; /* 1 and the batch that went into the bucket last */
    bool has_window;
    uint16_t window; /* the field that came last */
};

struct flow_life {
    struct flow *flow;
    struct flow_life *before; /* the life that it followed, or NULL */
    uint32_t incarnation;     /* of the trace, or TRACE_NO_EVENT */
    bool is_passive;          /* its first SYN carried an ACK */

    /* What the system under test sent. */
    tcp_seqno iss;
    struct tcp_options syn_options;
    tcp_seqno snd_max;    /* the number behind the highest sent */
    uint64_t sent_octets; /* from ISS to snd_max */
    uint64_t acks_at;     /* us; empty ACKs that it sent in the ack_limit_us from then on ... */
    uint32_t acks, acks_before; /* ... and in those before; saturating */
    tcp_seqno last_end;         /* the number behind the segment sent last */
    bool has_fin;
    tcp_seqno fin;
    bool has_urgent;
    tcp_seqno urgent_end; /* what the last URG pointed at: behind the urgent text */
    bool has_ack;
    tcp_seqno ack; /* the highest ACK field sent */
    bool has_right_edge;
    tcp_seqno right_edge; /* the furthest sent, in segments without SYN */
    uint32_t window_max;  /* the largest window sent in those, since the buffer was changed last */

    uint32_t largest_sent; /* octets of IP packets: the largest of those that may be on their way */
    tcp_seqno largest_end; /* behind it */
    uint32_t largest_acked; /* the largest known to have arrived */

    /* What a router said of it. */
    uint32_t path_mtu; /* beyond doubt; 0: nothing */
    tcp_time path_mtu_at;
    bool saw_icmp;    /* something, whatever it was */
    bool saw_too_big; /* ... that may have made segments smaller, believed or not */

    /* What the peer said about it. */
    tcp_seqno acked; /* the highest ACK field that covers nothing unsent; ISS at first */
    bool has_offer;
    tcp_seqno offer;    /* the furthest right edge ever offered */
    bool offer_is_shut; /* a zero window was offered at that edge */
    uint32_t offer_max; /* the largest window that was offered and taken for sure */
    bool was_shut;      /* a zero window was offered at some time */
    bool has_newest;
    tcp_seqno newest;          /* the furthest SEG.SEQ of what it sent */
    struct inbound *inbound;   /* what the peer sent; NULL until its SYN is acknowledged */
    bool inbound_is_uncertain; /* it is not known which of its SYNs: `inbound` stays NULL */
    bool is_midway;            /* it began before the capture: ISNs and options are unknown */
    bool was_reset;            /* an RST went either way, or ICMP may have ended it as silently */

    /* What the application did. */
    struct written written;
    uint64_t delivered;     /* octets read */
    bool reads_are_unknown; /* some read cannot be followed */
    bool was_told_end;      /* some call answered with an error of the connection */
    bool was_closed;        /* close or shutdown was called, in whatever way */
    uint32_t options;       /* enum flow_option: those that a call of its own may have changed */

    /* What the system under test tells of itself. */
    bool has_state;
    enum tcb_state state;

    /* Derived. */
    bool arrivals_are_sure;    /* all that arrived beyond `ack` was taken for sure */
    uint32_t unacked_segments; /* of text, taken for sure, since an ACK left */
    bool syn_was_lost;         /* our SYN was sent again because of time */
    struct congestion_model congestion;
    bool congestion_is_unknown; /* what was sent may have been a probe, or a timeout's */
    struct reference_timers timers;
    struct timestamp_model timestamps;
    struct ecn_model ecn;
    struct flow_quiet quiet;
    bool has_small;           /* with Minshall's variant, a segment was sent that was not full: */
    tcp_seqno small_end;      /* behind the last one */
    bool progress_is_unknown; /* an ACK came of which only the system knows whether it took it */

    /* What was in force when it began. */
    uint32_t mtu, nagle, initial_window_segments, congestion_control;
    bool forbids_discovery; /* path_mtu_discovery was 0: bound to what every link carries */
};

struct flow {
    struct tcp_flow ends;                            /* local is the system under test */
    struct flow_life *life;                          /* the latest, or NULL */
    struct inbound *candidates[FLOW_CANDIDATES_MAX]; /* the oldest first */
    uint32_t candidate_count;
    bool has_lost_candidate; /* one that may be answered yet had no room */
    struct inbound *spare;   /* one to use again */
    bool has_syn;            /* the peer sent one, the last in this batch: */
    uint64_t syn_batch;
    bool has_icmp; /* ICMP spoke of it, the last time in this batch: */
    uint64_t icmp_batch;
    bool has_reset; /* an RST came, the last time in this batch: */
    uint64_t reset_batch;
    bool has_gone_back; /* a packet showed that the life before goes on, in this batch: */
    uint64_t gone_back_batch;
};

/* A call that has begun and not ended. */
struct flow_call {
    uint32_t cookie;
    struct flow_life *life; /* that of a send's connection when the call began, or NULL */
    bool is_send, is_receive;
    bool is_peek; /* takes nothing away */
    size_t room;  /* of a receive; 0 when it is not known */
};

/* A record in the light of the model. Members that a record does not have are zero. */
struct flow_view {
    struct flow *flow;
    struct flow_life *life;            /* sent: the one it belongs to; given: the one that it meets;
                               call, state: the incarnation's */
    const struct tcp_segment *segment; /* NULL: no packet, or not readable as a segment */
    uint32_t length;                   /* SEG.LEN */
    tcp_seqno end;                     /* behind the segment's last number */
    bool is_doubtful;     /* given: an option cannot be read, and many drop such a segment unseen */
    bool is_first_syn;    /* sent: it begins the life */
    bool ack_fits_no_syn; /* sent: it acknowledges, and no SYN of the peer explains it */
    struct flow_call call; /* call done: how it began; cookie 0 and no kind if unknown */
};

struct flow_model {
    const struct trace *trace;
    const struct tcp_config *first_config; /* in force at the first record, or NULL */
    struct tcp_config config_now;
    const struct tcp_config *config; /* now in force: config_now; NULL: not known, or not yet */
    struct arena *arena;
    struct flow_view view;
    bool saw_too_big;                /* of some packet ... */
    bool shares_too_big;             /* ... which other flows to the address may have learned */
    uint32_t least_too_big;          /* the smallest size that was said to fit, or 0 */
    const struct flow *too_big_flow; /* the first of which it was said ... */
    bool are_several_too_big;        /* ... and another one since */
    bool ack_limit_changed;          /* while it ran: ack_limit or ack_limit_us */
    bool patience_changed;           /* while it ran: r2_us, r2_syn_us or user_timeout_us */
    bool probing_changed;            /* while it ran: persist_max_us */
    bool clock_was_set;              /* while it ran: that of timestamps */
    bool is_capture;                 /* flows may begin in the middle; octets do not stay */

    struct flow **table; /* open addressing, a power of two of places */
    size_t table_count, table_capacity;
    struct flow *latest; /* looked up last */

    struct flow_life **lives; /* by incarnation of the trace */
    bool *is_shared;          /* by incarnation: more than one life bears it */
    size_t lives_capacity;

    struct flow_call *calls; /* open ones */
    size_t call_count, call_capacity;
    bool saw_call;          /* this trace records calls */
    bool saw_state;         /* this trace tells states */
    bool saw_step;          /* ... and what segments did to connections */
    bool saw_stray_close;   /* close or shutdown of an unknown connection */
    uint32_t stray_options; /* enum flow_option: changed for an unknown connection, or a listener */
    uint32_t kept_options;  /* of connections that ended: their sockets may be used again */
    size_t stray_sends;     /* open sends of an unknown connection */
    bool saw_stray_send;    /* one of them handed bytes over */

    tcp_time now;       /* of the record looked at */
    tcp_time ran_at;    /* when the system under test was drained last */
    uint64_t batch;     /* how many batches ended */
    size_t batch_start; /* first record of this one */
    size_t batch_calls; /* calls made or ended in it */
    size_t batch_given; /* packets given in it */
};

struct flow_model *flow_model_create(const struct trace *trace, const struct tcp_config *config,
                                     struct arena *arena);

/* The record before it takes effect; holds until the next call. */
const struct flow_view *flow_model_look(struct flow_model *model, size_t index);

/* Lets the record, which was looked at last, take effect. */
void flow_model_apply(struct flow_model *model, size_t index);

/* The life that an incarnation of the trace is, or NULL if that is not certain. */
struct flow_life *flow_model_life(const struct flow_model *model, uint32_t incarnation);

/* Are the octets that its application wrote all known? */
bool flow_model_knows_written(const struct flow_model *model, const struct flow_life *life);

/* Is `label` an incarnation of the same four-tuple that began before `incarnation`? */
bool flow_model_is_older(const struct flow_model *model, uint32_t label, uint32_t incarnation);

/* The incarnation that really sent a given packet, if it is known, otherwise its label. */
uint32_t flow_origin_of(const struct trace_packet *packet);

/* Does a given packet of the trace belong to this four-tuple? False for one that is no segment. */
bool flow_owns(const struct flow *flow, const struct trace_record *record);

/* Did the peer acknowledge the FIN of the system under test? */
static inline bool flow_life_fin_is_acked(const struct flow_life *life)
{
    return life->has_fin && tcp_seq_after(life->acked, life->fin);
}

/* Is this a keep-alive probe with an octet, which repeats a number that was acknowledged long ago, be it
 * the FIN's, and may be garbage (RFC 9293 3.8.4)? */
bool flow_life_keeps_alive(const struct flow_life *life, const struct tcp_segment *segment);

/* The shift of windows that are offered to and by the system under test (RFC 7323 2.3). */
uint8_t flow_life_offered_shift(const struct flow_life *life);
uint8_t flow_life_advertised_shift(const struct flow_life *life);

/* Octets of text in a full segment of the system under test behind its SYN, as far as the peer's SYN, its
 * own MTU and the timestamps that both agreed on say; 0 when that is not known. */
uint32_t flow_full_segment(const struct flow_model *model, const struct flow_life *life);

/* Did both SYNs carry timestamps, as far as is known (RFC 7323 3.2)? */
bool flow_life_uses_timestamps(const struct flow_life *life);

/* Is it certain that a given segment is refused neither as old nor for want of a timestamp (RFC 7323 3.2,
 * 5.3)? */
bool flow_passes_timestamps(const struct flow_model *model, const struct flow_life *life,
                            const struct tcp_segment *segment);

/* Was nothing given or called in this batch? Then only time can be the cause of what is in it. */
bool flow_only_time(const struct flow_model *model);

/* Is the segment, about to be noted as sent, at SND.UNA again, and only because of time? Not a probe. */
bool flow_is_timeout(const struct flow_model *model, const struct flow_life *life);

/* Does it stand one octet before SND.NXT, with that octet at most, as a keep-alive probe does? Who sent it knows
 * whether it is one. */
bool flow_has_form_of_keep_alive(const struct flow_view *view, const struct flow_life *life);

/* Is it a probe of a shut window, or a keep-alive probe, sent because of time? */
bool flow_is_probe(const struct flow_model *model, const struct flow_life *life);
bool flow_is_keep_alive(const struct flow_model *model, const struct flow_life *life);

/* Can the retransmission timer of this life be followed? */
bool flow_knows_rto(const struct flow_model *model, const struct flow_life *life);

/* A given segment with text or FIN that a connection in a state which receives, by what it told and
 * promised, cannot but take: inside the window, with an ACK that fits, and no FIN came before. */
bool flow_surely_takes(const struct flow_model *model, const struct flow_view *view);

/* May the connection have spent all ACKs that it sends for refused empty segments (RFC 5961 7)? */
bool flow_may_be_limited(const struct flow_model *model, const struct flow_life *life);

/* RFC 9293 3.8.5: the peer's user is to hear of urgent text as soon as there is some, or more of it (MUST-32),
 * even where a window holds the text itself back. So a segment that is the first to point so far answers
 * nothing. The highest pointer there is may stand for any place behind it (MUST-31). */
bool flow_tells_of_urgent_text(const struct flow_view *view);

/* May the segment in view be a zero-window probe? */
bool flow_may_probe(const struct flow_life *life, const struct flow_view *view);

/* May a call have changed one of these settings of the connection? */
bool flow_may_have_set(const struct flow_model *model, const struct flow_life *life,
                       uint32_t options);

/* The smallest MSS that is believed (RFC 9293 says nothing); one below is taken for it. */
#define FLOW_MSS_FLOOR 48u

#endif
