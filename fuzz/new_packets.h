/* Packets made up by chance, for new_causes.c. */
#ifndef FINWAIT_FUZZ_NEW_PACKETS_H
#define FINWAIT_FUZZ_NEW_PACKETS_H

#include "causes/cause.h"
#include "chance.h"

/* `out` holds 0. */
void make_packet(struct chance *chance, struct cause_packet *out);

/* One number, flag or size. */
void change_packet(struct chance *chance, struct cause_packet *packet);

#endif
