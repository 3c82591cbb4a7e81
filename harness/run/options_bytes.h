/* A script's option list as octets, in the script's order. */
#ifndef FINWAIT_RUN_OPTIONS_BYTES_H
#define FINWAIT_RUN_OPTIONS_BYTES_H

#include "run/runner.h"

/* More than a header can hold, so that what is too long is found and not overrun. */
#define OPTIONS_BYTES_ROOM 256

/* The options of a packet, not padded. SACK blocks count in the numbers of the side that receives the
 * packet. `mask` (or NULL) is 0 where any octet will do: values written as `...`, and the first TS val
 * of the stack. Problem set when they do not fit into a header. */
bool options_bytes(struct run *run, const struct connection *connection,
                   const struct scenario_tcp *tcp, enum scenario_direction direction,
                   uint8_t out[OPTIONS_BYTES_ROOM], uint8_t mask[OPTIONS_BYTES_ROOM],
                   size_t *count);

#endif
