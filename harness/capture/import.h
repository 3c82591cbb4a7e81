/* A flow of a capture as a script: what the remote end sent is injected, what the local end's
 * application must have called is inferred from what the local end sent, and what the stack under test
 * sends is left out: bless.h fills it in. */
#ifndef FINWAIT_CAPTURE_IMPORT_H
#define FINWAIT_CAPTURE_IMPORT_H

#include "base/text.h"
#include "capture/flows.h"
#include "capture/packet.h"

/* Packets of a flow that are imported; a script of more would not be read by anybody. */
#define IMPORT_PACKETS_MAX 20000

enum import_side {
    IMPORT_ACCEPTOR, /* the end that was called is local */
    IMPORT_OPENER,
};

/* One flow being gathered. */
struct import;

/* The flow of that number, as audit counts them. */
struct import *import_create(uint64_t flow, struct arena *arena);

/* The next packet of the capture, one that is CAPTURE_TCP. */
void import_packet(struct import *import, tcp_time at, const struct capture_packet *packet);

/* The ends of the flow; NULL when there was no such flow. */
const struct capture_flow *import_flow(const struct import *import);
uint64_t import_flows(const struct import *import); /* in the capture */

/* Adds the script, `name` being the capture's; false, with a complaint, when the flow cannot be
 * imported. `notes` gets what was left out. */
bool import_write(const struct import *import, enum import_side side, const char *name,
                  struct text *out, struct text *notes);

#endif
