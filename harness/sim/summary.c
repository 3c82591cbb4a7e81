/* Adding up and printing what was exercised. */
#include "sim/summary.h"

#include "base/text.h"
#include "tcp/socket.h"

#include <inttypes.h>
#include <string.h>

static uint64_t place_of(uint64_t number, uint64_t a_place)
{
    return number / a_place < SIM_PLACES ? number / a_place : SIM_PLACES - 1;
}

const char *sim_cut_name(enum sim_cut cut)
{
    switch (cut) {
    case SIM_CUT_RECORDS:
        return "too many packets, calls and steps";
    case SIM_CUT_ACKS:
        return "ends that acknowledge each other for ever";
    case SIM_CUT_CAUSES:
        return "too many causes";
    case SIM_CUT_ROUNDS:
        return "applications that come to no end";
    case SIM_WHOLE:
    case SIM_CUT_COUNT:
        return "";
    }
    return "";
}

static void add_packet(struct sim_summary *summary, const struct trace_packet *packet)
{
    if (packet->direction == TRACE_FROM_SUT) {
        static const uint16_t flags[] = {TCP_FLAG_SYN, TCP_FLAG_FIN, TCP_FLAG_RST, TCP_FLAG_URG};
        summary->segments++;
        for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
            summary->flags[i] += tcp_segment_has(&packet->segment, flags[i]);
        }
    }
}

static void add_call(struct sim_summary *summary, const struct trace_call *call)
{
    if (call->value > 0 && call->is_send) {
        summary->octets_written += (uint64_t)call->value;
    } else if (call->value > 0 && call->is_receive) {
        summary->octets_read += (uint64_t)call->value;
    }
}

static void add_record(struct sim_summary *summary, const struct trace_record *record)
{
    switch (record->kind) {
    case TRACE_PACKET:
        add_packet(summary, &record->as.packet);
        break;
    case TRACE_CALL_DONE:
        add_call(summary, &record->as.call);
        break;
    case TRACE_STATE:
        summary->states[record->as.state.to]++;
        summary->edges[record->as.state.from][record->as.state.to]++;
        break;
    case TRACE_STEP:
        summary->steps[record->as.step.cause]++;
        summary->verdicts[record->as.step.verdict]++;
        break;
    case TRACE_CALL:
    case TRACE_DRAIN:
    case TRACE_SETTING:
        break;
    }
}

static void add_host(struct sim_summary *summary, const struct world *world, enum cause_host host)
{
    const struct trace *const trace = world_trace(world, host);
    const struct oracle_set *const oracles = world_oracles(world, host);
    summary->host_runs++;
    for (size_t i = 0; trace != NULL && i < trace->record_count; i++) {
        add_record(summary, &trace->records[i]);
    }
    if (oracles != NULL) {
        oracle_counts_add(&summary->oracles, oracles);
    }
}

void sim_summary_add_world(struct sim_summary *summary, const struct world *world)
{
    const uint64_t segments_before = summary->segments;
    add_host(summary, world, CAUSE_HOST_A);
    if (world_hosts(world) > 1) {
        add_host(summary, world, CAUSE_HOST_B);
    }
    summary->runs++;
    summary->findings += world_finding(world) != NULL;
    summary->connections += world_connections(world);
    summary->us += world_now(world).us - world_start(world).us;
    for (uint8_t i = 0; i < CAUSE_EDIT_COUNT; i++) {
        summary->edits[i] += world_edited(world, (enum cause_edit_kind)i);
    }
    summary->connections_per_run[place_of(world_connections(world), SIM_CONNECTIONS_A_PLACE)]++;
    summary
        ->segments_per_run[place_of(summary->segments - segments_before, SIM_SEGMENTS_A_PLACE)]++;
    summary->hash += world_hash(world) | 1;
}

