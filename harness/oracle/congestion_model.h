/* The congestion window that a controller leaves to a sender, from what goes over the wire. Of Reno (RFC
 * 5681) it is the window itself: slow start, congestion avoidance by octets counted, and the
 * retransmission timeout. Of CUBIC (RFC 9438) it is the most that its rules allow, since when the
 * application is the limit shows only in part:
 * - slow start up to ssthresh, and one segment beyond;
 * - then what RFC 5681 allows from there on (4.3), with alpha 1;
 * - or, with each ACK, a step towards 1.5 windows (4.2, 4.4, 4.5), as long as that is below the curve at
 *   its highest: from the plateau on, with K = 0, and no time left out. After a mark the plateau is the
 *   window that it reduced. */
#ifndef FINWAIT_ORACLE_CONGESTION_MODEL_H
#define FINWAIT_ORACLE_CONGESTION_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "tcp/config.h"

/* The round-trip time is not known. */
#define CONGESTION_SRTT_UNKNOWN UINT64_MAX

struct congestion_model {
    uint32_t cwnd; /* octets; 0 while it is not known */
    uint32_t mss;
    uint32_t ssthresh;
    uint32_t counted;   /* octets acknowledged in congestion avoidance since it grew last */
    bool has_timed_out; /* and nothing new was acknowledged since */
    enum tcp_congestion_control control;
    /* CUBIC's stage of congestion avoidance. */
    bool is_avoiding;
    uint64_t stage_at;   /* us */
    double stage_window; /* octets: where it began */
    double estimate;     /* W_est, octets */
    double window;       /* cwnd with its fraction */
    bool was_marked;     /* an echo may have reduced cwnd below ssthresh since the last timeout */
    double prior; /* the window that a mark reduced, which is the plateau; 0 after a timeout */
};

/* RFC 6928 2, for any number of segments; one segment when the SYN was lost (RFC 5681 3.1). */
void congestion_model_begin(struct congestion_model *model, enum tcp_congestion_control control,
                            uint32_t mss, uint32_t segments, bool syn_was_lost);

/* So many octets of text were acknowledged, at `now_us`; the smoothed round-trip time was at most
 * `srtt_us`. */
void congestion_model_acknowledge(struct congestion_model *model, uint32_t octets, uint64_t now_us,
                                  uint64_t srtt_us);

/* The same by an ACK that echoes a mark: nothing grows (RFC 3168 6.1.2), but what is lost behind it is lost
 * for the first time. */
void congestion_model_acknowledge_echo(struct congestion_model *model);

/* The peer echoes a mark, and the sender may have slowed down or not. Of CUBIC, another stage may begin
 * here, with a window of any size. */
void congestion_model_marked(struct congestion_model *model, uint64_t now_us);

/* Of so many octets, what a controller keeps when it must slow down: half (RFC 5681 3.1), or CUBIC's
 * seven tenths (RFC 9438 4.6). */
uint32_t congestion_model_kept(enum tcp_congestion_control control, uint32_t octets);

/* The sender was told of a mark (RFC 3168 6.1.2, RFC 9438 4.6), for the first time in this window. */
void congestion_model_mark(struct congestion_model *model);

/* Something is sent again because of time. */
void congestion_model_timeout(struct congestion_model *model, uint32_t flight);

#endif
