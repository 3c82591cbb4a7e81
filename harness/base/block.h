/* Memory for a host or a world: a block that is aligned as both want it, and can be made useless when what
 * was in it has moved elsewhere. */
#ifndef FINWAIT_BASE_BLOCK_H
#define FINWAIT_BASE_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

#define BLOCK_ALIGNMENT 16

/* A block of so many octets, of whatever content; free() gives it back. NULL: no memory, or 0 octets. */
void *block_create(size_t bytes);

/* Under AddressSanitizer parts of a host's block are poisoned: only the stack's own copy knows how to
 * lift that, and freed memory is guarded without our help. */
bool block_is_guarded(void);

/* Writes rubbish into a block, where nothing guards it: a pointer that was kept would find that. */
void block_spoil(void *block, size_t bytes);

#endif
