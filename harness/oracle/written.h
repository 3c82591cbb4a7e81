/* What the application handed over for one connection, in order: which octet stands at which offset
 * of the stream. Learned from the calls of the trace; points into their bytes. */
#ifndef FINWAIT_ORACLE_WRITTEN_H
#define FINWAIT_ORACLE_WRITTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct written_chunk {
    uint64_t start;       /* offset of its first octet */
    const uint8_t *bytes; /* NULL: how many is known, but not which */
    size_t count;
    uint32_t cookie; /* of the call */
};

struct written {
    struct written_chunk *chunks;
    size_t count, capacity;
    size_t hint;       /* the chunk that was looked at last */
    size_t calls_open; /* sends whose result is not known yet */
    uint64_t octets;   /* all of them */
    bool is_uncertain; /* something was sent that no call accounts for */
};

/* A send begins: its bytes may leave before its result is known. */
void written_begin(struct written *written, struct arena *arena, uint32_t cookie,
                   const uint8_t *bytes, size_t count);

/* Its result: only the first `taken` octets count. */
void written_end(struct written *written, uint32_t cookie, size_t taken);

enum written_match { WRITTEN_SAME, WRITTEN_OTHER, WRITTEN_BEYOND };

/* Do `count` octets at `offset` read as `bytes`? *where is the offset of the first that does not, or
 * that was never written. */
enum written_match written_compare(struct written *written, uint64_t offset, const uint8_t *bytes,
                                   size_t count, uint64_t *where);

#endif
