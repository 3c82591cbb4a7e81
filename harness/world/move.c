/* Moving a host to other memory. What the run does must not change: a pointer that the stack had kept
 * would find rubbish. */
#include "world/world_state.h"

#include <stdlib.h>
#include <string.h>

#define RUBBISH 0xa5

/* Under AddressSanitizer parts of the block are poisoned; the stack's own copy knows how to lift that, and
 * what is freed is guarded without our help. */
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

void world_move(struct world *world, enum cause_host host)
{
    struct world_one *const one = &world->one[host];
    const size_t rounded =
        (world->host_bytes + TCP_HOST_ALIGNMENT - 1) & ~(size_t)(TCP_HOST_ALIGNMENT - 1);
    void *const to = aligned_alloc(TCP_HOST_ALIGNMENT, rounded);
    if (to == NULL) {
        return; /* staying where it is changes nothing that a run can see */
    }
    void *const from = one->host;
    one->host = tcp_host_copy(to, world->host_bytes, one->host);
    if (!HAS_ADDRESS_SANITIZER) {
        memset(from, RUBBISH, world->host_bytes);
    }
    free(one->moved);
    one->moved = to;
}
