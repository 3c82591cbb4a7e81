/* L01: an exchange that takes no time must end. Packets that carry new octets are bounded by windows
 * and buffers, and so are those of a flight that goes again but for its first; all others, by what was given
 * and called at that instant. */
#include "oracle/oracle_table.h"

#define PACKETS_FREE      1024 /* a burst of what is sent again, and timers of many connections */
#define PACKETS_PER_CAUSE 256

struct instant {
    tcp_time at;
    uint64_t causes;
    uint64_t packets; /* sent with nothing new in them */
    bool has_fired;
};

static bool carries_new_octets(const struct flow_view *view)
{
    return view->life != NULL && tcp_seq_after(view->end, view->life->snd_max);
}

/* What was outstanding may have to go again in segments of a few octets each, where the path has become narrow. */
static bool goes_on_with_flight(const struct flow_view *view)
{
    return view->life != NULL && view->segment->payload_bytes > 0 &&
           tcp_seq_equal(view->segment->seq, view->life->last_end);
}

static void observe(void *state, struct oracle_watch *watch)
{
    struct instant *instant = state;
    if (watch->record->at.us != instant->at.us) {
        *instant = (struct instant){.at = watch->record->at};
    }
    if (watch->record->kind != TRACE_PACKET || watch->record->as.packet.direction == TRACE_TO_SUT) {
        instant->causes++;
        return;
    }
    if (carries_new_octets(watch->view) || goes_on_with_flight(watch->view)) {
        return;
    }
    instant->packets++;
    const uint64_t limit = PACKETS_FREE + instant->causes * PACKETS_PER_CAUSE;
    if (!oracle_holds(watch, instant->packets <= limit) && !instant->has_fired) {
        instant->has_fired = true;
        oracle_fire(watch, "%llu packets with nothing new at one instant, for %llu causes",
                    (unsigned long long)instant->packets, (unsigned long long)instant->causes);
    }
}

const struct oracle oracle_instant_ends = {
    .description =
        {
            .id = "L01",
            .name = "instant-ends",
            .level = ORACLE_OURS,
            .reference = "RFC 9293 3.8.1",
            .statement = "What is sent without new octets at one instant is bounded by the causes "
                         "of that instant: an exchange that takes no time ends.",
        },
    .sees = ORACLE_SEES_GIVEN | ORACLE_SEES_CALL | ORACLE_SEES_SENT,
    .state_bytes = sizeof(struct instant),
    .observe = observe,
};