static bool is_urgent(const struct cause_call *call)
{
    return (call->kind == CAUSE_CALL_SEND && (call->flags & TCP_SEND_URGENT) != 0) ||
           (call->kind == CAUSE_CALL_WRITE && (call->flags & TCP_SOCKET_OOB) != 0);
}

void sim_summary_add_causes(struct sim_summary *summary, const struct cause_list *list)
{
    summary->causes += list->count;
    for (size_t i = 0; i < list->count; i++) {
        const struct cause *const cause = &list->items[i];
        if (cause->kind == CAUSE_CALL) {
            summary->calls[cause->as.call.kind]++;
            summary->urgent_writes += is_urgent(&cause->as.call);
        } else if (cause->kind == CAUSE_SET) {
            summary->settings[cause->as.set.field % SIM_CONFIG_MAX]++;
        }
    }
}

void sim_summary_add(struct sim_summary *sum, const struct sim_summary *other)
{
    _Static_assert(sizeof *sum % sizeof(uint64_t) == 0, "numbers of 64 bits and nothing else");
    uint64_t numbers[sizeof *sum / sizeof(uint64_t)], more[sizeof *sum / sizeof(uint64_t)];
    memcpy(numbers, sum, sizeof *sum);
    memcpy(more, other, sizeof *other);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        numbers[i] += more[i];
    }
    memcpy(sum, numbers, sizeof *sum);
}

/* ---- printing -------------------------------------------------------------------------------------- */

static void print_named(struct text *out, const char *name, uint64_t count)
{
    text_format(out, "  %-24s %14" PRIu64 "\n", name, count);
}

/* Up to which number of so many is a run among the first `percent` of 100? */
static uint64_t quantile(const uint64_t *places, uint64_t runs, uint64_t percent, uint64_t a_place)
{
    uint64_t at = 0;
    uint64_t below = places[0];
    while (at + 1 < SIM_PLACES && below * 100 < runs * percent) {
        below += places[++at];
    }
    return at * a_place + a_place - 1;
}

/* The mean is exact; quantiles are, to the width of a place. */
static void print_spread(struct text *out, const char *what, const uint64_t *places, uint64_t runs,
                         double mean, uint64_t a_place)
{
    static const uint64_t percents[] = {1, 10, 25, 50, 75, 90, 99};
    text_format(out, "%s a run: mean %.1f", what, mean);
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        const char *const name = percents[i] == 50 ? "median" : "";
        text_format(out, percents[i] == 50 ? ", %s %" PRIu64 : ",%s %" PRIu64, name,
                    quantile(places, runs, percents[i], a_place));
        if (percents[i] != 50) {
            text_format(out, " (%" PRIu64 " %%)", percents[i]);
        }
    }
    text_string(out, "\n");
}

static uint64_t count_cuts(const struct sim_summary *summary)
{
    uint64_t count = 0;
    for (int i = SIM_WHOLE + 1; i < SIM_CUT_COUNT; i++) {
        count += summary->cuts[i];
    }
    return count;
}

static void print_cuts(const struct sim_summary *summary, struct text *out)
{
    for (int i = SIM_WHOLE + 1; i < SIM_CUT_COUNT; i++) {
        if (summary->cuts[i] > 0) {
            text_format(out, "cut short by %s: %" PRIu64 "\n", sim_cut_name((enum sim_cut)i),
                        summary->cuts[i]);
        }
    }
}

static void print_states(const struct sim_summary *summary, struct text *out)
{
    text_string(out, "states entered:\n");
    for (int i = 0; i < TCB_STATE_COUNT; i++) {
        print_named(out, tcb_state_name((enum tcb_state)i), summary->states[i]);
    }
    uint32_t edges = 0;
    text_string(out, "edges taken:\n");
    for (int from = 0; from < TCB_STATE_COUNT; from++) {
        for (int to = 0; to < TCB_STATE_COUNT; to++) {
            if (summary->edges[from][to] > 0) {
                edges++;
                text_format(out, "  %12s > %-12s %11" PRIu64 "\n",
                            tcb_state_name((enum tcb_state)from),
                            tcb_state_name((enum tcb_state)to), summary->edges[from][to]);
            }
        }
    }
    text_format(out, "  %u different ones\n", edges);
}

