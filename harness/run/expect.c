/* Holds one packet that left against what the script expects of it: every field that the script
 * names, every octet of payload, and the checksum. What the script leaves out is compared where its
 * absence says something (no options) and let be where it does not (window). */
#include "run/expect.h"
#include "run/options_bytes.h"

#include "trace/segment_text.h"

#include <inttypes.h>
#include <string.h>

void expect_differ(struct comparison *comparison, const char *field, struct source_span span,
                   const char *script, const char *stack)
{
    if (comparison->count < RUN_DIFFERENCES_MAX) {
        comparison->items[comparison->count++] = (struct difference){field, script, stack, span};
    }
}

const char *expect_describe(struct run *run, const struct trace_packet *packet)
{
    struct text text = TEXT_EMPTY;
    segment_text_of_packet(&text, run->trace, packet);
    const char *const copy = arena_copy_text(run->arena, text_read(&text), text.length);
    text_free(&text);
    return copy;
}

static const char *number_text(struct run *run, uint64_t number)
{
    return arena_format(run->arena, "%" PRIu64, number);
}

static const char *flags_text(struct run *run, uint16_t flags)
{
    static const char letters[] = "FSRP.UEWA";
    static const uint16_t bits[] = {TCP_FLAG_FIN, TCP_FLAG_SYN, TCP_FLAG_RST,
                                    TCP_FLAG_PSH, TCP_FLAG_ACK, TCP_FLAG_URG,
                                    TCP_FLAG_ECE, TCP_FLAG_CWR, TCP_FLAG_AE};
    char text[sizeof letters];
    size_t length = 0;
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        if ((flags & bits[i]) != 0) {
            text[length++] = letters[i];
        }
    }
    return length == 0 ? "-" : arena_copy_text(run->arena, text, length);
}

/* ---- header fields -------------------------------------------------------------------------------- */

static void compare_time(struct run *run, struct comparison *comparison)
{
    if (comparison->at.us + run->tolerance_us >= comparison->from.us &&
        (comparison->to.us == UINT64_MAX ||
         comparison->at.us <= comparison->to.us + run->tolerance_us)) {
        return;
    }
    const char *const from = run_time_text(run, comparison->from);
    const char *const script =
        comparison->from.us == comparison->to.us
            ? from
            : arena_format(run->arena, "%s~%s", from, run_time_text(run, comparison->to));
    expect_differ(comparison, "time", comparison->event->time.span, script,
                  run_time_text(run, comparison->at));
}

static void compare_flags(struct run *run, struct comparison *comparison)
{
    const struct scenario_tcp *const tcp = &comparison->packet->as.tcp;
    uint16_t live = comparison->live->segment.flags;
    uint16_t script = tcp->flags;
    if (tcp->any_flags) {
        return;
    }
    if (run->mode == RUN_PORTABLE) {
        live = (uint16_t)(live & ~TCP_FLAG_PSH);
        script = (uint16_t)(script & ~TCP_FLAG_PSH);
    }
    if (live != script) {
        expect_differ(comparison, "flags", tcp->flags_span, flags_text(run, script),
                      flags_text(run, live));
    }
}

static bool compare_sequence(struct run *run, struct comparison *comparison)
{
    const struct scenario_tcp *const tcp = &comparison->packet->as.tcp;
    const struct tcp_segment *const segment = &comparison->live->segment;
    const struct connection *const connection = comparison->connection;
    const bool is_first_syn = tcp_segment_has(segment, TCP_FLAG_SYN) && connection != NULL &&
                              !connection->knows_script_isn &&
                              tcp->start.base == SCENARIO_BASE_SCRIPT;
    if (!tcp->any_sequence && !is_first_syn) {
        tcp_seqno expected;
        if (!numbers_live(run, connection, &tcp->start, NUMBER_LOCAL, &expected)) {
            return false;
        }
        if (!tcp_seq_equal(expected, segment->seq)) {
            expect_differ(comparison, "seq", tcp->sequence_span,
                          number_text(run, numbers_script(connection, expected, NUMBER_LOCAL)),
                          number_text(run, numbers_script(connection, segment->seq, NUMBER_LOCAL)));
        }
    }
    if (tcp->payload_bytes != segment->payload_bytes) {
        expect_differ(comparison, "length", tcp->sequence_span,
                      number_text(run, tcp->payload_bytes),
                      number_text(run, segment->payload_bytes));
    }
    return true;
}

static bool compare_ack(struct run *run, struct comparison *comparison)
{
    const struct scenario_tcp *const tcp = &comparison->packet->as.tcp;
    const struct tcp_segment *const segment = &comparison->live->segment;
    tcp_seqno expected;
    if (!tcp->has_ack) {
        return true;
    }
    if (!numbers_live(run, comparison->connection, &tcp->ack, NUMBER_REMOTE, &expected)) {
        return false;
    }
    if (!tcp_segment_has(segment, TCP_FLAG_ACK)) {
        expect_differ(comparison, "ack", tcp->ack_span, number_text(run, expected.raw), "none");
    } else if (!tcp_seq_equal(expected, segment->ack)) {
        expect_differ(comparison, "ack", tcp->ack_span, number_text(run, expected.raw),
                      number_text(run, segment->ack.raw));
    }
    return true;
}

