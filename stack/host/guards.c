/* Guards against our own overruns. AddressSanitizer cannot see one table run into the next inside a
 * single block, so the gaps between tables carry a pattern that tcp_host_check() looks at, and under
 * ASan they and the buffers of free streams are poisoned. */
#include "host/block.h"

#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HOST_HAS_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HOST_HAS_ASAN 1
#endif

#ifdef HOST_HAS_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(at, bytes)   __asan_poison_memory_region((at), (bytes))
#define UNPOISON(at, bytes) __asan_unpoison_memory_region((at), (bytes))
#define IS_POISONED(at)     __asan_address_is_poisoned(at)
#define WITHOUT_ASAN        __attribute__((no_sanitize_address))
#else
#define POISON(at, bytes)   ((void)(at), (void)(bytes))
#define UNPOISON(at, bytes) ((void)(at), (void)(bytes))
#define IS_POISONED(at)     ((void)(at), true)
#define WITHOUT_ASAN
#endif

#define GUARD_WORD (UINT64_C(0x0101010101010101) * HOST_GUARD_FILL)
_Static_assert(HOST_GUARD_BYTES == 2 * sizeof(uint64_t), "a gap is two words");

/* The gap in front of a table; the last one is behind the last table. */
WITHOUT_ASAN static uint64_t gap_at(const struct tcp_host *host, uint32_t gap)
{
    return (gap < HOST_TABLE_COUNT ? host->table_at[gap] : host->block_bytes) - HOST_GUARD_BYTES;
}

static void *send_bytes(struct tcp_host *host, uint32_t stream)
{
    return (uint8_t *)host_table(host, HOST_SEND_BYTES) +
           (size_t)stream * host->limits.send_buffer_bytes;
}

static void *receive_bytes(struct tcp_host *host, uint32_t stream)
{
    return (uint8_t *)host_table(host, HOST_RECEIVE_BYTES) +
           (size_t)stream * host->limits.receive_buffer_bytes;
}

void host_expose_buffers(struct tcp_host *host, uint32_t stream)
{
    UNPOISON(send_bytes(host, stream), host->limits.send_buffer_bytes);
    UNPOISON(receive_bytes(host, stream), host->limits.receive_buffer_bytes);
}

/* A buffer with poison at both ends is hidden already: most are, when a host is copied over another. */
static void hide(const uint8_t *at, uint32_t bytes)
{
    if (bytes > 0 && !(IS_POISONED(at) && IS_POISONED(at + bytes - 1))) {
        POISON(at, bytes);
    }
}

void host_hide_buffers(struct tcp_host *host, uint32_t stream)
{
    hide(send_bytes(host, stream), host->limits.send_buffer_bytes);
    hide(receive_bytes(host, stream), host->limits.receive_buffer_bytes);
}

void host_expose_all(const void *block, size_t bytes)
{
    UNPOISON(block, bytes);
}

/* Writes where it is poisoned already, when the block held a host before. */
WITHOUT_ASAN static void lay_guard(struct tcp_host *host, uint32_t gap)
{
    uint64_t *words = (void *)((uint8_t *)host + gap_at(host, gap));
    words[0] = words[1] = GUARD_WORD;
    POISON(words, HOST_GUARD_BYTES);
}

void host_lay_guards(struct tcp_host *host)
{
    for (uint32_t gap = 0; gap <= HOST_TABLE_COUNT; gap++) {
        lay_guard(host, gap);
    }
    for (uint32_t stream = 0; stream < host->limits.streams; stream++) {
        if (!host_stream(host, stream)->is_used) {
            host_hide_buffers(host, stream);
        }
    }
}

/* Reads what is poisoned, which nothing else may. */
WITHOUT_ASAN bool host_guards_are_intact(const struct tcp_host *host)
{
    uint64_t difference = 0;
    for (uint32_t gap = 0; gap <= HOST_TABLE_COUNT; gap++) {
        const uint64_t *words = (const void *)((const uint8_t *)host + gap_at(host, gap));
        difference |= (words[0] ^ GUARD_WORD) | (words[1] ^ GUARD_WORD);
    }
    return difference == 0;
}
