/* The forms of the language, each read into what it means. */
#include "scenario/parse.h"
#include "support.h"

/* ---- time --------------------------------------------------------------------------------------- */

static void assert_time(void **state, const char *script, enum scenario_time_kind kind,
                        int64_t from_us, int64_t to_us)
{
    const struct scenario_time *time = &parse_one(state, script)->time;
    assert_int_equal(time->kind, kind);
    assert_int_equal(time->from_us, from_us);
    assert_int_equal(time->to_us, to_us);
    assert_false(time->has_end);
}

static void a_time_is_absolute_relative_a_range_or_any(void **state)
{
    assert_time(state, "0.5 > . 1:1(0)", SCENARIO_TIME_ABSOLUTE, 500000, 500000);
    assert_time(state, "+.1 > . 1:1(0)", SCENARIO_TIME_RELATIVE, 100000, 100000);
    assert_time(state, "1~2 > . 1:1(0)", SCENARIO_TIME_ABSOLUTE_RANGE, 1000000, 2000000);
    assert_time(state, "+.1~+.2 > . 1:1(0)", SCENARIO_TIME_RELATIVE_RANGE, 100000, 200000);
    assert_time(state, "* > . 1:1(0)", SCENARIO_TIME_ANY, 0, 0);
    assert_time(state, "+0.000001 > . 1:1(0)", SCENARIO_TIME_RELATIVE, 1, 1);
}

static void a_blocking_call_has_an_end(void **state)
{
    const struct scenario_time *time = &parse_one(state, "+.1...0.3 accept(3) = 4")->time;
    assert_true(time->has_end);
    assert_false(time->end_is_from_start);
    assert_int_equal(time->from_us, 100000);
    assert_int_equal(time->end_us, 300000);
    time = &parse_one(state, "+.1...+.2 accept(3) = 4")->time;
    assert_true(time->end_is_from_start);
    assert_int_equal(time->end_us, 200000);
    time = &parse_one(state, "0...0 connect(3) = 0")->time;
    assert_int_equal(time->kind, SCENARIO_TIME_ABSOLUTE);
    assert_int_equal(time->end_us, 0);
}

/* ---- calls -------------------------------------------------------------------------------------- */

static void a_call_has_arguments_result_error_and_notes(void **state)
{
    const struct scenario_call *call =
        parse_one_call(state, "+0 read(4, ..., 1000) = -1 EAGAIN (Resource   isn't, there)");
    assert_string_equal(call->name, "read");
    assert_int_equal(call->argument_count, 3);
    assert_int_equal(call->arguments[0].integer, 4);
    assert_int_equal(call->arguments[1].kind, SCENARIO_VALUE_ELLIPSIS);
    assert_int_equal(call->result.integer, -1);
    assert_string_equal(call->error, "EAGAIN");
    assert_string_equal(call->error_text, "Resource isn't, there");
    assert_null(call->note);
    call = parse_one_call(state, "+0 fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)");
    assert_true(call->result.is_hex);
    assert_null(call->error);
    assert_string_equal(call->note, "flags O_RDWR");
}

static void the_next_statement_is_not_taken_for_an_error(void **state)
{
    const struct scenario *scenario = parse(state, "+0 close(4) = 0\nassert state == CLOSED");
    assert_int_equal(scenario->event_count, 2);
}

static void structs_have_fields(void **state)
{
    const struct scenario_call *call =
        parse_one_call(state, "+0 bind(3, {sa_family = AF_INET, sin_port = htons(8080), "
                              "sin_addr = inet_addr(\"192.0.2.1\")}, ...) = 0");
    const struct scenario_value *address = &call->arguments[1];
    assert_int_equal(address->kind, SCENARIO_VALUE_STRUCT);
    assert_int_equal(address->child_count, 3);
    assert_int_equal(address->children[1].kind, SCENARIO_VALUE_FIELD);
    assert_string_equal(address->children[1].text, "sin_port");
    const struct scenario_value *htons = &address->children[1].children[0];
    assert_int_equal(htons->kind, SCENARIO_VALUE_CALL);
    assert_string_equal(htons->text, "htons");
    assert_int_equal(htons->children[0].integer, 8080);
}

static void a_field_can_have_arguments(void **state)
{
    const struct scenario_call *call = parse_one_call(
        state, "+0 sendmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 100}], msg_flags=0}, 0) = 100");
    const struct scenario_value *iov = &call->arguments[1].children[1];
    assert_string_equal(iov->text, "msg_iov");
    assert_int_equal(iov->child_count, 2);
    assert_int_equal(iov->children[0].integer, 1);
    assert_int_equal(iov->children[1].kind, SCENARIO_VALUE_LIST);
    assert_int_equal(iov->children[1].children[0].kind, SCENARIO_VALUE_STRUCT);
}

