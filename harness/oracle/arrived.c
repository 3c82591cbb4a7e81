/* A sorted list of islands beyond what is there in order. */
#include "oracle/arrived.h"

#include <string.h>

void arrived_start(struct arrived *arrived, tcp_seqno first)
{
    arrived->next = first;
    arrived->octets = 0;
    arrived->island_count = 0;
}

static void drop_islands(struct arrived *arrived, uint32_t from, uint32_t count)
{
    memmove(&arrived->islands[from], &arrived->islands[from + count],
            (arrived->island_count - from - count) * sizeof *arrived->islands);
    arrived->island_count -= count;
}

/* What is in order now reaches up to `right`; islands that this touches join it. */
static void advance(struct arrived *arrived, tcp_seqno right)
{
    uint32_t joined = 0;
    while (joined < arrived->island_count &&
           tcp_seq_at_or_before(arrived->islands[joined].left, right)) {
        right = tcp_seq_later(right, arrived->islands[joined].right);
        joined++;
    }
    drop_islands(arrived, 0, joined);
    arrived->octets += tcp_seq_distance(arrived->next, right);
    arrived->next = right;
}

static void insert_island(struct arrived *arrived, uint32_t at, struct arrived_island island)
{
    memmove(&arrived->islands[at + 1], &arrived->islands[at],
            (arrived->island_count - at) * sizeof *arrived->islands);
    arrived->islands[at] = island;
    arrived->island_count++;
}

static void add_island(struct arrived *arrived, struct arrived_island fresh)
{
    uint32_t at = 0;
    while (at < arrived->island_count && tcp_seq_before(arrived->islands[at].right, fresh.left)) {
        at++;
    }
    uint32_t end = at;
    while (end < arrived->island_count &&
           tcp_seq_at_or_before(arrived->islands[end].left, fresh.right)) {
        end++;
    }
    if (at == end && arrived->island_count < ARRIVED_ISLANDS_MAX) {
        insert_island(arrived, at, fresh);
        return;
    }
    if (at == end) { /* full: bridge the gap to a neighbour */
        at = at == arrived->island_count ? at - 1 : at;
        end = at + 1;
    }
    struct arrived_island *into = &arrived->islands[at];
    into->left = tcp_seq_earlier(into->left, fresh.left);
    into->right = tcp_seq_later(arrived->islands[end - 1].right, fresh.right);
    drop_islands(arrived, at + 1, end - at - 1);
}

void arrived_add(struct arrived *arrived, tcp_seqno left, uint32_t count)
{
    const tcp_seqno right = tcp_seq_add(left, count);
    if (count == 0 || tcp_seq_at_or_before(right, arrived->next)) {
        return;
    }
    if (tcp_seq_at_or_before(left, arrived->next)) {
        advance(arrived, right);
    } else if (tcp_seq_distance(arrived->next, left) <= ARRIVED_AHEAD_MAX) {
        add_island(arrived, (struct arrived_island){left, right});
    }
}
