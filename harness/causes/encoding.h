/* Lists of causes as octets, for fuzzing engines to change. An input is a head of eight octets and
 * records, whose lengths are multiples of eight and follow from the opcode alone: so a changed octet
 * changes one field, and a changed opcode leaves what follows in step. README.md has the layout. */
#ifndef FINWAIT_CAUSES_ENCODING_H
#define FINWAIT_CAUSES_ENCODING_H

#include "causes/cause.h"

#define CAUSE_ENCODING_VERSION 1
#define CAUSE_HEAD_BYTES       8
#define CAUSE_RECORD_BYTES_MAX 80

/* Reads any input. The causes go into `room`, at most `room_count` of them; what comes behind is not
 * read. An unknown version is read as the current one, and a last record that is cut as if 0 followed.
 * Every cause is normal, as cause_normalise() makes it. Takes no other memory. */
void cause_decode(const uint8_t *bytes, size_t count, struct cause *room, size_t room_count,
                  struct cause_list *out);

/* Writes a list in its canonical form and returns how long that is; CAUSE_HEAD_BYTES +
 * list->count * CAUSE_RECORD_BYTES_MAX is always enough. When `room` is smaller than that form, its
 * contents are of no use. The list is written as cause_list_normalise() would leave it. */
size_t cause_encode(const struct cause_list *list, struct tcp_room room);

/* Folds what a cause cannot mean into what it can: indexes and enumerations modulo their tables, sizes
 * and times to their bounds, and 0 into every member that the kind does not use. A mutator may write
 * any value into any member and then call this. */
void cause_normalise(struct cause *cause, const struct cause_start *start);
/* The same for the start and every cause; a packet is joined only to a packet of the same host, and what
 * one host cannot have (edits of the network) goes. */
void cause_list_normalise(struct cause_list *list);

/* Do they mean the same? */
bool cause_same(const struct cause *a, const struct cause *b);
bool cause_list_same(const struct cause_list *a, const struct cause_list *b);

/* The index of a label that names a target in text: 5 of "c5" and of "fd5". False: it is none. */
bool cause_label_index(const char *label, uint8_t *out);

/* Prologues by index: 0 is "", the host that has just begun. NULL beyond the table. */
#define CAUSE_PROLOGUE_COUNT 11
const char *cause_prologue_name(uint8_t prologue);

#endif
