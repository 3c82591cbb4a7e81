/* Numbers said in another way that means the same: from the nearest variable of the connection, and times
 * from the next deadline. Seeds that say them so still mean something when an engine has changed what is
 * before. */
#include "world/world_state.h"

#define NEAR_DEADLINE_US 1000 /* closer to it than this, a wait is about the deadline */

static int64_t size_of(int32_t offset)
{
    return offset < 0 ? -(int64_t)offset : offset;
}

/* The nearest of the bases that fit; of several at one place the first. */
static void relate_number(const struct world_numbers *numbers, const uint8_t *bases, size_t count,
                          struct cause_number *number)
{
    const tcp_seqno meant = world_number(numbers, number);
    struct cause_number best = *number;
    bool has_best = false;
    for (size_t i = 0; i < count; i++) {
        struct cause_number other = {.base = bases[i]};
        other.offset = (int32_t)(meant.raw - world_number(numbers, &other).raw);
        if (!has_best || size_of(other.offset) < size_of(best.offset)) {
            best = other;
            has_best = true;
        }
    }
    *number = best;
}

/* What the peer sends, and what it has of ours. */
static void relate_theirs(const struct world_numbers *numbers, struct cause_number *number)
{
    static const uint8_t bases[] = {SCENARIO_BASE_RCV_NXT, SCENARIO_BASE_RCV_EDGE,
                                    SCENARIO_BASE_IRS};
    relate_number(numbers, bases, sizeof bases, number);
}

static void relate_ours(const struct world_numbers *numbers, struct cause_number *number)
{
    static const uint8_t bases[] = {SCENARIO_BASE_SND_NXT, SCENARIO_BASE_SND_UNA,
                                    SCENARIO_BASE_SND_EDGE, SCENARIO_BASE_ISS};
    relate_number(numbers, bases, sizeof bases, number);
}

/* Without a record every base is 0, and a literal says it best. */
static bool look_at(struct world *world, struct world_one *one, const struct cause_target *target,
                    struct world_numbers *out, enum tcb_state *state)
{
    struct tcp_status status;
    world_look_at(world, one, target, out);
    const bool is_there =
        tcp_host_look(one->host, tcp_host_find(one->host, &out->flow), &status) == TCP_OK;
    *state = is_there ? status.state : TCB_CLOSED;
    return is_there;
}

static void relate_packet(struct world *world, struct world_one *one, struct cause_packet *packet)
{
    struct world_numbers numbers;
    enum tcb_state state;
    if (!look_at(world, one, &packet->from, &numbers, &state)) {
        return;
    }
    if (state != TCB_SYN_SENT) { /* it knows no number of the peer's yet */
        relate_theirs(&numbers, &packet->seq);
    }
    if ((packet->flags & TCP_FLAG_ACK) != 0) {
        relate_ours(&numbers, &packet->ack);
    }
    for (uint8_t i = 0; i < packet->sack_count; i++) {
        relate_ours(&numbers, &packet->sack[i].left);
        relate_ours(&numbers, &packet->sack[i].right);
    }
}

static void relate_wait(struct world *world, enum cause_host host, struct cause_wait *wait)
{
    if (wait->kind != CAUSE_WAIT_FOR || wait->us == 0) {
        return;
    }
    world_reach(world, world->now, true); /* as the wait itself begins */
    const tcp_time due = world_deadline(world, host);
    const uint64_t until_us = world->now.us + (uint64_t)wait->us;
    const int64_t late_us = (int64_t)(until_us - due.us);
    if (due.us != UINT64_MAX && late_us > -NEAR_DEADLINE_US && late_us < NEAR_DEADLINE_US) {
        *wait = (struct cause_wait){.kind = CAUSE_WAIT_DEADLINE, .us = late_us};
    }
}

void world_relate(struct world *world, struct cause *cause)
{
    struct world_one *const one = &world->one[cause->host < world->start.hosts ? cause->host : 0];
    struct world_numbers numbers;
    enum tcb_state state;
    switch ((enum cause_kind)cause->kind) {
    case CAUSE_WAIT:
        world_end_batches(world, cause);
        relate_wait(world, world_place(world, one), &cause->as.wait);
        return;
    case CAUSE_PACKET:
        world_end_batches(world, cause);
        relate_packet(world, one, &cause->as.packet);
        return;
    case CAUSE_ICMP:
        world_end_batches(world, cause);
        if (look_at(world, one, &cause->as.icmp.about, &numbers, &state)) {
            relate_ours(&numbers, &cause->as.icmp.quoted_seq);
        }
        return;
    case CAUSE_CALL:
    case CAUSE_SET:
    case CAUSE_EDIT:
        return;
    }
}
