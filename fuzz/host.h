/* A host to start each input from: made once, then copied. */
#ifndef FINWAIT_FUZZ_HOST_H
#define FINWAIT_FUZZ_HOST_H

#include "tcp/host.h"

#define HOST_START_US UINT64_C(1000000000)

struct start_host {
    struct tcp_host *host; /* as every input finds it */
    void *block;           /* where the copies live */
    size_t block_bytes;
};

/* Makes it; `config` NULL: profile rfc. Not being able to is a finding. */
void start_host_make(struct start_host *start, const struct tcp_limits *limits,
                     const struct tcp_config *config);

/* The copy that this input may change; the one before is gone. */
struct tcp_host *start_host_copy(struct start_host *start);

#endif