static void compare_window(struct run *run, struct comparison *comparison)
{
    const struct scenario_tcp *const tcp = &comparison->packet->as.tcp;
    const struct tcp_segment *const segment = &comparison->live->segment;
    if (tcp->has_window && run->mode != RUN_PORTABLE && tcp->window != segment->window) {
        expect_differ(comparison, "win", tcp->window_span, number_text(run, tcp->window),
                      number_text(run, segment->window));
    }
    if (tcp->has_urgent ? tcp->urgent != segment->urgent
                        : segment->urgent != 0 && run->mode == RUN_STRICT) {
        expect_differ(comparison, "urg", tcp->urgent_span,
                      tcp->has_urgent ? number_text(run, tcp->urgent) : "0",
                      number_text(run, segment->urgent));
    }
}

static void compare_ip(struct run *run, struct comparison *comparison)
{
    static const char *const names[] = {"noecn", "ect1", "ect0", "ce"};
    const struct scenario_ip_info *const ip = &comparison->packet->ip;
    const struct tcp_segment *const segment = &comparison->live->segment;
    const uint8_t ecn = segment->traffic_class & 3;
    const bool ecn_fits[] = {
        [SCENARIO_ECN_UNSAID] = true,   [SCENARIO_ECN_NONE] = ecn == 0,
        [SCENARIO_ECN_ECT0] = ecn == 2, [SCENARIO_ECN_ECT1] = ecn == 1,
        [SCENARIO_ECN_CE] = ecn == 3,   [SCENARIO_ECN_ECT01] = ecn == 1 || ecn == 2,
    };
    static const char *const wanted[] = {"", "noecn", "ect0", "ect1", "ce", "ect01"};
    if (!ecn_fits[ip->ecn]) {
        expect_differ(comparison, "ecn", ip->span, wanted[ip->ecn], names[ecn]);
    }
    const uint8_t mask = ip->ecn == SCENARIO_ECN_UNSAID ? 0xff : 0xfc;
    if (ip->has_tos && (ip->tos & mask) != (segment->traffic_class & mask)) {
        expect_differ(comparison, "tos", ip->span, number_text(run, ip->tos),
                      number_text(run, segment->traffic_class));
    }
    if (ip->has_ttl && ip->ttl != segment->ttl) {
        expect_differ(comparison, "ttl", ip->span, number_text(run, ip->ttl),
                      number_text(run, segment->ttl));
    }
    const bool has_df = !segment->may_fragment;
    const bool is_said = ip->df != SCENARIO_DF_UNSAID && segment->source.address.version == 4;
    if (is_said && has_df != (ip->df == SCENARIO_DF_SET)) {
        expect_differ(comparison, "df", ip->span, has_df ? "nodf" : "df", has_df ? "df" : "nodf");
    }
}

/* ---- options and payload -------------------------------------------------------------------------- */

static const char *live_options_text(struct run *run, const struct trace_packet *live)
{
    const char *const whole = expect_describe(run, live);
    const char *const options = strchr(whole, '<');
    return options == NULL ? "none" : options;
}

static const char *source_text(struct run *run, struct source_span span, const char *otherwise)
{
    if (span.length == 0 || run->scenario->source == NULL) {
        return otherwise;
    }
    return arena_copy_text(run->arena, run->scenario->source + span.offset, span.length);
}

bool expect_options(struct run *run, struct comparison *comparison)
{
    const struct scenario_tcp *const tcp = &comparison->packet->as.tcp;
    const struct trace_packet *const live = comparison->live;
    if (tcp->any_options || run->mode == RUN_PORTABLE) {
        return true;
    }
    uint8_t expected[OPTIONS_BYTES_ROOM], mask[OPTIONS_BYTES_ROOM];
    size_t count;
    if (!options_bytes(run, comparison->connection, tcp, SCENARIO_OUTBOUND, expected, mask,
                       &count)) {
        return false;
    }
    const uint8_t *const sent = live->bytes + live->layout.options_offset;
    const size_t sent_count = live->layout.options_bytes;
    bool is_same = count <= sent_count && sent_count - count < 4;
    for (size_t i = 0; is_same && i < sent_count; i++) {
        is_same = i < count ? ((sent[i] ^ expected[i]) & mask[i]) == 0 : sent[i] == 0;
    }
    if (!is_same) {
        expect_differ(comparison, "options", tcp->options_span,
                      source_text(run, tcp->options_span, tcp->option_count == 0 ? "none" : "<..>"),
                      live_options_text(run, live));
    }
    return true;
}