static void words_can_be_ored_and_strings_joined(void **state)
{
    const struct scenario_call *call =
        parse_one_call(state, "+0 f(A|0x2|C, \"ab\" \"c\\x00d\", \"cut\"..., [], -0x10) = ...");
    assert_int_equal(call->arguments[0].kind, SCENARIO_VALUE_OR);
    assert_int_equal(call->arguments[0].child_count, 3);
    assert_int_equal(call->arguments[1].text_bytes, 5);
    assert_memory_equal(call->arguments[1].text, "abc\0d", 5);
    assert_true(call->arguments[2].is_cut);
    assert_int_equal(call->arguments[3].kind, SCENARIO_VALUE_LIST);
    assert_int_equal(call->arguments[3].child_count, 0);
    assert_int_equal(call->arguments[4].integer, -16);
}

/* ---- shape -------------------------------------------------------------------------------------- */

static void a_script_has_options_notes_commands_and_events(void **state)
{
    const struct scenario *scenario = parse(
        state,
        "--ip_version=both --set=msl_us=30s\n--strict_segments // comment\n"
        "req MUST-5 9293-U10 SHLD-2\nviolates S04: \"the old FIN\"\nxfail(linux): \"it\\nfails\"\n"
        "`start`\n0 `middle`\n+0 %{ assert x, 1 }%\n`end`\n");
    assert_int_equal(scenario->option_count, 3);
    assert_string_equal(scenario->options[1].name, "set");
    assert_string_equal(scenario->options[1].value, "msl_us=30s");
    assert_string_equal(scenario->options[2].value, "");
    assert_int_equal(scenario->note_count, 5);
    assert_string_equal(scenario->notes[1].subject, "9293-U10");
    assert_string_equal(scenario->notes[2].subject, "SHLD-2");
    assert_string_equal(scenario->notes[3].reason, "the old FIN");
    assert_string_equal(scenario->notes[4].kind, "xfail");
    assert_string_equal(scenario->notes[4].subject, "linux");
    assert_string_equal(scenario->init_command, "start");
    assert_string_equal(scenario->cleanup_command, "end");
    assert_int_equal(scenario->event_count, 2);
    assert_int_equal(scenario->events[0].kind, SCENARIO_COMMAND);
    assert_int_equal(scenario->events[1].kind, SCENARIO_CODE);
    assert_string_equal(scenario->events[1].as.text.bytes, "assert x, 1");
}

static void the_scenario_keeps_a_source_of_its_own(void **state)
{
    char script[] = "0 close(3) = 0";
    const struct scenario *scenario = parse(state, script);
    memset(script, 'x', sizeof script - 1);
    assert_string_equal(scenario->source, "0 close(3) = 0");
    assert_string_equal(scenario->path, "test.pkt");
    assert_string_equal(scenario->events[0].as.call->name, "close");
}

static void definitions_of_the_caller_win_over_those_of_the_script(void **state)
{
    static const char script[] = "--define=A=1\n--define=B=\"two\"\n0 f(A, B) = 0";
    const struct parse_definition definition = {"A", "17"};
    struct parse_result result;
    scenario_parse("test.pkt", script, strlen(script), &definition, 1, *state, &result);
    assert_non_null(result.scenario);
    const struct scenario_call *call = result.scenario->events[0].as.call;
    assert_int_equal(call->arguments[0].integer, 17);
    assert_int_equal(call->arguments[1].kind, SCENARIO_VALUE_STRING);
}

static void spans_point_at_the_source(void **state)
{
    const struct scenario_event *event = parse_one(state, "\n  +0 > . 1:1(0) ack 17 win 5");
    assert_int_equal(event->span.line, 2);
    assert_int_equal(event->span.column, 3);
    assert_int_equal(event->span.length, 26);
    assert_int_equal(event->as.packet->as.tcp.ack_span.column, 17);
    assert_int_equal(event->as.packet->as.tcp.ack_span.length, 6);
}

/* ---- our own statements ------------------------------------------------------------------------- */

