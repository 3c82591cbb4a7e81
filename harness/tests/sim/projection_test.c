/* What one of two hosts met, given to a host alone, makes it do what it did: every packet, at its time, with
 * its numbers as counted from its connection's, and every change of state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "causes/encoding.h"
#include "sim/sim.h"
#include "tcp/seq.h"
#include "world/projection.h"

#define SEEDS      300
#define CAUSES_MAX 8000 /* of a run */

/* Ports and initial numbers may be others; what is said of them is what is left. */
static void add_packet(const struct trace *trace, const struct trace_packet *packet,
                       struct text *out)
{
    const struct tcp_segment *const segment = &packet->segment;
    const struct trace_incarnation *const life = packet->incarnation < trace->incarnation_count
                                                     ? &trace->incarnations[packet->incarnation]
                                                     : NULL;
    text_format(out, "flags %x win %u urg %u bytes %u mss %u", segment->flags, segment->window,
                segment->urgent, segment->payload_bytes, segment->options.mss);
    if (life != NULL && life->has_local_isn) {
        text_format(out, " seq %u ack %u", tcp_seq_distance(life->local_isn, segment->seq),
                    segment->ack.raw);
    }
    text_string(out, "\n");
}

static void add_story(const struct trace *trace, struct text *out)
{
    for (size_t i = 0; i < trace->record_count; i++) {
        const struct trace_record *const record = &trace->records[i];
        const bool is_sent =
            record->kind == TRACE_PACKET && record->as.packet.direction == TRACE_FROM_SUT;
        if (is_sent || record->kind == TRACE_STATE) {
            text_format(out, "%llu ", (unsigned long long)(record->at.us - trace->start.us));
        }
        if (is_sent) {
            add_packet(trace, &record->as.packet, out);
        } else if (record->kind == TRACE_STATE) {
            text_format(out, "%s to %s\n", tcb_state_name(record->as.state.from),
                        tcb_state_name(record->as.state.to));
        }
    }
}

static struct sim *create(void)
{
    const struct sim_options options = {.oracles = WORLD_ORACLES_ALL};
    struct sim *const sim = sim_create(&options);
    assert_non_null(sim);
    return sim;
}

/* True: the two stories are one. */
static bool hold_against(const struct trace *trace, const struct world_projection *projection,
                         struct sim *alone, uint64_t seed)
{
    struct text of_two = TEXT_EMPTY, of_one = TEXT_EMPTY;
    add_story(trace, &of_two);
    (void)sim_replay(alone, &projection->list, false);
    add_story(world_trace(sim_world(alone), CAUSE_HOST_A), &of_one);
    const char *const a = text_read(&of_two), *const b = text_read(&of_one);
    size_t same = 0;
    while (a[same] != '\0' && a[same] == b[same]) {
        same++;
    }
    const bool is_same = a[same] == b[same];
    if (!is_same) {
        print_message("seed %llu, host %c: of two\n%.300s\nalone\n%.300s\n",
                      (unsigned long long)seed, projection->host == CAUSE_HOST_A ? 'a' : 'b',
                      a + same - (same > 60 ? 60 : same), b + same - (same > 60 ? 60 : same));
    }
    text_free(&of_two);
    text_free(&of_one);
    return is_same;
}

static void a_host_alone_does_what_it_did(void **state)
{
    (void)state;
    struct sim *const two = create(), *const alone = create();
    struct arena *const arena = arena_create();
    size_t complete = 0, same = 0, runs = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        for (int host = 0; host < WORLD_HOSTS_MAX; host++) {
            struct world_projection projection;
            world_projection_begin(&projection, (enum cause_host)host, arena);
            sim_project(two, &projection);
            (void)sim_run(two, seed, NULL);
            world_projection_finish(&projection, world_now(sim_world(two)));
            runs++;
            if (!projection.is_incomplete && projection.list.count < CAUSES_MAX) {
                complete++;
                same += hold_against(world_trace(sim_world(two), (enum cause_host)host),
                                     &projection, alone, seed)
                            ? 1
                            : 0;
            }
            arena_reset(arena);
        }
    }
    print_message("%zu of %zu hosts that can be alone do the same alone, of %zu\n", same, complete,
                  runs);
    arena_destroy(arena);
    sim_destroy(two);
    sim_destroy(alone);
    assert_int_equal(same, complete);
    assert_true(complete > runs / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_alone_does_what_it_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
