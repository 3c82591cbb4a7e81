/* TCP options: the bytes between the fixed header and the text (RFC 9293 3.1 and 3.2, RFC 7323, RFC
 * 2018) and their decoded form. */
#ifndef TCP_WIRE_OPTIONS_H
#define TCP_WIRE_OPTIONS_H

#include "tcp/wire.h"

/* Option kinds that are understood. */
enum option_kind {
    OPTION_END = 0,
    OPTION_NOP = 1,
    OPTION_MSS = 2,
    OPTION_WINDOW_SCALE = 3,
    OPTION_SACK_PERMITTED = 4,
    OPTION_SACK = 5,
    OPTION_TIMESTAMPS = 8,
};

/* Reads `count` bytes of options. *out is always filled with what was understood before the first
 * error. TCP_WIRE_BAD_OPTION: a length below 2, or one that runs over the end (MUST-7).
 *
 * Of an option that comes twice the first counts. An option of a known kind with a length that is
 * not its own is skipped like an unknown one (MUST-6): its length still says where the next begins.
 * What stands behind the end-of-list octet is not looked at. Values are given as received: a window
 * scale above 14 and an MSS of 0 are the connection's matter. */
enum tcp_wire_result options_read(const uint8_t *bytes, uint32_t count, struct tcp_options *out);

/* Writes exactly tcp_wire_options_bytes() bytes: MSS, then SACK-permitted and timestamps, window
 * scale, SACK blocks, each part padded to whole words with NOPs before it, so that 32-bit fields
 * are aligned (RFC 7323 appendix A). Asserted: no more than 40 bytes, no more than four blocks. */
void options_write(const struct tcp_options *options, uint8_t *to);

#endif
