#include "invariants/invariants.h"

#include "host/demux.h"
#include "tcb/timeouts.h"
#include "tcb/transition.h"

static const char *check_free_lists(const struct tcp_host *host)
{
    uint32_t free_records = 0;
    for (uint32_t slot = host->tcb_free; slot != TCB_NONE;
         slot = host_tcb_read(host, slot)->hash_next) {
        if (!host_is_free(host_tcb_read(host, slot)) || ++free_records > host->limits.connections) {
            return "the free list holds free records, each once";
        }
    }
    uint32_t used_paths = 0, used_streams = 0, used_records = 0;
    for (uint32_t slot = 0; slot < host->limits.connections; slot++) {
        const struct tcb *tcb = host_tcb_read(host, slot);
        if (host_is_free(tcb)) {
            continue;
        }
        used_records++;
        const struct tcb_path *path = host_path_read(host, tcb->path);
        used_paths += path != NULL;
        used_streams += path != NULL && path->stream != TCB_NONE;
    }
    if (used_records + free_records != host->limits.connections) {
        return "every record is free or in use";
    }
    uint32_t free_paths = 0, free_streams = 0;
    for (uint32_t i = host->path_free; i != TCB_NONE && free_paths <= host->limits.paths;
         i = host_path_read(host, i)->next_free) {
        free_paths++;
    }
    for (uint32_t i = host->stream_free; i != TCB_NONE && free_streams <= host->limits.streams;
         i = host_stream_read(host, i)->next_free) {
        free_streams++;
    }
    if (free_paths + used_paths != host->limits.paths) {
        return "every path is free or belongs to one record";
    }
    return free_streams + used_streams != host->limits.streams
               ? "every stream is free or belongs to one record"
               : NULL;
}

/* Earlier parents, and positions that lead back. */
static const char *check_heap(const struct tcp_host *host)
{
    const struct host_timer *heap = host_table_read(host, HOST_HEAP);
    for (uint32_t i = 0; i < host->timer_count; i++) {
        const struct tcb *tcb = host_tcb_read(host, heap[i].slot);
        if (tcb->heap_position != i) {
            return "heap positions lead back to their entries";
        }
        if (heap[i].deadline != tcb_deadline(tcb, host_path_read(host, tcb->path))) {
            return "the heap knows each connection's earliest deadline";
        }
        const struct host_timer *parent = &heap[i == 0 ? 0 : (i - 1) / 2];
        if (parent->deadline > heap[i].deadline ||
            (parent->deadline == heap[i].deadline && parent->order > heap[i].order)) {
            return "the heap is ordered by deadline";
        }
    }
    return NULL;
}

static const char *check_demux(const struct tcp_host *host)
{
    for (uint32_t slot = 0; slot < host->limits.connections; slot++) {
        const struct tcb *tcb = host_tcb_read(host, slot);
        if (host_is_free(tcb)) {
            continue;
        }
        if (tcb_has(tcb, TCB_HASHED) == tcb_is_dead(tcb)) {
            return "living records, and only they, are entered in the demultiplexer";
        }
        if (tcb_has(tcb, TCB_HASHED) && tcb->flow.remote.port != 0 &&
            host_demux_find(host, &tcb->flow) != slot) {
            return "the demultiplexer finds each connection by its flow";
        }
    }
    return NULL;
}

static const char *check_listeners(const struct tcp_host *host)
{
    uint32_t counted = 0, used = 0;
    for (uint32_t slot = 0; slot < host->limits.connections; slot++) {
        const struct tcb *tcb = host_tcb_read(host, slot);
        if (host_is_free(tcb)) {
            continue;
        }
        counted += tcb_has(tcb, TCB_COUNTED);
        if (tcb->state == TCB_LISTEN && !tcb_has(tcb, TCB_PASSIVE)) {
            used += tcb->backlog_used;
        }
    }
    return counted == used ? NULL : "a listener's backlog counts its children";
}

const char *invariants_of_tables(const struct tcp_host *host)
{
    const char *broken = check_free_lists(host);
    broken = broken != NULL ? broken : check_heap(host);
    broken = broken != NULL ? broken : check_demux(host);
    return broken != NULL ? broken : check_listeners(host);
}
