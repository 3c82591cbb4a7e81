/* The TCP of one host as a value: one block of memory that the caller provides. Causes go in
 * (calls, packets, time), effects are polled out (segments, events). Nothing else happens: no I/O,
 * clock, randomness, allocation, global or stored pointer, so the block may be copied, compared,
 * moved and thrown away at will.
 *
 * Time. Every cause carries `now`. First the deadlines before `now` take effect, in order; then the
 * cause acts. Deadlines at exactly `now` fire in tcp_host_tick(now). A `now` that lies behind the
 * host's time is treated as that time. Polling takes no time.
 *
 * Effects. After each cause, or after a batch of them, drain tcp_host_poll_segment() until it says
 * false, then tcp_host_poll_event(). Segments are formed at the poll, so their ACK and window
 * reflect every cause so far. */
#ifndef TCP_HOST_H
#define TCP_HOST_H

#include "tcp/config.h"
#include "tcp/icmp.h"
#include "tcp/limits.h"
#include "tcp/segment.h"
#include "tcp/state.h"
#include "tcp/types.h"

struct tcp_host;

#define TCP_HOST_ALIGNMENT 16

/* Bytes that a host of these limits needs; 0 when the limits overflow size_t. */
size_t tcp_host_bytes(const struct tcp_limits *limits);

/* Makes a host in `block` (aligned to TCP_HOST_ALIGNMENT, at least tcp_host_bytes() large). Costs in
 * proportion to the tables, not to the buffers. TCP_ERROR_MEMORY: block too small or misaligned;
 * TCP_ERROR_ARGUMENT: limits of zero connections or a config that tcp_config_check() refuses. */
enum tcp_error tcp_host_init(void *block, size_t bytes, const struct tcp_limits *limits,
                             const struct tcp_config *config, tcp_time now, struct tcp_host **out);

/* Copies a host into another block of at least the same size and alignment: tables whole, buffer
 * bytes only where in use. Returns the copy, which lives at `to`. */
struct tcp_host *tcp_host_copy(void *to, size_t to_bytes, const struct tcp_host *from);

/* Do two hosts mean the same? Bytes of buffers that are not in use do not count. */
bool tcp_host_same(const struct tcp_host *a, const struct tcp_host *b);

/* NULL, or the name of the first invariant found broken. Made to be asked after every cause: what would
 * take a hash (is a connection found by its flow?) or a look over unused memory is asked of the record
 * of the last step, and of one other in turn from step to step. */
const char *tcp_host_check(const struct tcp_host *host);

const struct tcp_config *tcp_host_config(const struct tcp_host *host);
const struct tcp_limits *tcp_host_limits(const struct tcp_host *host);
tcp_time tcp_host_time(const struct tcp_host *host);

/* Adds an address that is this host's own. TCP_ERROR_RESOURCES when limits.local_addresses are
 * there already. With no address added the host answers to every unicast address. */
enum tcp_error tcp_host_add_address(struct tcp_host *host, const struct tcp_address *address);

/* ---- causes: RFC 9293 3.9.1's calls ------------------------------------------------------------ */

/* Every call and setting that names a connection: TCP_ERROR_NO_CONNECTION, there is none of that handle;
 * TCP_ERROR_ACCESS, config.caller has no right to it. */

/* Passive OPEN (3.10.1). A wildcard local address listens on all. A port of 0 is refused. `backlog`
 * bounds the children that wait for tcp_host_accept(), completed or not. */
enum tcp_error tcp_host_listen(struct tcp_host *host, tcp_time now,
                               const struct tcp_endpoint *local, uint16_t backlog, tcp_handle *out);

/* Takes the oldest completed child of a listener. TCP_ERROR_AGAIN when there is none. */
enum tcp_error tcp_host_accept(struct tcp_host *host, tcp_time now, tcp_handle listener,
                               tcp_handle *out);

/* Active OPEN (3.10.1). A local port of 0 asks for an ephemeral one (RFC 6056). The local address
 * must be given. */
enum tcp_error tcp_host_connect(struct tcp_host *host, tcp_time now, const struct tcp_flow *flow,
                                tcp_handle *out);

/* SEND (3.10.2), pushed. Takes as much as fits and says how much in *taken.
 * TCP_ERROR_RESOURCES: nothing fits now. TCP_ERROR_CLOSING: after CLOSE. */
enum tcp_error tcp_host_send(struct tcp_host *host, tcp_time now, tcp_handle connection,
                             const uint8_t *bytes, size_t count, size_t *taken);

enum tcp_send_flag {
    TCP_SEND_MORE = 1u << 0,   /* not pushed: more will follow, a small segment may wait for it */
    TCP_SEND_URGENT = 1u << 1, /* the octets, and all before them, are urgent (3.8.5) */
};

