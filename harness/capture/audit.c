/* Each packet becomes a record of a trace for either end; the oracles look at it at once, and then it
 * is forgotten but for its numbers. */
#include "capture/audit.h"

#include <string.h>

#include "capture/doubt.h"
#include "capture/octets.h"
#include "tcp/address.h"
#include "tcp/seq.h"

/* Records that oracles can look back at. */
#define RECORDS_KEPT 128
#define RECORDS_MAX  256

struct end_notes {
    struct capture_octets octets;
    struct doubt_signs signs;
    uint32_t *fired; /* by catalogue index; NULL: nothing did */
    size_t *last;    /* by catalogue index: its last finding that was kept */
};

struct flow_notes {
    struct end_notes ends[2];
};

struct audit {
    struct audit_options options;
    struct arena *arena;
    struct trace trace;
    struct tcp_config config;
    struct oracle_set *oracles;
    bool has_forgotten; /* records that oracles could have looked back at */
    const struct oracle_description *const *catalogue;
    size_t catalogue_count;
    uint64_t *withdrawn; /* by catalogue index: verdicts that were none */
    size_t octets_row;   /* of W05 */
    uint64_t octets_compared;
    struct capture_flows *flows;
    struct audit_finding *findings;
    size_t finding_count, finding_capacity;
};

/* The packet that is being looked at. */
struct moment {
    uint64_t number;
    tcp_time at;
    const struct capture_packet *packet;
    const struct capture_flow *flow;
    struct flow_notes *notes;
    enum capture_end sender;
};

struct audit *audit_create(const struct audit_options *options, struct arena *arena)
{
    struct audit *audit = arena_take(arena, sizeof *audit);
    audit->options = *options;
    audit->arena = arena;
    audit->trace.arena = arena;
    (void)tcp_config_profile("rfc", &audit->config);
    audit->oracles = oracle_set_open(&(struct oracle_setup){
        .trace = &audit->trace, .config = &audit->config, .view = ORACLE_VIEW_CAPTURE});
    audit->catalogue = oracle_catalogue(&audit->catalogue_count);
    audit->withdrawn = arena_take(arena, audit->catalogue_count * sizeof *audit->withdrawn);
    while (strcmp(audit->catalogue[audit->octets_row]->id, "W05") != 0) {
        audit->octets_row++;
    }
    audit->flows = capture_flows_create(arena);
    return audit;
}

/* ---- findings ------------------------------------------------------------------------------------ */

static size_t row_of(const struct audit *audit, const struct oracle_description *oracle)
{
    size_t row = 0;
    while (audit->catalogue[row] != oracle) {
        row++;
    }
    return row;
}

/* Is this one of the first on its end? Later ones are only counted. */
static bool is_kept(struct audit *audit, struct end_notes *end, size_t row)
{
    if (end->fired == NULL) {
        end->fired = arena_take(audit->arena, audit->catalogue_count * sizeof *end->fired);
        end->last = arena_take(audit->arena, audit->catalogue_count * sizeof *end->last);
    }
    if (end->fired[row]++ < AUDIT_FINDINGS_PER_END) {
        return true;
    }
    audit->findings[end->last[row]].more++;
    return false;
}

static void keep(struct audit *audit, const struct moment *moment, enum capture_end judged,
                 size_t row, const struct doubt_verdict *verdict, const char *detail)
{
    struct end_notes *end = &moment->notes->ends[judged];
    if (!is_kept(audit, end, row)) {
        return;
    }
    void *findings = audit->findings;
    arena_grow(audit->arena, &findings, &audit->finding_capacity, audit->finding_count,
               sizeof *audit->findings);
    audit->findings = findings;
    end->last[row] = audit->finding_count;
    audit->findings[audit->finding_count++] = (struct audit_finding){
        .oracle = audit->catalogue[row],
        .weight = verdict->weight,
        .doubt = verdict->doubt,
        .detail = arena_copy_text(audit->arena, detail, strlen(detail)),
        .packet = moment->number,
        .at = moment->at,
        .flow = moment->flow->number,
        .packet_of_flow = moment->flow->packets,
        .ends = {.local = moment->flow->ends[judged], .remote = moment->flow->ends[1 - judged]}};
}

/* What the oracles found in the record that was added last. */
static void take_findings(struct audit *audit, const struct moment *moment, enum capture_end judged)
{
    size_t count = 0;
    const struct oracle_finding *findings = oracle_set_findings(audit->oracles, &count);
    for (size_t i = 0; i < count; i++) {
        const struct doubt_case doubt_case = {.oracle = findings[i].oracle,
                                              .packet = moment->packet,
                                              .signs = &moment->notes->ends[judged].signs,
                                              .is_exact = audit->options.is_exact,
                                              .has_forgotten = audit->has_forgotten};
        const size_t row = row_of(audit, findings[i].oracle);
        const struct doubt_verdict verdict = doubt_judge(&doubt_case);
        if (verdict.is_withdrawn) {
            audit->withdrawn[row]++;
        } else {
            keep(audit, moment, judged, row, &verdict, findings[i].detail);
        }
    }
}

/* ---- records --------------------------------------------------------------------------------------- */

/* What a segment with a wrong sum seems to say says nothing: the sum is all that is known to be wrong. */
static enum tcp_wire_result wire_of(const struct audit *audit, const struct capture_packet *packet)
{
    const bool is_wrong = packet->sum == CAPTURE_SUM_WRONG ||
                          (packet->sum == CAPTURE_SUM_OFFLOADED && audit->options.is_exact);
    return is_wrong && packet->wire != TCP_WIRE_TRUNCATED ? TCP_WIRE_BAD_CHECKSUM : packet->wire;
}

