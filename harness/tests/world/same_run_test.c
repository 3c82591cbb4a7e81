/* A list of causes does the same in a world and, shown as a script, in the script runner: the same packets
 * with the same numbers at the same times, the same changes of state, as many verdicts of each oracle that
 * looks inside, and the same findings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/block.h"
#include "base/text.h"
#include "causes/encoding.h"
#include "causes/prologue.h"
#include "causes/text.h"
#include "oracle/counts.h"
#include "oracle/finding_name.h"
#include "run/run.h"
#include "scenario/parse.h"
#include "scenario/print.h"
#include "world/world.h"

#define INPUT_COUNT 10000
#define INPUT_BYTES 400
#define CAUSE_ROOM  64

/* SplitMix64. */
static uint64_t draw(uint64_t *random)
{
    uint64_t z = (*random += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void add_packet(const struct trace_packet *packet, struct text *out)
{
    const struct tcp_segment *const segment = &packet->segment;
    if (packet->is_icmp) {
        text_format(out, "< icmp %u/%u mtu %u about %u>%u seq %u of %u\n", packet->icmp.type,
                    packet->icmp.code, packet->icmp.mtu, packet->icmp.quoted_source.port,
                    packet->icmp.quoted_destination.port, packet->icmp.quoted_seq.raw,
                    packet->icmp.quoted_packet_bytes);
        return;
    }
    if (packet->direction == TRACE_TO_SUT && packet->wire != TCP_WIRE_OK) {
        text_string(out, "damaged\n");
        return;
    }
    text_format(out, "%c %u>%u flags %x seq %u ack %u win %u urg %u bytes %u mss %u\n",
                packet->direction == TRACE_TO_SUT ? '<' : '>', segment->source.port,
                segment->destination.port, segment->flags, segment->seq.raw, segment->ack.raw,
                segment->window, segment->urgent, segment->payload_bytes, segment->options.mss);
}

/* What a trace tells that must be the same. */
static void add_story(const struct trace *trace, struct text *out)
{
    for (size_t i = 0; i < trace->record_count; i++) {
        const struct trace_record *const record = &trace->records[i];
        if (record->kind == TRACE_PACKET) {
            text_format(out, "%llu ", (unsigned long long)(record->at.us - trace->start.us));
            add_packet(&record->as.packet, out);
        } else if (record->kind == TRACE_STATE) {
            text_format(out, "%s to %s\n", tcb_state_name(record->as.state.from),
                        tcb_state_name(record->as.state.to));
        }
    }
}

/* How often oracles judged that look inside, and deadlines; a world checks invariants once more at its
 * end (T00). */
static void add_verdicts(const struct oracle_counts *counts, struct text *out)
{
    size_t count;
    const struct oracle_description *const *const rows = oracle_catalogue(&count);
    for (size_t i = 0; i < count; i++) {
        const bool looks_inside = rows[i]->id[0] == 'T' && strcmp(rows[i]->id, "T00") != 0;
        if (looks_inside || strcmp(rows[i]->id, "L05") == 0) {
            text_format(out, "%s %llu\n", rows[i]->id, (unsigned long long)counts->of[i]);
        }
    }
}

static struct world_config config_of_runner(void)
{
    struct world_config config = world_config_small();
    (void)tcp_config_profile("rfc", &config.tcp);
    memcpy(config.tcp.secret, "finwait's secret", sizeof config.tcp.secret);
    config.limits = tcp_limits_small();
    config.oracles = WORLD_ORACLES_ALL;
    config.arena_bytes = (size_t)8 << 20;
    config.record_limit = 100000;
    config.tick_limit = 100000;
    return config;
}

/* Runs it in a world, which is made in the block. */
static void play(const struct cause_list *list, const struct world_config *config, void *block,
                 struct text *out)
{
    struct world *const world = world_begin(block, world_bytes(config), &list->start, config);
    struct cause causes[PROLOGUE_CAUSES_MAX];
    const size_t count = prologue_causes((enum prologue)list->start.prologue, causes);
    struct oracle_counts verdicts = {0};
    size_t acted = 0;
    assert_non_null(world);
    for (size_t i = 0; i < count; i++) {
        assert_true(world_apply(world, &causes[i]));
    }
    while (acted < list->count && world_apply(world, &list->items[acted])) {
        acted++;
    }
    world_finish(world);
    add_story(world_trace(world, CAUSE_HOST_A), out);
    oracle_counts_add(&verdicts, world_oracles(world, CAUSE_HOST_A));
    add_verdicts(&verdicts, out);
    if (world_finding(world) != NULL) {
        text_format(out, "finding: %s: %s\n", world_finding(world)->name,
                    world_finding(world)->detail);
    }
    world_end(world);
}

static void add_first_finding(const struct run_outcome *outcome, struct text *out)
{
    if (outcome->finding_count > 0) {
        const struct oracle_finding *const finding = &outcome->findings[0];
        text_string(out, "finding: ");
        finding_name(outcome->trace, finding->oracle, finding->record, out);
        text_format(out, ": %s\n", finding->detail);
    }
}

/* Runs what is shown of it. */
static void run_shown(const struct cause_list *list, struct arena *arena, struct text *script,
                      struct text *out)
{
    const bool is_6 = list->start.ip_version == 6;
    struct parse_result parsed;
    struct run_outcome outcome = {0};
    const struct run_options options = {.ip_version = list->start.ip_version, .command = ""};
    text_format(script, "--local_ip=%s\n--remote_ip=%s\n", is_6 ? "fd00::1" : "192.168.0.1",
                is_6 ? "fd00::2" : "192.168.0.2");
    scenario_print(script, cause_to_scenario(list, arena));
    scenario_parse("shown.pkt", text_read(script), script->length, NULL, 0, arena, &parsed);
    assert_non_null(parsed.scenario);
    run_scenario(parsed.scenario, &sut_core, &options, arena, &outcome);
    if (outcome.verdict != RUN_PASSED && outcome.verdict != RUN_FAILED) {
        (void)fprintf(stderr, "%s\n%s", text_read(script), text_read(&outcome.report));
    }
    assert_true(outcome.verdict == RUN_PASSED || outcome.verdict == RUN_FAILED);
    add_story(outcome.trace, out);
    add_verdicts(&outcome.verdicts, out);
    add_first_finding(&outcome, out);
    run_outcome_free(&outcome);
}

/* With a data offset that is too large, text counts as options, whose
 * octets each of the two makes in its own way. */
static void leave_out_what_differs(struct cause_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct cause *const cause = &list->items[i];
        const bool is_shifted =
            cause->kind == CAUSE_PACKET && cause->as.packet.damage == CAUSE_DAMAGE_DATA_OFFSET;
        if (!is_shifted) {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
    cause_list_normalise(list);
}

static void causes_do_the_same_in_a_world_and_as_a_script(void **state)
{
    uint64_t random = 21;
    struct arena *const arena = arena_create();
    const struct world_config config = config_of_runner();
    void *const block = block_create(world_bytes(&config)); /* hosts poison it: no arena's */
    (void)state;
    assert_non_null(block);
    for (size_t i = 0; i < INPUT_COUNT; i++) {
        uint8_t bytes[INPUT_BYTES];
        struct cause room[CAUSE_ROOM];
        struct cause_list list;
        struct text in_world = TEXT_EMPTY, as_script = TEXT_EMPTY, script = TEXT_EMPTY;
        for (size_t j = 0; j < sizeof bytes; j++) {
            bytes[j] = (uint8_t)draw(&random);
        }
        bytes[1] &= 0xfe; /* one host */
        cause_decode(bytes, sizeof bytes, room, CAUSE_ROOM, &list);
        leave_out_what_differs(&list);
        play(&list, &config, block, &in_world);
        run_shown(&list, arena, &script, &as_script);
        if (strcmp(text_read(&in_world), text_read(&as_script)) != 0) {
            (void)fprintf(stderr, "input %zu\n%s\nin a world:\n%s\nas a script:\n%s", i,
                          text_read(&script), text_read(&in_world), text_read(&as_script));
            fail();
        }
        text_free(&in_world);
        text_free(&as_script);
        text_free(&script);
        arena_reset(arena);
    }
    free(block);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(causes_do_the_same_in_a_world_and_as_a_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