/* SEND with flags (enum tcp_send_flag). TCP_ERROR_ARGUMENT: urgent without an octet. */
enum tcp_error tcp_host_send_with(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                  const uint8_t *bytes, size_t count, uint32_t flags,
                                  size_t *taken);

/* RECEIVE (3.10.3) of what is there; while urgent data is ahead, at most up to its end, so that the
 * boundary stays visible (3.9.1.3). TCP_ERROR_AGAIN: nothing yet; TCP_ERROR_END: the peer's FIN has
 * been reached; TCP_ERROR_RESET, _REFUSED, _TIMEOUT: how the connection ended. */
enum tcp_error tcp_host_receive(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                struct tcp_room room, size_t *taken);

/* CLOSE (3.10.4): no more data to send; receiving goes on. */
enum tcp_error tcp_host_close(struct tcp_host *host, tcp_time now, tcp_handle connection);

/* ABORT (3.10.5): RST if the state asks for one; the record goes to CLOSED. */
enum tcp_error tcp_host_abort(struct tcp_host *host, tcp_time now, tcp_handle connection);

/* The user lets go of the handle: the connection goes on by itself until it is done, and data that
 * arrives for nobody, or that nobody has read by now while the peer may send more, is answered with RST
 * (3.6.1, SHLD-3); behind the peer's FIN what nobody has read is dropped. RECEIVE knows no such connection
 * any more. A record in CLOSED is freed. A record whose user has not let go stays, in CLOSED, so that its
 * end can be asked for. */
enum tcp_error tcp_host_release(struct tcp_host *host, tcp_time now, tcp_handle connection);

/* Lets every caller use the record, and the children it will have (see config.caller): whoever holds the
 * handle has the right. So it is with descriptors. */
enum tcp_error tcp_host_share(struct tcp_host *host, tcp_handle connection);

/* Active OPEN of a record in LISTEN (3.10.1), which is also what SEND with a remote socket does there
 * (3.10.2): children that wait are abandoned. `flow` as for tcp_host_connect(); its local port must be
 * the listener's. */
enum tcp_error tcp_host_activate(struct tcp_host *host, tcp_time now, tcp_handle listener,
                                 const struct tcp_flow *flow);

/* SEND of a record in LISTEN with a remote socket (3.10.2): tcp_host_activate(), and the octets, at least
 * one, wait for ESTABLISHED. TCP_ERROR_RESOURCES: no room to queue them; the record stays in LISTEN. */
enum tcp_error tcp_host_send_to(struct tcp_host *host, tcp_time now, tcp_handle listener,
                                const struct tcp_flow *flow, const uint8_t *bytes, size_t count,
                                uint32_t flags, size_t *taken);

/* RECEIVE that leaves everything where it is, from `offset` octets beyond the next one on. Errors as
 * tcp_host_receive(). */
enum tcp_error tcp_host_peek(const struct tcp_host *host, tcp_handle connection, uint32_t offset,
                             struct tcp_room room, size_t *taken);

/* Pushes what was sent with TCP_SEND_MORE (3.9.1.2): a small segment waits no longer for more. */
enum tcp_error tcp_host_push(struct tcp_host *host, tcp_time now, tcp_handle connection);

/* Another backlog for a listener; children that wait already stay. TCP_ERROR_STATE: not in LISTEN. */
enum tcp_error tcp_host_set_backlog(struct tcp_host *host, tcp_time now, tcp_handle listener,
                                    uint16_t backlog);

/* Sizes of one connection's buffers, in octets; 0 leaves one as it is. They are bounded by the limits
 * and by what is in use: what was offered to the peer or taken from the user stays good. Of a
 * listener: the receive buffer that its children are born with; their send buffers are the configured ones,
 * whatever `send_bytes` says. */
enum tcp_error tcp_host_set_buffers(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                    uint32_t receive_bytes, uint32_t send_bytes);

/* Bounds the text of one connection's segments, and the MSS option of a SYN that has not been sent
 * yet; of a listener: of its children. 0: no bound. TCP_ERROR_ARGUMENT: below 48. */
enum tcp_error tcp_host_set_mss(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                uint16_t mss);

/* One connection's own times for keep-alive, each 0 for the configured one. Another idle time counts from
 * now on. */
enum tcp_error tcp_host_set_keep_alive_times(struct tcp_host *host, tcp_time now,
                                             tcp_handle connection, uint32_t idle_ms,
                                             uint32_t interval_ms, uint8_t probes);

/* R2 of one connection (MUST-21): it is aborted when sent data stays unacknowledged for so long. 0
 * goes back to the configured r2_us and user_timeout_us. */
