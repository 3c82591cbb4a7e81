#include "host/slots.h"

#include <string.h>

#include "host/fifo.h"
#include "tcb/open.h"
#include "tcb/transition.h"

void host_thread_free_lists(struct tcp_host *host)
{
    const struct tcp_limits *limits = &host->limits;
    for (uint32_t slot = 0; slot < limits->connections; slot++) {
        host_tcb(host, slot)->hash_next = slot + 1 < limits->connections ? slot + 1 : TCB_NONE;
    }
    for (uint32_t path = 0; path < limits->paths; path++) {
        host_path(host, path)->next_free = path + 1 < limits->paths ? path + 1 : TCB_NONE;
    }
    for (uint32_t stream = 0; stream < limits->streams; stream++) {
        host_stream(host, stream)->next_free = stream + 1 < limits->streams ? stream + 1 : TCB_NONE;
    }
    host->tcb_free = 0;
    host->path_free = limits->paths > 0 ? 0 : TCB_NONE;
    host->stream_free = limits->streams > 0 ? 0 : TCB_NONE;
}

static void give_up_oldest_event(struct tcp_host *host)
{
    uint32_t slot = host->events.first;
    while (slot != TCB_NONE && host->tcb_free == TCB_NONE) {
        struct tcb *tcb = host_tcb(host, slot);
        const uint32_t next = tcb->event_next;
        if (tcb_is_dead(tcb) && !tcb_has(tcb, TCB_OWNED | TCB_IN_OWED)) {
            host_fifo_remove_event(host, slot);
            host_try_free(host, tcb);
        }
        slot = next;
    }
}

struct tcb *host_take_tcb(struct tcp_host *host)
{
    if (host->tcb_free == TCB_NONE) {
        give_up_oldest_event(host);
    }
    if (host->tcb_free == TCB_NONE) {
        host_count(&host->counters.connections_full);
        return NULL;
    }
    struct tcb *tcb = host_tcb(host, host->tcb_free);
    TCP_ASSERT(host_is_free(tcb));
    host->tcb_free = tcb->hash_next;
    const uint32_t generation = tcb->generation + 1; /* odd: in use */
    memset(tcb, 0, sizeof *tcb);
    tcb->generation = generation;
    tcb->retransmit_at = tcb->lifetime_at = TCB_NEVER;
    tcb->hash_next = tcb->owed_next = tcb->event_next = TCB_NONE;
    tcb->listener = tcb->sibling = tcb->path = tcb->heap_position = TCB_NONE;
    return tcb;
}

void host_try_free(struct tcp_host *host, struct tcb *tcb)
{
    if (host_is_free(tcb) || !tcb_is_dead(tcb) ||
        tcb_has(tcb, TCB_OWNED | TCB_IN_OWED | TCB_IN_EVENTS)) {
        return;
    }
    host_detach_path(host, tcb);
    const uint32_t generation = tcb->generation + 1; /* even: free, and every handle is stale */
    memset(tcb, 0, sizeof *tcb);
    tcb->generation = generation;
    tcb->hash_next = host->tcb_free;
    host->tcb_free = host_slot_of(host, tcb);
}

bool host_attach_path(struct tcp_host *host, struct tcb *tcb)
{
    if (tcb->path != TCB_NONE) {
        return true;
    }
    const uint32_t index = host->path_free;
    if (index == TCB_NONE) {
        host_count(&host->counters.paths_full);
        return false;
    }
    struct tcb_path *path = host_path(host, index);
    host->path_free = path->next_free;
    memset(path, 0, sizeof *path);
    tcb_path_init(path, &host->config);
    path->last_ack = tcb->rcv_nxt;
    path->timestamp_at = host->now;
    tcb->path = index;
    return true;
}

void host_detach_path(struct tcp_host *host, struct tcb *tcb)
{
    if (tcb->path == TCB_NONE) {
        return;
    }
    host_detach_stream(host, tcb);
    struct tcb_path *path = host_path(host, tcb->path);
    memset(path, 0, sizeof *path);
    path->next_free = host->path_free;
    host->path_free = tcb->path;
    tcb->path = TCB_NONE;
}

bool host_attach_stream(struct tcp_host *host, struct tcb *tcb)
{
    struct tcb_path *path = host_path(host, tcb->path);
    TCP_ASSERT(path != NULL);
    if (path->stream != TCB_NONE) {
        return true;
    }
    const uint32_t index = host->stream_free;
    if (index == TCB_NONE) {
        return false;
    }
    struct tcb_stream *stream = host_stream(host, index);
    host->stream_free = stream->next_free;
    memset(stream, 0, sizeof *stream);
    ring_init(&stream->send, host->limits.send_buffer_bytes);
    receive_buffer_init(&stream->receive, host->limits.receive_buffer_bytes, host->limits.islands);
    stream->is_used = 1;
    host_expose_buffers(host, index);
    path->stream = index;
    return true;
}

void host_detach_stream(struct tcp_host *host, struct tcb *tcb)
{
    struct tcb_path *path = host_path(host, tcb->path);
    if (path == NULL || path->stream == TCB_NONE) {
        return;
    }
    struct tcb_stream *stream = host_stream(host, path->stream);
    memset(stream, 0, sizeof *stream);
    stream->next_free = host->stream_free;
    host_hide_buffers(host, path->stream);
    host->stream_free = path->stream;
    path->stream = TCB_NONE;
}
