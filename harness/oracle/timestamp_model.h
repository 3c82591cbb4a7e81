/* RFC 7323 4.3 and 5.3 as seen on the wire: which timestamps a connection must echo, and which given
 * segments it cannot refuse as old. What it echoed tells TS.Recent exactly; each given segment since then
 * either replaces it for sure, or may have, or cannot. Fed by the wire model. */
#ifndef FINWAIT_ORACLE_TIMESTAMP_MODEL_H
#define FINWAIT_ORACLE_TIMESTAMP_MODEL_H

#include <stdbool.h>
#include <stdint.h>

/* Timestamps that are told apart beside the one known for sure. */
#define TIMESTAMP_CANDIDATES_MAX 8

struct timestamp_model {
    bool knows_recent;
    uint32_t recent; /* TS.Recent, unless it is one of the candidates */
    uint64_t since;  /* us; it is at least as young */
    uint32_t candidates[TIMESTAMP_CANDIDATES_MAX];
    uint32_t candidate_count; /* one more than there is room for: it may be anything */

    bool knows_value;
    uint32_t value; /* TS val sent last, */
    uint64_t at;    /* us; at that time */
};

enum timestamp_effect {
    TIMESTAMP_NONE,    /* the segment cannot change TS.Recent */
    TIMESTAMP_PERHAPS, /* it may */
    TIMESTAMP_CERTAIN, /* it is taken and stands where TS.Recent is taken from */
};

/* a < b modulo 2^32. */
bool timestamp_is_before(uint32_t a, uint32_t b);

/* A segment leaves with TS val; with an ACK it echoes TS.Recent. */
void timestamp_model_sent(struct timestamp_model *model, uint64_t now, uint32_t value, bool has_ack,
                          uint32_t echo);

/* A segment with TS val came. */
void timestamp_model_given(struct timestamp_model *model, uint64_t now, uint32_t value,
                           enum timestamp_effect effect);

/* Is a segment with this TS val new enough, whatever TS.Recent is now? */
bool timestamp_model_surely_passes(const struct timestamp_model *model, uint32_t value);

/* May TS.Recent be this? */
bool timestamp_model_may_echo(const struct timestamp_model *model, uint32_t echo);

/* Milliseconds since TS val was `echo`; false when that is not known or was never. */
bool timestamp_model_round_trip(const struct timestamp_model *model, uint64_t now, uint32_t echo,
                                uint32_t *out_ms);

#endif
