/* Explicit congestion notification, the classic one (RFC 3168, RFC 9293 SHLD-8): routers mark packets
 * instead of dropping them. What new text says about itself, what ACKs say about marks that arrived, and
 * how a sender answers that. Accurate ECN and milder answers (RFC 8311's experiments) are not here: only
 * new text is ECN-capable, and only by ECT(0). */
#ifndef TCP_TCB_ECN_H
#define TCP_TCB_ECN_H

#include "tcb/arrives.h"

/* ---- the handshake (6.1.1) ------------------------------------------------------------------------ */

/* Our SYN shall ask, or our SYN,ACK agree if the peer's SYN asks, as config.ecn says. */
void tcb_ecn_ask(struct tcb_step *step);
void tcb_ecn_agree(struct tcb_step *step);

/* A SYN or SYN,ACK of the peer's that begins or repeats the handshake: it asks or agrees only in the one
 * form that 6.1.1 gives each, and one that does not settles the matter. */
void tcb_ecn_learn_syn(struct tcb *tcb, const struct tcp_segment *syn);

/* Our SYN or SYN,ACK leaves. With config.ecn_fallback a SYN that is not the first is a plain one. */
void tcb_ecn_form_syn(struct tcb_step *step, struct tcp_segment *out, bool is_first);

/* In SYN-SENT an RST answered our SYN. True: it asked for ECN, which may be the reason (6.1.1.1), and a
 * plain one is owed instead; only with config.ecn_fallback 2. */
bool tcb_ecn_asks_no_more(struct tcb_step *step);

/* May our text be ECN-capable? Both sides asked and agreed, and neither ever sent a plain SYN. */
bool tcb_ecn_is_on(const struct tcb *tcb);

/* ---- the sender of text (6.1.2) ------------------------------------------------------------------- */

/* New text leaves; a segment without any stays as it is. */
void tcb_ecn_form_new_text(struct tcb *tcb, struct tcb_path *path, struct tcp_segment *out);

/* Does this segment's ACK tell of a mark? That of our SYN cannot: no SYN is ECN-capable. */
bool tcb_ecn_is_echo(const struct tcb *tcb, const struct tcp_segment *segment);

/* An acceptable ACK was taken, SND.UNA has moved: reduces cwnd if the ACK told of a mark, once for each
 * window of data. */
void tcb_ecn_acknowledged(struct tcb_step *step, bool is_echo);

/* cwnd was reduced, for whatever reason: what is outstanding now is no reason to do it again. */
void tcb_ecn_reduced(struct tcb_step *step);

/* ---- the receiver of text (6.1.3) ----------------------------------------------------------------- */

/* Text arrived that lies in the window, or on the edge of a shut one (6.1.6). */
void tcb_ecn_text_arrived(struct tcb *tcb, const struct tcb_arrival *arrival);

/* An ACK leaves, alone or with text. */
void tcb_ecn_form_ack(const struct tcb *tcb, struct tcp_segment *out);

#endif
