/* CUBIC (RFC 9438) in integers: windows in octets, the curve in milliseconds, shares of an octet in
 * 256ths. C is 0.4, beta 0.7.
 *
 * Choices that the RFC leaves:
 * - An ACK moves cwnd by (target - cwnd) / cwnd segments, whatever number of segments it covers (4.4,
 *   4.5); one that covers less than a segment counts for its part, so that ACK division gains nothing.
 * - In the Reno-friendly region cwnd is raised to W_est, never lowered to it.
 * - Slow start is Reno's (4.10), and lasts while cwnd is no more than ssthresh; where congestion has
 *   just set cwnd to ssthresh, avoidance goes on at once (RFC 5681 3.2, 4.3).
 * - FlightSize, not cwnd, is what congestion reduces (4.6). */
#ifndef TCP_CONGESTION_CUBIC_H
#define TCP_CONGESTION_CUBIC_H

#include "congestion/window.h"

enum cubic_stage {
    CUBIC_SLOW_START, /* up to ssthresh */
    CUBIC_REDUCED,    /* congestion has just set cwnd; the next ACK begins a stage of avoidance */
    CUBIC_AVOIDANCE,  /* along the curve */
};

struct cubic {
    uint64_t counted_us;   /* the time up to which elapsed_us counts */
    uint64_t estimate_q8;  /* W_est, in 1/256 octets */
    uint32_t elapsed_us;   /* t: the age of the stage, but for times limited by the application */
    uint32_t k_ms;         /* K: when the curve is back at W_max */
    uint32_t w_max_bytes;  /* 0: undefined */
    uint32_t prior_bytes;  /* cwnd_prior: cwnd when ssthresh was set last, or 0 */
    uint32_t full_bytes;   /* so many octets from SND.UNA on left with a window that they filled */
    uint16_t remainder_q8; /* what cwnd has grown below an octet */
    uint16_t stage;        /* enum cubic_stage */
};

/* What an ACK of new data tells. */
struct congestion_ack {
    uint64_t now_us;
    uint32_t mss;
    uint32_t octets;       /* of text, newly acknowledged */
    uint32_t flight_bytes; /* outstanding before it came */
    uint32_t srtt_us;      /* 0: not measured yet */
};

/* The whole cube root: the greatest r with r * r * r <= number. */
uint32_t cubic_root(uint64_t number);

/* With so much in flight, is the window full? Then what is in flight may make it grow (5.8). To be told
 * after each sending, and as an ACK comes. */
void cubic_note_flight(struct cubic *cubic, const struct congestion_window *window, uint32_t mss,
                       uint32_t flight_bytes, uint64_t now_us);

/* New data was acknowledged (4.2 to 4.5, 4.10). */
void cubic_acknowledge(struct cubic *cubic, struct congestion_window *window,
                       const struct congestion_ack *ack);

/* The retransmission timer ran out (4.8); `is_first` as with reno_timeout(). */
void cubic_timeout(struct cubic *cubic, struct congestion_window *window, uint32_t mss,
                   uint32_t flight_bytes, bool is_first);

/* Congestion without a timeout: beta of the flight stays, at least a segment (4.6, 4.7). */
void cubic_reduce(struct cubic *cubic, struct congestion_window *window, uint32_t mss,
                  uint32_t flight_bytes);

#endif
