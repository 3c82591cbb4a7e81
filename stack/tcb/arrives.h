/* SEGMENT ARRIVES (RFC 9293 3.10.7): the checks in the RFC's order, one function each. A check says
 * TCP_VERDICT_NONE for "go on with the next"; any other verdict ends the segment's way, and the
 * record says which check it was and why. */
#ifndef TCP_TCB_ARRIVES_H
#define TCP_TCB_ARRIVES_H

#include "tcb/tcb.h"

/* A segment on its way through the checks: what is left of it after trimming. */
struct tcb_arrival {
    const struct tcp_segment *segment;
    tcp_seqno seq; /* of the first octet of text that is left */
    const uint8_t *text;
    uint32_t text_bytes;
    bool has_fin;          /* a FIN is left, right behind the text */
    bool has_syn;          /* a SYN that still means something */
    bool is_refused;       /* it met a shut window: an ACK is owed unless something else answers */
    bool is_behind_by_one; /* empty, and right before RCV.NXT: its ACK counts, and it draws one */
};

/* 3.10.7.2: TCP_VERDICT_SPAWN asks the host for a child. */
enum tcp_verdict tcb_arrives_listen(struct tcb_step *step, const struct tcp_segment *segment);

/* 3.10.7.3. */
enum tcp_verdict tcb_arrives_syn_sent(struct tcb_step *step, const struct tcp_segment *segment);

/* 3.10.7.4: every other state. TCP_VERDICT_REOPEN asks the host for a new incarnation; is_wanted
 * says whether a listener is there that would take one. */
enum tcp_verdict tcb_arrives_other(struct tcb_step *step, const struct tcp_segment *segment,
                                   bool reopen_is_wanted);

/* The checks of 3.10.7.4. */
enum tcp_verdict tcb_check_sequence(struct tcb_step *step, struct tcb_arrival *arrival);
enum tcp_verdict tcb_check_reset(struct tcb_step *step, struct tcb_arrival *arrival);
enum tcp_verdict tcb_check_syn(struct tcb_step *step, struct tcb_arrival *arrival);
enum tcp_verdict tcb_check_ack(struct tcb_step *step, struct tcb_arrival *arrival);
enum tcp_verdict tcb_check_urgent(struct tcb_step *step, struct tcb_arrival *arrival);
enum tcp_verdict tcb_check_text(struct tcb_step *step, struct tcb_arrival *arrival);
enum tcp_verdict tcb_check_fin(struct tcb_step *step, struct tcb_arrival *arrival);

/* Writes down what decided, and returns the verdict. */
enum tcp_verdict tcb_decide(struct tcb_step *step, enum tcp_verdict verdict, enum tcp_check check,
                            enum tcb_reason reason);

#endif
