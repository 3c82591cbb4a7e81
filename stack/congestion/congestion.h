/* How much may be in flight, whichever controller a connection has (RFC 9293 3.8.2, MUST-19, MAY-18).
 * What to send again is recovery's question. */
#ifndef TCP_CONGESTION_CONGESTION_H
#define TCP_CONGESTION_CONGESTION_H

#include "congestion/cubic.h"
#include "congestion/reno.h"
#include "tcp/config.h"

struct congestion {
    struct congestion_window window;
    uint32_t control; /* enum tcp_congestion_control: which of these is in use */
    uint32_t padding;
    union {
        struct reno reno;
        struct cubic cubic;
    };
};

/* From now on `control` decides. cwnd and ssthresh stay; what another controller knew is forgotten.
 * Nothing happens when it decides already. */
void congestion_choose(struct congestion *congestion, enum tcp_congestion_control control);

/* A connection begins to send: the initial window (window_init). */
void congestion_init(struct congestion *congestion, uint32_t mss, uint32_t segments,
                     bool syn_was_lost);

/* Something was sent, and so much is in flight now. */
void congestion_note_flight(struct congestion *congestion, uint32_t mss, uint32_t flight_bytes,
                            uint64_t now_us);

/* New data was acknowledged. */
void congestion_acknowledge(struct congestion *congestion, const struct congestion_ack *ack);

/* The retransmission timer ran out with `flight_bytes` outstanding: the loss window of one segment.
 * `is_first` is false when the same segment timed out before: ssthresh is held then. */
void congestion_timeout(struct congestion *congestion, uint32_t mss, uint32_t flight_bytes,
                        bool is_first);

/* The peer echoes a mark: cwnd and ssthresh fall at once. Once for each window of data: the caller sees to
 * it. At least one segment stays; at one the caller must slow down by its timer (RFC 3168 6.1.2, RFC 9438
 * 4.6). */
void congestion_marked(struct congestion *congestion, uint32_t mss, uint32_t flight_bytes);

#endif
