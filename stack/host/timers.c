#include "host/timers.h"

static struct host_timer *heap_of(struct tcp_host *host)
{
    return host_table(host, HOST_HEAP);
}

static bool is_earlier(const struct host_timer *a, const struct host_timer *b)
{
    return a->deadline < b->deadline || (a->deadline == b->deadline && a->order < b->order);
}

static void place(struct tcp_host *host, uint32_t position, struct host_timer timer)
{
    heap_of(host)[position] = timer;
    host_tcb(host, timer.slot)->heap_position = position;
}

static void sift_up(struct tcp_host *host, uint32_t position)
{
    struct host_timer *heap = heap_of(host);
    const struct host_timer timer = heap[position];
    while (position > 0 && is_earlier(&timer, &heap[(position - 1) / 2])) {
        place(host, position, heap[(position - 1) / 2]);
        position = (position - 1) / 2;
    }
    place(host, position, timer);
}

static void sift_down(struct tcp_host *host, uint32_t position)
{
    struct host_timer *heap = heap_of(host);
    const struct host_timer timer = heap[position];
    for (;;) { /* ends at a leaf: the position doubles each time */
        uint32_t child = 2 * position + 1;
        if (child >= host->timer_count) {
            break;
        }
        if (child + 1 < host->timer_count && is_earlier(&heap[child + 1], &heap[child])) {
            child++;
        }
        if (!is_earlier(&heap[child], &timer)) {
            break;
        }
        place(host, position, heap[child]);
        position = child;
    }
    place(host, position, timer);
}

static void take_out(struct tcp_host *host, struct tcb *tcb)
{
    const uint32_t position = tcb->heap_position;
    tcb->heap_position = TCB_NONE;
    host->timer_count--;
    const struct host_timer last = heap_of(host)[host->timer_count];
    heap_of(host)[host->timer_count] = (struct host_timer){0};
    if (position != host->timer_count) {
        place(host, position, last);
        sift_up(host, position);
        sift_down(host, host_tcb(host, last.slot)->heap_position);
    }
}

void host_timer_set(struct tcp_host *host, struct tcb *tcb, uint64_t deadline)
{
    const bool is_armed = tcb->heap_position != TCB_NONE;
    if (is_armed && heap_of(host)[tcb->heap_position].deadline == deadline) {
        return;
    }
    if (is_armed) {
        take_out(host, tcb);
    }
    if (deadline == TCB_NEVER) {
        return;
    }
    TCP_ASSERT(host->timer_count < host->limits.connections);
    const struct host_timer timer = {
        .deadline = deadline,
        .order = host->timer_order++,
        .slot = host_slot_of(host, tcb),
    };
    place(host, host->timer_count, timer);
    host->timer_count++;
    sift_up(host, host->timer_count - 1);
}

uint64_t host_timer_first(const struct tcp_host *host, uint32_t *slot)
{
    if (host->timer_count == 0) {
        return TCB_NEVER;
    }
    const struct host_timer *heap = host_table_read(host, HOST_HEAP);
    *slot = heap[0].slot;
    return heap[0].deadline;
}
