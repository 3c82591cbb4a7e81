/* One host and a peer that exists only as segments written by hand, for tests that want to place a
 * segment exactly. Segments are lines of text:
 *
 *     FLAGS SEQ:END [ack N] [win N] [mss N]        "S. 0:0 ack 1 win 10000 mss 1000"
 *
 * FLAGS are letters of FSREWP.U ('.' is ACK); SEQ and END count from the sender's initial number, ack
 * from the other's; END - SEQ octets are text, SYN and FIN not counted. Every octet of text is a
 * function of its place, and is checked. The host is checked after every cause. */
#ifndef TCP_TESTS_SUPPORT_ONE_HOST_H
#define TCP_TESTS_SUPPORT_ONE_HOST_H

#include "tcp/host.h"
#include "tcp/wire.h"

#define ONE_START_US   UINT64_C(1000000000)
#define ONE_PORT       80 /* the host's listener */
#define ONE_PEER_PORT  7000
#define ONE_LOCAL_PORT 50000 /* of active opens */
#define ONE_ISS        1000
#define ONE_IRS        5000
#define ONE_MSS        1000 /* what the peer's SYN says in one_reach() */
#define ONE_WINDOW     10000
#define ONE_ROOM_BYTES (TCP_WIRE_HEADROOM + 65536)

struct one_host {
    struct tcp_host *host;
    void *block;
    size_t block_bytes;
    struct tcp_config config; /* may be changed before one_start() */
    struct tcp_limits limits;
    tcp_time now;
    uint32_t iss, irs;
    struct tcp_endpoint local, remote;
    tcp_handle listener, connection;
    uint32_t written, read;  /* octets of text so far */
    uint32_t events;         /* every bit that was polled */
    struct tcp_segment last; /* the segment that one_out() took; the payload is in `room` */
    uint8_t room[ONE_ROOM_BYTES];
};

/* Profile rfc with the fixed ISS, small limits; then one_start() makes the host. */
void one_prepare(struct one_host *one);
void one_start(struct one_host *one);
/* Both. */
void one_open(struct one_host *one);
void one_close(struct one_host *one);

/* A second host in the same words: a copy in a block of its own. */
void one_copy(struct one_host *to, const struct one_host *from);

/* Arrives from the peer, at the present time; the window is ONE_WINDOW if not given. */
#define one_in(one, line) one_in_at((one), (line), __FILE__, __LINE__)
/* The next segment is this; "" for none. A window or MSS is compared if given. */
#define one_out(one, line) one_out_at((one), (line), __FILE__, __LINE__)
#define one_silent(one)    one_out_at((one), "", __FILE__, __LINE__)
void one_in_at(struct one_host *one, const char *line, const char *file, int at);
void one_out_at(struct one_host *one, const char *line, const char *file, int at);

/* What one_in() delivers, for tests that change more of it; one_deliver() delivers. */
struct tcp_segment one_segment(struct one_host *one, const char *line);
#define one_deliver(one, segment) one_deliver_at((one), (segment), __FILE__, __LINE__)
void one_deliver_at(struct one_host *one, const struct tcp_segment *segment, const char *file,
                    int at);

/* Time: with and without a tick at the end. */
#define one_wait(one, us) one_wait_at((one), (us), __FILE__, __LINE__)
void one_wait_at(struct one_host *one, uint64_t us, const char *file, int at);
void one_pass(struct one_host *one, uint64_t us);
/* What is sent meanwhile, each thing in its time, is lost; not what falls due at the end. */
#define one_lose(one, us) one_lose_at((one), (us), __FILE__, __LINE__)
void one_lose_at(struct one_host *one, uint64_t us, const char *file, int at);

/* Calls. write and read require that they take or hand over exactly `count`. */
enum tcp_error one_connect(struct one_host *one);
void one_listen(struct one_host *one, uint16_t backlog);
enum tcp_error one_accept(struct one_host *one);
void one_write(struct one_host *one, uint32_t count);
void one_read(struct one_host *one, uint32_t count);
enum tcp_error one_write_error(struct one_host *one);
enum tcp_error one_read_error(struct one_host *one);
enum tcp_error one_shut(struct one_host *one);
enum tcp_error one_abort(struct one_host *one);

/* Takes all events. */
uint32_t one_events(struct one_host *one);

/* STATUS of the connection; state CLOSED when there is no record. */
struct tcp_status one_status(struct one_host *one);
enum tcb_state one_state(struct one_host *one);
/* Verdict, check and reason of the last step. */
struct tcp_step_record one_step(const struct one_host *one);

/* Brings a new host into a state by an active open, everything drained. From ESTABLISHED on:
 * SND.NXT is 1, behind our FIN 2; RCV.NXT likewise. SYN-RECEIVED is that of a simultaneous open. */
void one_reach(struct one_host *one, enum tcb_state state);
/* A new host in ESTABLISHED, with keep-alive on. */
void one_open_kept_alive(struct one_host *one);
/* SYN-RECEIVED or ESTABLISHED behind a listener, not accepted; `connection` names the child. */
void one_reach_passive(struct one_host *one, enum tcb_state state);

/* Writes ISS, as relative to the present one, into the record: where 2^32 octets would have led. */
void one_force_iss(struct one_host *one, uint32_t relative);

/* The octet at `offset` of a stream; direction 0 is what the host sends. */
uint8_t one_octet(int direction, uint32_t offset);

#endif