static void an_assertion_has_a_subject_and_conditions(void **state)
{
    const struct scenario_event *event = parse_one(
        state, "+0 assert @old state == FIN-WAIT-1, rcv.nxt != 101, snd.una <= snd.nxt-1, "
               "rto_us >= 1.5s, cwnd > 2920, irs < 0x10");
    const struct scenario_assertion *assertion = event->as.assertion;
    assert_string_equal(assertion->connection, "old");
    assert_int_equal(assertion->descriptor, -1);
    assert_int_equal(assertion->condition_count, 6);
    assert_string_equal(assertion->conditions[0].word, "FIN-WAIT-1");
    assert_string_equal(assertion->conditions[1].field, "rcv.nxt");
    assert_int_equal(assertion->conditions[1].compare, SCENARIO_NE);
    assert_int_equal(assertion->conditions[2].number.base, SCENARIO_BASE_SND_NXT);
    assert_int_equal(assertion->conditions[2].number.offset, -1);
    assert_int_equal(assertion->conditions[3].number.offset, 1500000);
    assert_int_equal(assertion->conditions[4].compare, SCENARIO_GT);
    assert_int_equal(assertion->conditions[5].number.offset, 16);
    assert_int_equal(parse_one(state, "assert fd 4 state == CLOSED")->as.assertion->descriptor, 4);
}

static void our_own_statements_need_no_time(void **state)
{
    const struct scenario_event *event = parse_one(state, "quiet for 60");
    assert_int_equal(event->kind, SCENARIO_QUIET);
    assert_int_equal(event->as.quiet_us, 60000000);
    assert_int_equal(event->time.kind, SCENARIO_TIME_RELATIVE);
    assert_int_equal(event->time.from_us, 0);
}

static void settings_have_units(void **state)
{
    const struct scenario_event *event = parse_one(state, "+1 set msl_us=2min, nagle=off");
    assert_int_equal(event->as.settings.count, 2);
    assert_string_equal(event->as.settings.items[0].name, "msl_us");
    assert_int_equal(event->as.settings.items[0].value, 120000000);
    assert_int_equal(event->as.settings.items[1].value, 0);
}

static void groups_hold_packets(void **state)
{
    const struct scenario_event *event =
        parse_one(state, "+0 batch { < . 1:1(0) ack 1 win 5 <nop> < F. 1:1(0)\n < R 1:1(0) }");
    assert_int_equal(event->kind, SCENARIO_BATCH);
    assert_int_equal(event->as.group.count, 3);
    assert_int_equal(event->as.group.items[0].as.packet->as.tcp.option_count, 1);
    event = parse_one(state, "in any order { > . 1:1(0) > @b F. 1:1(0) }");
    assert_int_equal(event->kind, SCENARIO_ANY_ORDER);
    assert_int_equal(event->as.group.count, 2);
    event = parse_one(state, "one of { > . 1:1(0) } or { > R 1:1(0) } or nothing");
    assert_int_equal(event->kind, SCENARIO_ONE_OF);
    assert_int_equal(event->as.group.count, 3);
    assert_int_equal(event->as.group.items[1].kind, SCENARIO_ALTERNATIVE);
    assert_int_equal(event->as.group.items[1].as.group.count, 1);
    assert_int_equal(event->as.group.items[2].as.group.count, 0);
}

static void a_host_can_be_named(void **state)
{
    const struct scenario_event *event = parse_one(state, "+0 a: close(3) = 0");
    assert_string_equal(event->host, "a");
    assert_string_equal(event->as.call->name, "close");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANGUAGE_TEST(a_time_is_absolute_relative_a_range_or_any),
        LANGUAGE_TEST(a_blocking_call_has_an_end),
        LANGUAGE_TEST(a_call_has_arguments_result_error_and_notes),
        LANGUAGE_TEST(the_next_statement_is_not_taken_for_an_error),
        LANGUAGE_TEST(structs_have_fields),
        LANGUAGE_TEST(a_field_can_have_arguments),
        LANGUAGE_TEST(words_can_be_ored_and_strings_joined),
        LANGUAGE_TEST(a_script_has_options_notes_commands_and_events),
        LANGUAGE_TEST(the_scenario_keeps_a_source_of_its_own),
        LANGUAGE_TEST(definitions_of_the_caller_win_over_those_of_the_script),
        LANGUAGE_TEST(spans_point_at_the_source),
        LANGUAGE_TEST(an_assertion_has_a_subject_and_conditions),
        LANGUAGE_TEST(our_own_statements_need_no_time),
        LANGUAGE_TEST(settings_have_units),
        LANGUAGE_TEST(groups_hold_packets),
        LANGUAGE_TEST(a_host_can_be_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