enum tcp_error tcp_host_set_user_timeout(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                         uint64_t timeout_us);

/* Keep-alive of one connection (MUST-24); off at first (MUST-25). */
enum tcp_error tcp_host_set_keep_alive(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                       bool is_on);

/* Nagle's algorithm for one connection, whatever the configuration says (9293 3.7.4, MUST-17). */
enum tcp_error tcp_host_set_nagle(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                  bool is_on);

/* The DS field, 0 to 63, of everything that the connection sends from now on (MUST-48, SHLD-21); below 0:
 * config.ds_field again. A listener's is that of the children it makes. TCP_ERROR_ARGUMENT: over 63, for
 * the other two bits of the octet are ECN's (SHLD-22). */
enum tcp_error tcp_host_set_ds_field(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                     int ds_field);

/* Who decides how much may be in flight, from now on (MAY-18): cwnd and ssthresh stay as they are. A
 * listener's is that of the children it makes. TCP_ERROR_ARGUMENT: there is none of that number. */
enum tcp_error tcp_host_set_congestion_control(struct tcp_host *host, tcp_time now,
                                               tcp_handle connection,
                                               enum tcp_congestion_control control);

/* Replaces the configuration; each field of config.h says whether existing connections follow.
 * The secret cannot change. TCP_ERROR_ARGUMENT as tcp_config_check(). */
enum tcp_error tcp_host_configure(struct tcp_host *host, tcp_time now,
                                  const struct tcp_config *config);

/* STATUS (3.10.6): what a user, a script's assertion or a report may ask of a connection. */
struct tcp_status {
    enum tcb_state state;
    struct tcp_flow flow;
    bool is_passive;      /* born of a listener */
    bool is_owned;        /* a user still holds the handle */
    enum tcp_error ended; /* TCP_OK while alive, else how it ended */
    tcp_seqno iss, snd_una, snd_nxt, snd_wl1, snd_wl2, snd_up;
    tcp_seqno irs, rcv_nxt, rcv_up;
    uint32_t snd_wnd;
    uint32_t rcv_wnd; /* what the peer may still send: right edge - RCV.NXT; SYN-SENT: 0 */
    uint32_t max_snd_wnd;
    uint32_t send_mss;         /* octets of text in a full segment, options counted off */
    bool uses_timestamps;      /* offered in SYN-SENT, agreed on later (RFC 7323 3.2) */
    uint32_t timestamp_recent; /* TS.Recent, with uses_timestamps */
    uint32_t unsent_bytes;     /* queued, never sent */
    uint32_t unacked_bytes;    /* sent, SYN and FIN counted */
    uint32_t send_room_bytes;
    uint32_t send_buffer_bytes, receive_buffer_bytes;
    uint32_t receive_mss; /* what our SYN advertises */
    uint32_t readable_bytes;
    uint32_t islands;
    uint32_t cwnd_bytes, ssthresh_bytes;
    uint32_t congestion_control; /* enum tcp_congestion_control */
    uint64_t srtt_us, rttvar_us, rto_us;
    uint32_t retransmits;        /* in a row, of the segment at SND.UNA */
    uint32_t backlog;            /* LISTEN */
    uint32_t backlog_used;       /* LISTEN: children waiting, completed or not */
    uint32_t acceptable;         /* LISTEN: of them, those that tcp_host_accept() can take now */
    uint32_t pushed_bytes;       /* of the readable ones, up to the last that was pushed (MAY-17) */
    uint32_t urgent_ahead_bytes; /* urgent octets not yet received (MUST-33) */
    uint32_t received_ds;        /* the DS octet of what arrived last, without ECN (MAY-9) */
    uint32_t sent_ds;            /* the DS octet of what is sent, without ECN (SHLD-21) */
    uint32_t keep_alive_unanswered; /* probes in a row */
    uint32_t path_mtu;              /* as a router said; 0: nothing below config.mtu is known */
    enum tcp_error soft_error;      /* the last that ICMP told of, or TCP_OK (SHLD-25) */
    bool ecn;                       /* both sides agreed to RFC 3168: new text is ECN-capable */
    bool ecn_echo;                  /* a mark arrived: ACKs carry ECE until CWR comes */
    bool fin_received;              /* RCV.NXT has gone over the peer's FIN */
    tcp_time retransmission_at, persist_at, delayed_ack_at, time_wait_at,
        keep_alive_at; /* or TCP_TIME_NEVER */
};

/* STATUS (3.10.6). */
enum tcp_error tcp_host_status(const struct tcp_host *host, tcp_handle connection,
                               struct tcp_status *out);

