/* Moving the host. A relocating run does it after every step: by a plain copy of the block and by
 * tcp_host_copy() in turn. The old block is overwritten before it is freed, so a pointer that the
 * stack had kept would find rubbish. What the run does must not change. */
#include "sut/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER 1
#endif
#endif
#ifndef HAS_ADDRESS_SANITIZER
#define HAS_ADDRESS_SANITIZER 0
#endif

#define RUBBISH 0xa5

void *core_block_create(size_t bytes)
{
    const size_t rounded = (bytes + TCP_HOST_ALIGNMENT - 1) & ~(size_t)(TCP_HOST_ALIGNMENT - 1);
    return aligned_alloc(TCP_HOST_ALIGNMENT, rounded);
}

/* Under AddressSanitizer parts of the block are poisoned: only the stack's own copy knows how to
 * lift that, and freed memory is guarded without our help. */
static struct tcp_host *copy(struct sut_instance *instance, void *to)
{
    if (HAS_ADDRESS_SANITIZER || instance->moves % 2 == 0)
        return tcp_host_copy(to, instance->block_bytes, instance->host);
    const size_t offset =
        (size_t)((const uint8_t *)instance->host - (const uint8_t *)instance->block);
    memcpy(to, instance->block, instance->block_bytes);
    return (struct tcp_host *)(void *)((uint8_t *)to + offset);
}

void core_move(struct sut_instance *instance)
{
    if (!instance->relocate)
        return;
    void *to = core_block_create(instance->block_bytes);
    if (to == NULL)
        return; /* staying where it is changes nothing that a run can see */
    if (!HAS_ADDRESS_SANITIZER)
        memset(to, RUBBISH, instance->block_bytes);
    struct tcp_host *moved = copy(instance, to);
    instance->moves++;
    if (!HAS_ADDRESS_SANITIZER)
        memset(instance->block, RUBBISH, instance->block_bytes);
    free(instance->block);
    instance->block = to;
    instance->host = moved;
}
