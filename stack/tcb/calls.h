/* The user's calls on a connection that exists (RFC 9293 3.10.2-3.10.6), state by state. */
#ifndef TCP_TCB_CALLS_H
#define TCP_TCB_CALLS_H

#include "tcb/tcb.h"

/* SEND: what fits goes to the send buffer. `flags`: enum tcp_send_flag. */
enum tcp_error tcb_call_send(struct tcb_step *step, const uint8_t *bytes, size_t count,
                             uint32_t flags, size_t *taken);

/* May a SEND in this state queue anything? TCP_OK, or what the user is told. */
enum tcp_error tcb_send_permission(const struct tcb *tcb);

/* RECEIVE of what is there. */
enum tcp_error tcb_call_receive(struct tcb_step *step, struct tcp_room room, size_t *taken);

/* Drops what was not read: the peer has closed, and the user let go. */
void tcb_call_forget(struct tcb_step *step);

/* A connection to look at; `path`, `stream` and `storage` are NULL where it has none. */
struct tcb_unread {
    const struct tcb *tcb;
    const struct tcb_path *path;
    const struct tcb_stream *stream;
    const uint8_t *storage;
};

/* RECEIVE that takes nothing, from `offset` octets on. */
enum tcp_error tcb_call_peek(const struct tcb_unread *unread, uint32_t offset, struct tcp_room room,
                             size_t *taken);

/* CLOSE. In SYN-SENT the record goes to CLOSED. */
enum tcp_error tcb_call_close(struct tcb_step *step);

/* ABORT. *needs_reset: the host owes the peer an RST at SND.NXT (3.10.5). */
enum tcp_error tcb_call_abort(struct tcb_step *step, bool *needs_reset);

/* STATUS. `path` and `stream` are NULL where the record has none. */
void tcb_call_status(const struct tcb *tcb, const struct tcb_path *path,
                     const struct tcb_stream *stream, const struct tcp_config *config,
                     struct tcp_status *out);

#endif
