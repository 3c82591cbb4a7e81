/* The octets that an end has sent and its peer not acknowledged yet, as far as a capture shows them:
 * what another transmission is held against (W05 without the application's calls). */
#ifndef FINWAIT_CAPTURE_OCTETS_H
#define FINWAIT_CAPTURE_OCTETS_H

#include "base/arena.h"
#include "tcp/seq.h"

/* The most that is remembered of one direction; what lies further back is not judged. */
#define CAPTURE_OCTETS_MAX ((uint32_t)1 << 20)

struct capture_octets {
    uint8_t *ring;
    uint32_t capacity; /* a power of two, or 0 */
    bool is_started;
    tcp_seqno left, right; /* [left, right) is known */
};

/* Text of a segment. Returns how many octets were held against known ones; *where is the number of
 * the first that differs, if one does (*differs). `text` NULL: octets that the capture does not hold. */
uint32_t capture_octets_add(struct capture_octets *octets, struct arena *arena, tcp_seqno seq,
                            const uint8_t *text, uint32_t count, bool *differs, tcp_seqno *where);

/* The peer acknowledged everything before `ack`. */
void capture_octets_acked(struct capture_octets *octets, tcp_seqno ack);

#endif
