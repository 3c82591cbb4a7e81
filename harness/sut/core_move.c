/* Moving the host. A relocating run does it after every step: by a plain copy of the block and by
 * tcp_host_copy() in turn. The old block is overwritten before it is freed, so a pointer that the
 * stack had kept would find rubbish. What the run does must not change. */
#include "sut/core.h"

#include <stdlib.h>
#include <string.h>

#include "base/block.h"

static struct tcp_host *copy(struct sut_instance *instance, void *to)
{
    if (block_is_guarded() || instance->moves % 2 == 0)
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
    void *to = block_create(instance->block_bytes);
    if (to == NULL)
        return; /* staying where it is changes nothing that a run can see */
    block_spoil(to, instance->block_bytes);
    struct tcp_host *moved = copy(instance, to);
    instance->moves++;
    block_spoil(instance->block, instance->block_bytes);
    free(instance->block);
    instance->block = to;
    instance->host = moved;
}