static void show_oracles(struct audit *audit, const struct moment *moment,
                         enum trace_direction direction)
{
    const struct capture_packet *packet = moment->packet;
    struct trace_record *record =
        trace_add(&audit->trace, TRACE_PACKET, moment->at, TRACE_NO_EVENT, 0);
    record->as.packet = (struct trace_packet){.direction = direction,
                                              .bytes = packet->is_whole ? packet->bytes : NULL,
                                              .count = packet->is_whole ? packet->count : 0,
                                              .wire = wire_of(audit, packet),
                                              .segment = packet->segment,
                                              .layout = packet->layout,
                                              .incarnation = TRACE_NO_EVENT};
    oracle_set_observe(audit->oracles);
    take_findings(audit, moment, direction == TRACE_FROM_SUT ? moment->sender : 1 - moment->sender);
    audit->has_forgotten = audit->has_forgotten || audit->trace.record_count >= RECORDS_MAX;
    oracle_set_forget(audit->oracles, &audit->trace,
                      audit->trace.record_count < RECORDS_MAX ? RECORDS_MAX : RECORDS_KEPT);
}

static bool is_judged(const struct audit *audit, const struct tcp_address *address)
{
    bool is_named = audit->options.side_count == 0;
    for (size_t i = 0; i < audit->options.side_count; i++) {
        is_named = is_named || tcp_address_equal(&audit->options.sides[i], address);
    }
    return is_named;
}

/* ---- octets ------------------------------------------------------------------------------------------ */

/* Keep-alive repeats one octet that was acknowledged, and it may be garbage (RFC 9293 3.8.4); what was
 * acknowledged is not remembered. Where the ACK is not in the capture, doubt.c knows it. */
static void compare_octets(struct audit *audit, const struct moment *moment)
{
    const struct tcp_segment *segment = &moment->packet->segment;
    struct capture_octets *octets = &moment->notes->ends[moment->sender].octets;
    if (tcp_segment_has(segment, TCP_FLAG_SYN)) {
        octets->is_started = false;
        return;
    }
    if (segment->payload_bytes == 0 || tcp_segment_has(segment, TCP_FLAG_RST)) {
        return;
    }
    bool differs = false;
    tcp_seqno where = {0};
    const uint32_t compared =
        capture_octets_add(octets, audit->arena, segment->seq, segment->payload,
                           segment->payload_bytes, &differs, &where);
    audit->octets_compared += compared > 0 ? 1 : 0;
    if (differs) {
        const struct doubt_case doubt_case = {.oracle = audit->catalogue[audit->octets_row],
                                              .packet = moment->packet,
                                              .signs = &moment->notes->ends[moment->sender].signs,
                                              .is_exact = audit->options.is_exact,
                                              .has_forgotten = audit->has_forgotten};
        const struct doubt_verdict verdict = doubt_judge(&doubt_case);
        const char *detail = arena_format(
            audit->arena, "the octet at SEQ %u is not the one that was sent there before",
            where.raw);
        keep(audit, moment, moment->sender, audit->octets_row, &verdict, detail);
    }
}

static void note_acknowledgment(const struct moment *moment)
{
    const struct tcp_segment *segment = &moment->packet->segment;
    if (tcp_segment_has(segment, TCP_FLAG_ACK) && !tcp_segment_has(segment, TCP_FLAG_RST)) {
        capture_octets_acked(&moment->notes->ends[1 - moment->sender].octets, segment->ack);
    }
}

/* ---- the packet ---------------------------------------------------------------------------------------- */

void audit_packet(struct audit *audit, uint64_t number, tcp_time at,
                  const struct capture_packet *packet)
{
    struct moment moment = {.number = number, .at = at, .packet = packet};
    struct capture_flow *flow = capture_flows_note(audit->flows, packet, &moment.sender);
    if (flow->notes == NULL) {
        flow->notes = arena_take(audit->arena, sizeof(struct flow_notes));
    }
    moment.flow = flow;
    moment.notes = flow->notes;
    const bool judges_sender = is_judged(audit, &packet->segment.source.address);
    const bool judges_receiver = is_judged(audit, &packet->segment.destination.address);
    const bool is_sound = wire_of(audit, packet) == TCP_WIRE_OK;
    struct doubt_signs *signs = &moment.notes->ends[moment.sender].signs;
    if (is_sound) {
        doubt_note_before(signs, packet);
    }
    if (judges_sender) {
        show_oracles(audit, &moment, TRACE_FROM_SUT);
    }
    if (judges_receiver) {
        show_oracles(audit, &moment, TRACE_TO_SUT);
    }
    if (is_sound && judges_sender) {
        compare_octets(audit, &moment);
    }
    if (is_sound) {
        note_acknowledgment(&moment);
        doubt_note_after(signs, packet);
    }
}

const struct audit_finding *audit_findings(const struct audit *audit, size_t *count)
{
    *count = audit->finding_count;
    return audit->findings;
}

uint64_t audit_flows(const struct audit *audit)
{
    return capture_flows_count(audit->flows);
}

bool audit_judges(const struct oracle_description *oracle)
{
    return doubt_listens(oracle);
}

uint64_t audit_evaluations(const struct audit *audit, size_t catalogue_index)
{
    if (catalogue_index >= audit->catalogue_count ||
        !audit_judges(audit->catalogue[catalogue_index])) {
        return 0;
    }
    if (catalogue_index == audit->octets_row) {
        return audit->octets_compared;
    }
    const uint64_t evaluations = oracle_set_evaluations(audit->oracles, catalogue_index);
    return evaluations - audit->withdrawn[catalogue_index];
}
