/* The adapter of our own stack, inside: one host in a block of memory, what it has to tell, and the
 * calls that block. Shared by the core_*.c files only. */
#ifndef FINWAIT_SUT_CORE_H
#define FINWAIT_SUT_CORE_H

#include "sut/sut.h"
#include "tcp/socket.h"

/* A call that blocks: which operation of the socket layer it became, and the caller's memory. */
struct core_pending {
    uint32_t operation; /* 0: free */
    uint32_t cookie;
    uint8_t *bytes;
    size_t count;
};

/* The flow that a record was last seen with, for what is told after the record is gone. */
struct core_flow {
    tcp_handle connection;
    struct tcp_flow flow;
};

struct sut_instance {
    struct tcp_host *host;
    void *block;
    size_t block_bytes;
    struct tcp_address local_address;
    bool has_local_address;
    bool relocate;
    uint32_t moves;
    uint32_t step_number; /* of the last step that was reported */

    struct sut_report *reports; /* a queue: [reports_first, reports_end) */
    size_t reports_first, reports_end, reports_capacity;

    struct core_pending *pending; /* one for each operation that the host can hold */
    uint32_t pending_limit;
    uint32_t pending_count;
    struct core_flow *flows; /* one for each record that the host can hold */
    uint32_t flow_limit;
};

/* core_call.c: one call, and the end of those that block. */
struct sut_result core_call(struct sut_instance *instance, tcp_time now,
                            const struct sut_call *call);
/* core_tcp.c: RFC 9293's own calls. */
struct sut_result core_tcp_call(struct sut_instance *instance, tcp_time now,
                                const struct sut_call *call);
/* Goes on with blocked calls until one of them ends or none can go on. True: *out is its end. */
bool core_resume(struct sut_instance *instance, tcp_time now, struct sut_result *out);

/* core_report.c: what the stack did. `packet` is the cause, when it was one, else NULL. */
void core_note_step(struct sut_instance *instance, const uint8_t *packet, size_t count);
bool core_poll(struct sut_instance *instance, tcp_time now, struct sut_report *out);

/* core_move.c: after every step of a relocating run, the host goes to fresh memory. */
void core_move(struct sut_instance *instance);

#endif
