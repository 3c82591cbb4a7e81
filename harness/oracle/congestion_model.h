/* The congestion window that RFC 5681 leaves to a sender, from what goes over the wire: slow start,
 * congestion avoidance by octets counted, and the retransmission timeout. */
#ifndef FINWAIT_ORACLE_CONGESTION_MODEL_H
#define FINWAIT_ORACLE_CONGESTION_MODEL_H

#include <stdbool.h>
#include <stdint.h>

struct congestion_model {
    uint32_t cwnd; /* octets; 0 while it is not known */
    uint32_t mss;
    uint32_t ssthresh;
    uint32_t counted;   /* octets acknowledged in congestion avoidance since it grew last */
    bool has_timed_out; /* and nothing new was acknowledged since */
};

/* RFC 6928 2, for any number of segments; one segment when the SYN was lost (RFC 5681 3.1). */
void congestion_model_begin(struct congestion_model *model, uint32_t mss, uint32_t segments,
                            bool syn_was_lost);

/* So many octets of text were acknowledged. */
void congestion_model_acknowledge(struct congestion_model *model, uint32_t octets);

/* Something is sent again because of time. */
void congestion_model_timeout(struct congestion_model *model, uint32_t flight);

#endif
