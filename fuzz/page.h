/* What a campaign counts while it runs: one page of memory that every process of a target shares, in
 * the file that FINWAIT_CAMPAIGN_PAGE names, so that a status line costs the targets nothing and what
 * was counted outlives a crash. Without that variable it is ordinary memory. */
#ifndef FINWAIT_FUZZ_PAGE_H
#define FINWAIT_FUZZ_PAGE_H

#include "trace/state_counts.h"

#define CAMPAIGN_PAGE_MAGIC UINT64_C(0x66696e7761697431)

struct campaign_page {
    uint64_t magic;
    uint64_t executions; /* inputs */
    uint64_t events;     /* causes that acted */
    uint64_t injected;   /* segments that an input sent to a connection ... */
    uint64_t acceptable; /* ... and of them, those that passed the sequence check */
    uint64_t last_hash;  /* of the trace of the last input; 0 where there is none */
    struct state_counts states;
    uint64_t host_bytes; /* of each host that the target plays on; 0 where it plays on none */
};

/* The page of this process; never NULL. */
struct campaign_page *campaign_page(void);

/* Counts without a lock: several processes count here. */
static inline void campaign_count(uint64_t *counter, uint64_t more)
{
    (void)__atomic_fetch_add(counter, more, __ATOMIC_RELAXED);
}

#endif
