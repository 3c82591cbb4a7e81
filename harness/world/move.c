/* Moving a host to other memory. What the run does must not change: a pointer that the stack had kept
 * would find rubbish. */
#include "world/world_state.h"

#include <stdlib.h>

#include "base/block.h"

_Static_assert(BLOCK_ALIGNMENT % WORLD_ALIGNMENT == 0 && BLOCK_ALIGNMENT % TCP_HOST_ALIGNMENT == 0,
               "a block is aligned for worlds and hosts");

void world_move(struct world *world, enum cause_host host)
{
    struct world_one *const one = &world->one[host];
    void *const to = block_create(world->host_bytes);
    if (to == NULL) {
        return; /* staying where it is changes nothing that a run can see */
    }
    void *const from = one->host;
    one->host = tcp_host_copy(to, world->host_bytes, one->host);
    block_spoil(from, world->host_bytes);
    free(one->moved);
    one->moved = to;
}