static const char *octets_text(struct run *run, const uint8_t *bytes, size_t count, size_t at)
{
    return arena_format(run->arena, "octet %zu is 0x%02x", at, at < count ? bytes[at] : 0);
}

static void compare_payload(struct run *run, struct comparison *comparison)
{
    const struct scenario_tcp *const tcp = &comparison->packet->as.tcp;
    const struct tcp_segment *const segment = &comparison->live->segment;
    const struct connection *const connection = comparison->connection;
    if (connection == NULL || !connection->has_local_isn || segment->payload_bytes == 0) {
        return;
    }
    const uint32_t count = segment->payload_bytes;
    const uint32_t syn = tcp_segment_has(segment, TCP_FLAG_SYN) ? 1 : 0;
    const uint32_t offset = segment->seq.raw + syn - connection->local_isn.raw - 1;
    const size_t wrong = payload_check(&connection->sent, offset, segment->payload, count);
    if (wrong < count) {
        uint8_t right;
        payload_fill(&connection->sent, offset + (uint32_t)wrong, &right, 1);
        expect_differ(comparison, "payload", tcp->sequence_span,
                      arena_format(run->arena, "octet %zu is 0x%02x", wrong, right),
                      octets_text(run, segment->payload, count, wrong));
    } else if (offset + count > connection->written_bytes) {
        expect_differ(
            comparison, "payload", tcp->sequence_span,
            arena_format(run->arena, "%" PRIu32 " octets were written", connection->written_bytes),
            arena_format(run->arena, "octets up to %" PRIu32, offset + count));
    }
    for (size_t i = 0; tcp->text != NULL && i < count && i < tcp->payload_bytes; i++) {
        if (tcp->text[i] != segment->payload[i]) {
            expect_differ(comparison, "text", tcp->sequence_span,
                          octets_text(run, tcp->text, tcp->payload_bytes, i),
                          octets_text(run, segment->payload, count, i));
            return;
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------------ */

static bool is_readable(enum tcp_wire_result wire)
{
    return wire == TCP_WIRE_OK || wire == TCP_WIRE_BAD_CHECKSUM || wire == TCP_WIRE_BAD_OPTION;
}

bool expect_compare(struct run *run, struct comparison *comparison)
{
    const struct trace_packet *const live = comparison->live;
    comparison->count = 0;
    comparison->connection =
        live->incarnation < run->connection_count ? run->connections[live->incarnation] : NULL;
    compare_time(run, comparison);
    const bool is_late_or_early = comparison->count > 0;
    if (live->wire != TCP_WIRE_OK) {
        expect_differ(comparison, "packet", (struct source_span){0}, "sound",
                      tcp_wire_result_name(live->wire));
    }
    if (is_readable(live->wire)) {
        if (!expect_connection(run, comparison)) {
            return false;
        }
        compare_ip(run, comparison);
        compare_flags(run, comparison);
        if (!compare_sequence(run, comparison) || !compare_ack(run, comparison)) {
            return false;
        }
        compare_window(run, comparison);
        if (!expect_options(run, comparison)) {
            return false;
        }
        compare_payload(run, comparison);
    }
    comparison->is_only_time = is_late_or_early && comparison->count == 1;
    return true;
}

static void learn_timestamp(struct comparison const *comparison, struct connection *connection)
{
    const struct scenario_tcp *const tcp = &comparison->packet->as.tcp;
    for (size_t i = 0; i < tcp->option_count; i++) {
        if (tcp->options[i].kind == SCENARIO_OPTION_TIMESTAMPS && !tcp->options[i].any_value &&
            !connection->has_timestamp_base) {
            connection->has_timestamp_base = true;
            connection->timestamp_base =
                comparison->live->segment.options.timestamp_value - tcp->options[i].number;
        }
    }
}

void expect_learn(struct run *run, const struct comparison *comparison)
{
    const struct scenario_packet *const packet = comparison->packet;
    struct connection *const connection = comparison->connection;
    if (connection == NULL) {
        return;
    }
    if (packet->connection != NULL && connection->label == NULL &&
        tcp_segment_has(&comparison->live->segment, TCP_FLAG_SYN)) {
        connections_name(run, connection, packet->connection);
    }
    if (packet->has_ports && !connection->has_script_ports) {
        connection->has_script_ports = true;
        connection->script_local_port = packet->source_port;
        connection->script_remote_port = packet->destination_port;
    }
    const struct scenario_number *const start = &packet->as.tcp.start;
    if (tcp_segment_has(&comparison->live->segment, TCP_FLAG_SYN) &&
        !connection->knows_script_isn && start->base == SCENARIO_BASE_SCRIPT) {
        connection->knows_script_isn = true;
        connection->script_local_isn = (uint32_t)start->offset;
        run->trace->incarnations[connection->index].local_number = connection->script_local_isn;
    }
    learn_timestamp(comparison, connection);
}
