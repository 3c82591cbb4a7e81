/* The parts of the wire model, for its own files only. */
#ifndef FINWAIT_ORACLE_FLOW_STEPS_H
#define FINWAIT_ORACLE_FLOW_STEPS_H

#include "oracle/flow_model.h"

void flow_look_at_packet(struct flow_model *model, const struct trace_packet *packet);
void flow_look_at_result(struct flow_model *model, const struct trace_call *call);

void flow_apply_packet(struct flow_model *model, size_t index);
void flow_apply_call(struct flow_model *model, const struct trace_call *call);
void flow_apply_result(struct flow_model *model, const struct trace_call *call);

/* path_mtu.c: octets of an IP packet, also where the trace keeps none; one of this size leaves; `acked` has moved; an ICMP error arrives. */
uint32_t flow_packet_bytes(const struct trace_packet *packet);
void flow_note_packet_size(struct flow_life *life, uint32_t packet_bytes, tcp_seqno end);
void flow_note_size_acknowledged(struct flow_life *life);
/* A router said something, or a setting changed: may other flows to the address learn what is known? */
void flow_note_sharing(struct flow_model *model);
void flow_apply_icmp(struct flow_model *model, const struct trace_record *record);

/* ---- flow_lives.c --------------------------------------------------------------------------------- */

/* What the steps of a batch tell of the connections of a flow, wherever they stand in it. */
struct flow_steps {
    bool are_all_told; /* one for each packet given */
    size_t begins;     /* with which a connection begins */
    size_t returns;    /* from SYN-RECEIVED back to TIME-WAIT */
};
/* Of the batch that is being looked at; it is recorded to its end. */
struct flow_steps flow_steps_of_batch(const struct flow_model *model, const struct flow *flow);

/* Is this SYN of the system under test the first of a new life, or another copy? */
bool flow_begins_life(const struct flow_model *model, const struct flow *flow,
                      const struct trace_packet *packet);
void flow_begin_life(struct flow_model *model, struct flow *flow,
                     const struct trace_packet *packet);
/* A connection that is there before the first packet of the capture. */
void flow_begin_midway(struct flow_model *model, struct flow *flow,
                       const struct tcp_segment *segment);

/* ---- flow_return.c -------------------------------------------------------------------------------- */

/* A segment without SYN leaves: does it show that the flow went back to the life before? */
void flow_note_return(struct flow_model *model, struct flow *flow,
                      const struct tcp_segment *segment);
/* The system tells that this incarnation went from SYN-RECEIVED to TIME-WAIT. */
void flow_return_as_told(struct flow_model *model, uint32_t incarnation);
/* A connection that has sent nothing reopened TIME-WAIT: that one is over, unless it is told to be back. */
void flow_end_before_unseen(struct flow_model *model, const struct trace_state *change);

/* ---- flow_progress.c ------------------------------------------------------------------------------ */

/* Both SYNs are through: the congestion window begins, if it has not yet. */
void flow_begin_congestion(const struct flow_model *model, struct flow_life *life);

/* A segment is about to be noted as sent: what it tells of congestion and timers. */
void flow_note_sending(struct flow_model *model, struct flow_life *life);

/* RST was given. To one in SYN-SENT a plain SYN may be owed (RFC 3168 6.1.1.1), and SYN,ACK come before it leaves:
 * whose round trip that ends nobody can say. */
void flow_note_reset_given(const struct flow_model *model, struct flow_life *life);

/* A batch ends. */
void flow_note_overdue(struct flow_model *model);

/* The ACK and the window of a given segment. */
void flow_note_offer(const struct flow_model *model, struct flow_life *life,
                     const struct tcp_segment *segment);

/* A segment without RST was given: is it certain what becomes of it, and what do timers learn? */
void flow_note_given(const struct flow_model *model, struct flow_life *life);

/* ---- flow_timestamps.c ---------------------------------------------------------------------------- */

/* A segment without RST was sent, or was given. */
void flow_note_timestamp_sent(const struct flow_model *model, struct flow_life *life);
void flow_note_timestamp_given(const struct flow_model *model, struct flow_life *life);

/* What the echo in an ACK of something new tells of the round trip. False: it may tell something, but what
 * is not known. */
bool flow_echo(const struct flow_model *model, const struct flow_life *life,
               struct reference_echo *out);

/* ---- ecn.c: the wire model's part of it ------------------------------------------------------------ */

/* A segment is about to be noted as sent; something was sent again because of time. */
void flow_note_ecn_sent(const struct flow_model *model, struct flow_life *life);
void flow_note_ecn_timeout(struct flow_life *life);

/* Does the ACK carry ECE, of which it is certain that both sides agreed to it? */
bool flow_is_echo(const struct flow_life *life, const struct tcp_segment *segment);

/* A given ACK, with ECE or without, that covers nothing unsent; its octets are noted, `acked` is not. */
void flow_note_echo(const struct flow_model *model, struct flow_life *life,
                    const struct tcp_segment *segment);

/* A given segment may be marked, or tell that the peer has slowed down. */
void flow_note_mark(const struct flow_model *model, struct flow_life *life);

/* ---- silly_window.c: the wire model's part of it --------------------------------------------------- */

/* A segment is about to be noted as sent. */
void flow_note_small(const struct flow_model *model, struct flow_life *life);

/* ---- quiet.c: the wire model's part of it ---------------------------------------------------------- */

/* A segment was given to the life, and is not noted yet; one is about to be noted as sent. */
void flow_note_news(const struct flow_model *model, struct flow_life *life);
void flow_note_repetition(const struct flow_model *model, struct flow_life *life);

/* ---- flow_model.c --------------------------------------------------------------------------------- */

void flow_take_state(struct flow_model *model, struct flow_life *life, enum tcb_state state);

/* This life is that incarnation of the trace. Nothing when the trace knows none of that number. */
void flow_model_name_life(struct flow_model *model, struct flow_life *life, uint32_t incarnation);
/* From now on the trace tells of this life under that number, which it knows. */
void flow_model_renumber_life(struct flow_model *model, struct flow_life *life,
                              uint32_t incarnation);

#endif