/* The same for whoever looks at the host from outside, whatever `config.caller` may do. */
enum tcp_error tcp_host_look(const struct tcp_host *host, tcp_handle connection,
                             struct tcp_status *out);

/* What status.soft_error says, which is TCP_OK from then on. TCP_OK without a connection, too;
 * TCP_ERROR_ACCESS as elsewhere. */
enum tcp_error tcp_host_take_soft_error(struct tcp_host *host, tcp_handle connection);

/* The connection of a flow; TCP_HANDLE_NONE when there is none (listeners are not searched). */
tcp_handle tcp_host_find(const struct tcp_host *host, const struct tcp_flow *flow);

/* The record in `slot` < limits.connections, or TCP_HANDLE_NONE when it is free: to look at all. */
tcp_handle tcp_host_at_slot(const struct tcp_host *host, uint32_t slot);

/* ---- causes: the network and time ------------------------------------------------------------- */

/* An IP packet arrives: TCP, or an ICMP error about it. What is not for this TCP is dropped and counted. */
void tcp_host_packet(struct tcp_host *host, tcp_time now, const uint8_t *bytes, size_t count);

/* The same for a segment that has already been read and found sound. */
void tcp_host_segment(struct tcp_host *host, tcp_time now, const struct tcp_segment *segment);

/* The same for an ICMP message that quotes a segment of ours (3.9.2.2). */
void tcp_host_icmp(struct tcp_host *host, tcp_time now, const struct tcp_icmp *icmp);

/* Lets every deadline up to and including `now` take effect. */
void tcp_host_tick(struct tcp_host *host, tcp_time now);

/* ---- effects ---------------------------------------------------------------------------------- */

/* Takes the next segment to be sent. `room` needs TCP_WIRE_HEADROOM bytes and one MTU; the payload is
 * laid behind the headroom, so tcp_wire_write(out, room) can follow. False: nothing to send. */
bool tcp_host_poll_segment(struct tcp_host *host, struct tcp_room room, struct tcp_segment *out);

enum tcp_event_bit {
    TCP_EVENT_CONNECTED = 1u << 0,  /* entered a synchronized state */
    TCP_EVENT_ACCEPTABLE = 1u << 1, /* a listener has a completed child */
    TCP_EVENT_READABLE = 1u << 2,
    TCP_EVENT_WRITABLE = 1u << 3,
    TCP_EVENT_PEER_CLOSED = 1u << 4, /* "connection closing": the peer's FIN is in order */
    TCP_EVENT_ENDED = 1u << 5,       /* in CLOSED; tcp_status.ended says how */
    TCP_EVENT_SOFT_ERROR = 1u << 6,  /* delivery trouble: R1 is reached (SHLD-9), or ICMP said so
                                      * (SHLD-25); unless config.soft_error_reports is 0 */
    TCP_EVENT_URGENT = 1u << 7,      /* urgent data is ahead, or more of it (MUST-32) */
};

struct tcp_event {
    tcp_handle connection;
    uint32_t bits;        /* enum tcp_event_bit, coalesced since the last poll */
    uint64_t states;      /* transitions since the last poll: nibbles, the latest lowest */
    uint32_t state_count; /* how many nibbles are meant */
    enum tcp_error ended; /* with TCP_EVENT_ENDED: how; TCP_OK: as both sides wished */
};

/* Takes the next event. False: none. */
bool tcp_host_poll_event(struct tcp_host *host, struct tcp_event *out);

/* No later than any armed timer; TCP_TIME_NEVER when none is. */
tcp_time tcp_host_deadline(const struct tcp_host *host);

/* What the last cause did (the last of the deadlines it let fire, if it did nothing itself). */
struct tcp_step_record tcp_host_last_step(const struct tcp_host *host);

/* What was dropped or refused, since init. Saturating. */
struct tcp_counters {
    uint32_t wire_drops;       /* tcp_wire_read() refused the packet */
    uint32_t not_ours;         /* destination is not an address of this host */
    uint32_t unfit_source;     /* multicast or broadcast source (MUST-57) */
    uint32_t connections_full; /* a SYN found no record */
    uint32_t paths_full;
    uint32_t streams_full;   /* text dropped unacknowledged */
    uint32_t backlog_full;   /* a SYN found the listener's backlog full */
    uint32_t islands_full;   /* out-of-order text dropped */
    uint32_t answers_lost;   /* the answer ring dropped its oldest */
    uint32_t icmp_drops;     /* ICMP for no connection, or that changed none */
    uint32_t path_mtus_full; /* what was known of a path gave way to what is newer */
};

struct tcp_counters tcp_host_counters(const struct tcp_host *host);

#endif
