#include "invariants/invariants.h"

#include "host/demux.h"
#include "tcb/timeouts.h"
#include "tcb/transition.h"

static void count(struct invariants_census *census, const struct tcp_host *host,
                  const struct tcb *tcb)
{
    const struct tcb_path *path = host_path_read(host, tcb->path);
    census->records++;
    census->paths += path != NULL;
    census->streams += path != NULL && path->stream != TCB_NONE;
    census->misplaced += tcb_has(tcb, TCB_HASHED) == tcb_is_dead(tcb);
    census->flows += tcb_has(tcb, TCB_HASHED) && tcb->flow.remote.port != 0;
    census->counted += tcb_has(tcb, TCB_COUNTED);
    census->owed += tcb_has(tcb, TCB_IN_OWED);
    census->events += tcb_has(tcb, TCB_IN_EVENTS);
    census->completed += tcb_has(tcb, TCB_COMPLETED);
    census->uncounted += tcb_has(tcb, TCB_COMPLETED) && !tcb_has(tcb, TCB_COUNTED);
    if (tcb->state == TCB_LISTEN && !tcb_has(tcb, TCB_PASSIVE)) {
        census->listeners++;
        census->backlog_used += tcb->backlog_used;
    }
}

struct invariants_census invariants_census_of(const struct tcp_host *host)
{
    struct invariants_census census = {0};
    const struct tcb *tcb = host_table_read(host, HOST_TCBS);
    for (const struct tcb *end = tcb + host->limits.connections; tcb < end; tcb++) {
        if (!host_is_free(tcb)) {
            count(&census, host, tcb);
        }
    }
    return census;
}

/* How many paths stand in their free list, or TCB_NONE when it does not end. */
static uint32_t free_paths(const struct tcp_host *host)
{
    const struct tcb_path *paths = host_table_read(host, HOST_PATHS);
    const uint32_t limit = host->limits.paths;
    uint32_t count = 0, i = host->path_free;
    for (; i < limit && count <= limit; i = paths[i].next_free) {
        count++;
    }
    return i == TCB_NONE ? count : TCB_NONE;
}

static uint32_t free_streams(const struct tcp_host *host)
{
    const struct tcb_stream *streams = host_table_read(host, HOST_STREAMS);
    const uint32_t limit = host->limits.streams;
    uint32_t count = 0, i = host->stream_free;
    for (; i < limit && count <= limit; i = streams[i].next_free) {
        count++;
    }
    return i == TCB_NONE ? count : TCB_NONE;
}

static const char *check_free_lists(const struct tcp_host *host,
                                    const struct invariants_census *census)
{
    const struct tcb *records = host_table_read(host, HOST_TCBS);
    const uint32_t limit = host->limits.connections;
    uint32_t free_records = 0;
    for (uint32_t slot = host->tcb_free; slot != TCB_NONE; slot = records[slot].hash_next) {
        if (slot >= limit || !host_is_free(&records[slot]) || ++free_records > limit) {
            return "the free list holds free records, each once";
        }
    }
    if (census->records + free_records != limit) {
        return "every record is free or in use";
    }
    if (free_paths(host) + census->paths != host->limits.paths) {
        return "every path is free or belongs to one record";
    }
    return free_streams(host) + census->streams != host->limits.streams
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

/* Is the record found by its flow, if it has one? */
static bool is_found(const struct tcp_host *host, uint32_t slot)
{
    if (slot >= host->limits.connections || host_is_free(host_tcb_read(host, slot))) {
        return true;
    }
    const struct tcb *tcb = host_tcb_read(host, slot);
    return !tcb_has(tcb, TCB_HASHED) || tcb->flow.remote.port == 0 ||
           host_demux_find(host, &tcb->flow) == slot;
}

/* Records in the chains of all flows, or TCB_NONE when a chain does not end, or holds one that is not
 * flagged for it. */
static uint32_t length_of_chains(const struct tcp_host *host)
{
    const struct tcb *records = host_table_read(host, HOST_TCBS);
    const uint32_t *bucket = host_table_read(host, HOST_BUCKETS);
    const uint32_t limit = host->limits.connections;
    uint32_t chained = 0;
    for (const uint32_t *end = bucket + host->bucket_count; bucket < end; bucket++) {
        for (uint32_t slot = *bucket; slot != TCB_NONE; slot = records[slot].hash_next) {
            if (slot >= limit || !tcb_has(&records[slot], TCB_HASHED) || ++chained > limit) {
                return TCB_NONE;
            }
        }
    }
    return chained;
}

/* That a chain is the right one takes a keyed hash to say, and no record changes its place by itself:
 * asked for the record of the last step and for one other in turn. */
static const char *check_demux(const struct tcp_host *host, const struct invariants_census *census)
{
    if (census->misplaced != 0) {
        return "living records, and only they, are entered in the demultiplexer";
    }
    const uint32_t in_turn = host->last_step.number % host->limits.connections;
    return length_of_chains(host) == census->flows &&
                   is_found(host, host->last_step.connection.slot) && is_found(host, in_turn)
               ? NULL
               : "the demultiplexer finds each connection by its flow";
}

const char *invariants_of_tables(const struct tcp_host *host,
                                 const struct invariants_census *census)
{
    const char *broken = check_free_lists(host, census);
    broken = broken != NULL ? broken : check_heap(host);
    broken = broken != NULL ? broken : check_demux(host, census);
    if (broken != NULL) {
        return broken;
    }
    return census->counted == census->backlog_used ? NULL
                                                   : "a listener's backlog counts its children";
}
