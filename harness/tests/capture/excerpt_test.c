/* The packets around a finding, as they are drawn. */
#include "made_capture.h"

#include <string.h>

#include "capture/excerpt.h"
#include "trace/ladder.h"

struct walk {
    struct arena *arena;
    struct audit_finding finding;
    struct excerpts *excerpts;
};

/* A finding in the flow's third packet, from A's end. */
static void begin(struct walk *walk)
{
    walk->arena = arena_create();
    walk->finding = (struct audit_finding){.flow = 1, .packet_of_flow = 3};
    uint8_t room[FRAME_ROOM];
    const struct tcp_room written =
        make_packet(4, (struct piece){CAPTURE_A, A, .seq = 1, .ack = 1, .window = 1}, room);
    struct capture_packet read;
    capture_packet_read(CAPTURE_LINK_RAW, written.bytes, written.count, written.count, &read);
    walk->finding.ends =
        (struct tcp_flow){.local = read.segment.source, .remote = read.segment.destination};
    walk->excerpts = excerpts_create(&walk->finding, 1, walk->arena);
}

/* One octet is turned round, unless `damaged` is 0. */
static void seen(struct walk *walk, uint64_t at_us, struct piece piece, size_t damaged)
{
    uint8_t room[FRAME_ROOM];
    const struct tcp_room written = make_packet(4, piece, room);
    written.bytes[damaged] ^= damaged == 0 ? 0 : 0xff;
    struct capture_packet read;
    capture_packet_read(CAPTURE_LINK_RAW, written.bytes, written.count, written.count, &read);
    assert_int_equal(read.kind, CAPTURE_TCP);
    excerpts_packet(walk->excerpts, (tcp_time){at_us}, &read);
}

/* Captures of several interfaces are not always in the order of their clocks. */
static void time_stands_still_where_a_captures_clock_goes_back(void **state)
{
    (void)state;
    static const uint64_t seen_us[] = {5000000, 4000000, 4500000, 8000000};
    static const uint64_t drawn_us[] = {5000000, 5000000, 5000000, 8000000};
    struct walk walk;
    begin(&walk);
    for (size_t i = 0; i < sizeof seen_us / sizeof *seen_us; i++) {
        seen(&walk, seen_us[i], (struct piece){CAPTURE_A, A, 1, 1, .window = 1}, 0);
    }
    const struct trace *const trace = excerpt_of(walk.excerpts, 0);
    assert_int_equal(trace->record_count, sizeof seen_us / sizeof *seen_us);
    for (size_t i = 0; i < trace->record_count; i++) {
        assert_true(trace->records[i].at.us == drawn_us[i]);
    }
    struct text ladder = TEXT_EMPTY;
    ladder_print(trace, &(struct ladder_options){.is_ascii = true}, &ladder);
    assert_non_null(strstr(text_read(&ladder), "... 3 s ..."));
    assert_null(strstr(text_read(&ladder), "184467440737")); /* 2^64 us and less */
    text_free(&ladder);
    arena_destroy(walk.arena);
}

/* Numbers are shown from the ISNs: a SYN that nobody sent like that must not move them. */
static void a_damaged_syn_gives_no_isn(void **state)
{
    (void)state;
    static const size_t places[] = {2, 27}; /* IPv4's length, so that more is claimed; SEQ */
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const struct piece syn = {CAPTURE_A, S, .seq = 0, .window = 1};
        struct walk walk;
        begin(&walk);
        seen(&walk, 1000000, syn, places[i]);
        const struct trace_incarnation *const life = excerpt_of(walk.excerpts, 0)->incarnations;
        assert_false(life->has_local_isn);
        seen(&walk, 2000000, syn, 0);
        seen(&walk, 3000000, syn, places[i]);
        assert_true(life->has_local_isn);
        assert_int_equal(life->local_isn.raw, A_ISN);
        arena_destroy(walk.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_stands_still_where_a_captures_clock_goes_back),
        cmocka_unit_test(a_damaged_syn_gives_no_isn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
