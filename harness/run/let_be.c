/* A run that is held against oracles alone. The causes of the script act at their times; what the
 * script expects is let be: time passes as it would, numbers and labels are learned from the SYNs that
 * it names, and nothing is compared. So what fires, fires without any help of the script. */
#include "run/expect.h"

bool run_judges_script(const struct run *run)
{
    return run->options->oracles == NULL && run->mode != RUN_CAUSES;
}

bool run_lets_be(const struct run *run)
{
    return !run_judges_script(run) && !run->problem.is_set;
}

/* What waits first; for a SYN, the first SYN: others before it were not expected. */
static struct trace_record *take_for(struct run *run, const struct scenario_packet *packet)
{
    const bool wants_syn = (packet->as.tcp.flags & TCP_FLAG_SYN) != 0;
    for (size_t i = 0; wants_syn && expect_waiting(run, i) != NULL; i++) {
        if (tcp_segment_has(&expect_waiting(run, i)->as.packet.segment, TCP_FLAG_SYN)) {
            for (; i > 0; i--) {
                expect_take(run);
            }
            break;
        }
    }
    struct trace_record *const record = expect_waiting(run, 0);
    if (record != NULL) {
        expect_take(run);
    }
    return record;
}

static bool learn(struct run *run, const struct scenario_event *event, struct trace_record *record)
{
    const struct trace_packet *const live = &record->as.packet;
    struct comparison comparison = {.event = event, .packet = event->as.packet, .live = live};
    if (live->incarnation >= run->connection_count ||
        !tcp_segment_has(&live->segment, TCP_FLAG_SYN)) {
        return true;
    }
    comparison.connection = run->connections[live->incarnation];
    if (!expect_connection(run, &comparison)) {
        return false;
    }
    expect_learn(run, &comparison);
    return true;
}

static bool let_packet_be(struct run *run, const struct scenario_event *event, tcp_time from,
                          tcp_time to)
{
    if (!timeline_reach(run, from, true, false) ||
        !timeline_reach(run, expect_latest(run, to), true, true)) {
        return false;
    }
    struct trace_record *const record = take_for(run, event->as.packet);
    run->last_event = run->now;
    if (record == NULL) {
        return true;
    }
    run->last_event = record->at.us > from.us ? record->at : from;
    expect_mark(run, record, event);
    return learn(run, event, record);
}

static bool let_time_pass(struct run *run, tcp_time until)
{
    run->last_event = until;
    return timeline_reach(run, until, false, false);
}

bool let_be(struct run *run, const struct scenario_event *event, tcp_time from, tcp_time to)
{
    const struct scenario_event *group = event;
    switch (event->kind) {
    case SCENARIO_PACKET:
        return let_packet_be(run, event, from, to);
    case SCENARIO_ONE_OF:
        group = &event->as.group.items[0];
        break;
    case SCENARIO_ANY_ORDER:
        break;
    case SCENARIO_QUIET:
        return let_time_pass(run, (tcp_time){from.us + (uint64_t)event->as.quiet_us});
    case SCENARIO_ASSERT:
        return let_time_pass(run, from);
    case SCENARIO_CALL:
    case SCENARIO_SET:
    case SCENARIO_BATCH:
    case SCENARIO_COMMAND:
    case SCENARIO_CODE:
    case SCENARIO_WAIT:
    case SCENARIO_EDIT:
    case SCENARIO_ALTERNATIVE:
        return true;
    }
    for (size_t i = 0; i < group->as.group.count; i++) {
        if (!let_packet_be(run, &group->as.group.items[i], from, to)) {
            return false;
        }
    }
    return true;
}