static void print_steps(const struct sim_summary *summary, struct text *out)
{
    text_string(out, "steps, by what caused them:\n");
    for (int i = 1; i < TCP_CAUSE_COUNT; i++) {
        print_named(out, tcp_cause_name((enum tcp_cause)i), summary->steps[i]);
    }
    text_string(out, "segments, by verdict:\n");
    for (int i = 1; i < TCP_VERDICT_COUNT; i++) {
        print_named(out, tcp_verdict_name((enum tcp_verdict)i), summary->verdicts[i]);
    }
    static const char *const flags[] = {"SYN", "FIN", "RST", "URG"};
    text_string(out, "segments sent, by flag:\n");
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        print_named(out, flags[i], summary->flags[i]);
    }
    text_string(out, "writes of applications:\n");
    print_named(out, "all", summary->calls[CAUSE_CALL_SEND] + summary->calls[CAUSE_CALL_WRITE]);
    print_named(out, "urgent", summary->urgent_writes);
}

static void print_network(const struct sim_summary *summary, struct text *out)
{
    static const char *const edits[CAUSE_EDIT_COUNT] = {
        [CAUSE_EDIT_DROP] = "dropped",
        [CAUSE_EDIT_DELAY] = "delayed",
        [CAUSE_EDIT_DUPLICATE] = "duplicated",
        [CAUSE_EDIT_CORRUPT] = "damaged",
        [CAUSE_EDIT_MARK] = "marked (congestion)",
        [CAUSE_EDIT_MTU] = "too big for a router",
        [CAUSE_EDIT_UNREACHABLE] = "unreachable",
        [CAUSE_EDIT_PART] = "cut off",
    };
    text_string(out, "packets, by what the network did:\n");
    for (int i = 0; i < CAUSE_EDIT_COUNT; i++) {
        print_named(out, edits[i], summary->edits[i]);
    }
    size_t count;
    const struct tcp_config_field *const fields = tcp_config_fields(&count);
    text_string(out, "settings changed:\n");
    for (size_t i = 0; i < count && i < SIM_CONFIG_MAX; i++) {
        if (summary->settings[i] > 0) {
            print_named(out, fields[i].name, summary->settings[i]);
        }
    }
}

void sim_summary_print(const struct sim_summary *summary, double seconds, bool is_brief,
                       struct text *out)
{
    const double runs = summary->runs == 0 ? 1 : (double)summary->runs;
    if (!is_brief) {
        print_states(summary, out);
        print_steps(summary, out);
        print_network(summary, out);
        oracle_counts_print(&summary->oracles, out);
        print_spread(out, "connections", summary->connections_per_run, summary->runs,
                     (double)summary->connections / runs, SIM_CONNECTIONS_A_PLACE);
        print_spread(out, "segments", summary->segments_per_run, summary->runs,
                     (double)summary->segments / runs, SIM_SEGMENTS_A_PLACE);
        print_cuts(summary, out);
    }
    text_format(
        out,
        "%" PRIu64 " runs, %" PRIu64 " findings, %" PRIu64 " cut short; %.1f s, %.0f runs/s\n"
        "a run on average: %.1f connections, %.0f segments, %.0f octets read, %.0f causes, "
        "%.0f s of virtual time\nhash %016" PRIx64 "\n",
        summary->runs, summary->findings, count_cuts(summary), seconds,
        (double)summary->runs / (seconds > 0 ? seconds : 1), (double)summary->connections / runs,
        (double)summary->segments / runs, (double)summary->octets_read / runs,
        (double)summary->causes / runs, (double)summary->us / 1e6 / runs, summary->hash);
}
