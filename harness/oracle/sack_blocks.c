/* W25: what SACK blocks may say. */
#include "oracle/oracle_table.h"

/* Did all of it arrive beyond what is in order? Islands that were bridged err on the lax side. */
static bool has_arrived(const struct arrived *arrived, const struct tcp_sack_block *block)
{
    for (uint32_t i = 0; i < arrived->island_count; i++) {
        if (tcp_seq_at_or_before(arrived->islands[i].left, block->left) &&
            tcp_seq_at_or_before(block->right, arrived->islands[i].right)) {
            return true;
        }
    }
    return tcp_seq_at_or_before(block->right, arrived->next);
}

static bool are_apart(const struct tcp_sack_block *a, const struct tcp_sack_block *b)
{
    return tcp_seq_at_or_before(a->right, b->left) || tcp_seq_at_or_before(b->right, a->left);
}

/* RFC 2883: the first block may repeat octets below the ACK, or that lie in the second block. */
static bool is_duplicate_report(const struct tcp_segment *segment)
{
    const struct tcp_sack_block *blocks = segment->options.sack;
    return tcp_seq_at_or_before(blocks[0].right, segment->ack) ||
           (segment->options.sack_count > 1 &&
            tcp_seq_at_or_before(blocks[1].left, blocks[0].left) &&
            tcp_seq_at_or_before(blocks[0].right, blocks[1].right));
}

static const char *find_fault(const struct flow_life *life, const struct tcp_segment *segment)
{
    const struct tcp_sack_block *blocks = segment->options.sack;
    const uint8_t first = is_duplicate_report(segment) ? 1 : 0;
    for (uint8_t i = 0; i < segment->options.sack_count; i++) {
        if (!tcp_seq_before(blocks[i].left, blocks[i].right)) {
            return "an empty block";
        }
        if (!has_arrived(&life->inbound->all, &blocks[i])) {
            return "a block of octets that did not arrive";
        }
        if (i >= first && !tcp_seq_after(blocks[i].left, segment->ack)) {
            return "a block at or below the ACK field";
        }
        for (uint8_t k = first; k < i; k++) {
            if (!are_apart(&blocks[i], &blocks[k])) {
                return "blocks that overlap";
            }
        }
    }
    return NULL;
}

static void observe(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (segment->options.sack_count == 0 || life->inbound == NULL ||
        !tcp_segment_has(segment, TCP_FLAG_ACK) || tcp_segment_has(segment, TCP_FLAG_RST)) {
        return;
    }
    const char *fault = find_fault(life, segment);
    if (!oracle_holds(watch, fault == NULL)) {
        oracle_fire(watch, "%s, with ACK %u", fault, segment->ack.raw);
    }
}

const struct oracle oracle_sack_blocks_sound = {
    .description =
        {
            .id = "W25",
            .name = "sack-blocks-sound",
            .level = ORACLE_MUST,
            .cost = ORACLE_COST_RANGES,
            .reference = "RFC 2018 3, 4; RFC 2883 4",
            .statement = "SACK blocks are of octets that arrived, apart from one another and above "
                         "the ACK field (the first may report a duplicate).",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe,
};
