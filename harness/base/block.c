#include "base/block.h"

#include <stdlib.h>
#include <string.h>

#define RUBBISH 0xa5

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

void *block_create(size_t bytes)
{
    const size_t rounded = (bytes + BLOCK_ALIGNMENT - 1) & ~(size_t)(BLOCK_ALIGNMENT - 1);
    return bytes == 0 ? NULL : aligned_alloc(BLOCK_ALIGNMENT, rounded);
}

bool block_is_guarded(void)
{
    return HAS_ADDRESS_SANITIZER;
}

void block_spoil(void *block, size_t bytes)
{
    if (!block_is_guarded()) {
        memset(block, RUBBISH, bytes);
    }
}
