/* The forms of the language, each read into what it means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scenario/parse.h"
#include "tcp/segment.h"

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_create();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

/* Parses what must be right. */
static const struct scenario *parse(const char *script)
{
    struct parse_result result;
    scenario_parse("test.pkt", script, strlen(script), NULL, 0, arena, &result);
    if (result.diagnostic_count > 0) {
        struct text text = TEXT_EMPTY;
        diagnostic_render(&result.diagnostics[0], "test.pkt", script, strlen(script), &text);
        print_error("%s", text_read(&text));
        text_free(&text);
    }
    assert_non_null(result.scenario);
    return result.scenario;
}

static const struct scenario_event *parse_event(const char *script)
{
    const struct scenario *scenario = parse(script);
    assert_int_equal(scenario->event_count, 1);
    return &scenario->events[0];
}

static void a_packet_has_every_field_it_says(void **state)
{
    (void)state;
    const struct scenario_event *event =
        parse_event("+0.1 < @old 80 > 1234 S. 0:0(0) ack 1 win 65535 <mss 1460,nop,wscale 7>");
    const struct scenario_packet *packet = event->as.packet;
    assert_int_equal(event->kind, SCENARIO_PACKET);
    assert_int_equal(event->time.kind, SCENARIO_TIME_RELATIVE);
    assert_int_equal(event->time.from_us, 100000);
    assert_int_equal(packet->direction, SCENARIO_INBOUND);
    assert_string_equal(packet->connection, "old");
    assert_int_equal(packet->source_port, 80);
    assert_int_equal(packet->destination_port, 1234);
    assert_int_equal(packet->as.tcp.flags, TCP_FLAG_SYN | TCP_FLAG_ACK);
    assert_int_equal(packet->as.tcp.ack.offset, 1);
    assert_int_equal(packet->as.tcp.window, 65535);
    assert_int_equal(packet->as.tcp.option_count, 3);
    assert_int_equal(packet->as.tcp.options[0].number, 1460);
    assert_int_equal(packet->as.tcp.options[2].kind, SCENARIO_OPTION_WINDOW_SCALE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_packet_has_every_field_it_says, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
