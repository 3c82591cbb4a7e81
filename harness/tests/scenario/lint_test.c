/* Each rule fires where it should, at the right place, and not where it should not. */
#include "run/run.h"
#include "scenario/lint.h"
#include "support.h"

/* Around what is tested, so that nothing else is wrong. */
#define OPEN                                                                                       \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n"                      \
    "+0 listen(3, 1) = 0\n"
#define SHAKE "+0 < S 0:0(0) win 1000\n+0 > S. 0:0(0) ack 1 <...>\n+0 < . 1:1(0) ack 1\n"

static struct lint_result lint(void **state, const char *script)
{
    const struct lint_knowledge knowledge = {.knows_field = run_knows_field,
                                             .knows_counter = run_knows_counter};
    struct lint_result result;
    arena_reset(*state);
    scenario_lint(parse(state, script), &knowledge, *state, &result);
    return result;
}

struct bad_script {
    enum lint_rule rule;
    const char *script;
    uint32_t line;
    const char *marked; /* what the caret stands under */
};

static const struct bad_script bad_scripts[] = {
    {LINT_TIME_BACK, "0 close(3) = -1 EBADF\n+1 close(3) = -1 EBADF\n.5 close(3) = -1 EBADF\n", 3,
     ".5"},
    {LINT_TIME_BACK, "quiet for 2s\n1.999999 close(3) = -1 EBADF\n", 2, "1.999999"},
    {LINT_TIME_BACK, OPEN SHAKE "+1~+2 > . 1:1(0)\n.5~.9 > . 1:1(0)\n", 8, ".5~.9"},
    {LINT_UNREACHABLE, OPEN "+0 > S 0:0(0)\n", 4, "+0 > S 0:0(0)"},
    {LINT_UNREACHABLE, OPEN SHAKE "one of { > . 1:1(0) } or { > . 1:1(0) }\n", 7, "{ > . 1:1(0) }"},
    {LINT_UNREACHABLE, OPEN SHAKE "assert cwnd == 1, state == LISTEN, cwnd == 2\n", 7, "cwnd == 2"},
    {LINT_UNREACHABLE,
     OPEN "+0 < @a S 0:0(0)\n+0 > @a S. 0:0(0)\nassert @a state == CLOSED\n+0 > @a . 1:1(0)\n", 7,
     "."},
    {LINT_UNKNOWABLE, OPEN "+0 < S 0:0(0)\n+0 < . 1:1(0) ack 1\n+0 > S. 0:0(0)\n", 5, "1"},
    {LINT_UNKNOWABLE, OPEN "+0 < R snd.nxt:snd.nxt(0)\nquiet for 1s\n", 4, "snd.nxt"},
    {LINT_UNKNOWABLE, OPEN "+0 < S 0:0(0)\n+0 < . 1:1(0) ack iss+1\n+0 > S. 0:0(0)\n", 5, "iss+1"},
    {LINT_NO_EXPECTATION, OPEN "+0 < S 0:0(0)\n", 4, "+0 < S 0:0(0)"},
    {LINT_UNBOUND_LABEL, OPEN SHAKE "+0 < @new F. 1:1(0) ack 1\n+0 > @new . 1:1(0)\n", 7, "@new"},
    {LINT_UNBOUND_LABEL, OPEN SHAKE "+1 assert @old state == CLOSED\n", 7, "@old"},
    {LINT_UNUSED_LABEL, OPEN "+0 < @a S 0:0(0)\n+0 > S. 0:0(0)\n", 4, "@a"},
    {LINT_UNBOUND_FD, OPEN SHAKE "+0 read(4, ..., 10) = 10\n", 7, "4"},
    {LINT_UNBOUND_FD, OPEN SHAKE "assert fd 4 state == LISTEN\n", 7, "assert fd 4 state == LISTEN"},
    {LINT_CLOSED_FD, OPEN SHAKE "+0 close(3) = 0\n+0 close(3) = 0\n", 8, "3"},
    {LINT_UNUSED_FD, OPEN SHAKE "+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 5\n", 7, "5"},
    {LINT_UNKNOWN_FIELD, OPEN SHAKE "assert state == LISTEN, snd.unna == 1\n", 7, "snd.unna"},
    {LINT_UNKNOWN_STATE, OPEN SHAKE "assert state == SYN-RECV\n", 7, "SYN-RECV"},
    {LINT_UNKNOWN_STATE, OPEN SHAKE "assert state == 3\n", 7, "3"},
    {LINT_UNKNOWN_SETTING, "--set=msll_us=30s\n" OPEN SHAKE, 1, "--set=msll_us=30s"},
    {LINT_UNKNOWN_SETTING, OPEN SHAKE "set mtu=1400, nagel=0\n", 7, "nagel=0"},
    {LINT_DUPLICATE, "--mode=strict\n--mode=compat\n" OPEN SHAKE, 2, "--mode=compat"},
    {LINT_DUPLICATE, "--set=mtu=1 --set=mtu=2\n" OPEN SHAKE, 1, "--set=mtu=2"},
    {LINT_DUPLICATE, "req MUST-5 MUST-5\n" OPEN SHAKE, 1, "MUST-5"},
    {LINT_DUPLICATE, OPEN SHAKE "set mtu=1, mtu=2\n", 7, "mtu=2"},
    {LINT_DEPRECATED, OPEN SHAKE "+0 < (ect0) . 1:1(0) ack 1\n", 7, "(ect0)"},
    {LINT_DEPRECATED, OPEN "+0 < S 0:0(0) <FOEXP>\n+0 > S. 0:0(0)\n", 4, "FOEXP"},
    {LINT_NO_EFFECT, "--wire_client\n" OPEN SHAKE, 1, "--wire_client"},
    {LINT_NO_EFFECT, "--tolerance_percent=10\n" OPEN SHAKE, 1, "--tolerance_percent=10"},
    {LINT_DUPLICATE, "--local_ip=::1 --local_ip=::2\n" OPEN SHAKE, 1, "--local_ip=::2"},
    {LINT_DUPLICATE, "--limit=paths=1 --limit=paths=2\n" OPEN SHAKE, 1, "--limit=paths=2"},
    {LINT_ONE_HOST, OPEN SHAKE "+0 a>b #3 drop\n", 7, "+0 a>b #3 drop"},
    {LINT_ONE_HOST, OPEN SHAKE "+0 a: close(3) = 0\n", 7, "+0 a: close(3) = 0"},
    {LINT_EMPTY_EDIT, "--hosts=2\n" OPEN SHAKE "+0 a>b #3 delay 0s\n", 8, "delay 0s"},
    {LINT_EMPTY_EDIT, "--hosts=2\n" OPEN SHAKE "+0 a>b #3 part 0s\n", 8, "part 0s"},
    {LINT_EMPTY_EDIT, "--hosts=2\n" OPEN SHAKE "+0 b>a #3 corrupt 3 xor 0\n", 8, "corrupt 3 xor 0"},
    {LINT_EMPTY_EDIT, "--hosts=2\n" OPEN SHAKE "+0 a>b #3-5 mtu 0 silent\n", 8, "mtu 0 silent"},
};
#define BAD_COUNT (sizeof bad_scripts / sizeof bad_scripts[0])

static void each_rule_fires_at_its_place(void **state)
{
    for (size_t i = 0; i < BAD_COUNT; i++) {
        const struct bad_script *bad = &bad_scripts[i];
        const struct lint_result result = lint(state, bad->script);
        if (result.count != 1) {
            print_error("%zu findings in\n%s", result.count, bad->script);
            for (size_t j = 0; j < result.count; j++) {
                print_error("%s: %s\n", lint_rule_id(result.findings[j].rule),
                            result.findings[j].diagnostic.message);
            }
        }
        assert_int_equal(result.count, 1);
        const struct diagnostic *diagnostic = &result.findings[0].diagnostic;
        const char *marked =
            arena_copy_text(*state, bad->script + diagnostic->span.offset, diagnostic->span.length);
        assert_string_equal(lint_rule_id(result.findings[0].rule), lint_rule_id(bad->rule));
        assert_string_equal(marked, bad->marked);
        assert_int_equal(diagnostic->span.line, bad->line);
    }
}

static void each_rule_is_tried_and_has_words(void **state)
{
    (void)state;
    for (int rule = 0; rule < LINT_RULE_COUNT; rule++) {
        size_t count = 0;
        for (size_t i = 0; i < BAD_COUNT; i++) {
            count += (int)bad_scripts[i].rule == rule;
        }
        assert_true(count > 0);
        assert_int_equal(strncmp(lint_rule_id((enum lint_rule)rule), "lint-", 5), 0);
        assert_true(strlen(lint_rule_reason((enum lint_rule)rule)) > 10);
    }
}

/* Near what fires, and still right. */
static const char *const good_scripts[] = {
    OPEN SHAKE "+1 > . 1:1(0)\n1 > . 1:1(0)\n* > . 2:2(0)\n.9~1.1 > . 1:1(0)\n",
    OPEN "quiet for 2s\n2 close(3) = 0\n",
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0...1 connect(3, ..., ...) = 0\n"
    "+0 > S 0:0(0)\n+0 < S. 0:0(0) ack 1\n+0 < . 1:1(0) ack snd.nxt\n",
    /* No connection: the peer's numbers count from nothing. */
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n"
    "+0 < . 1:1(0) ack 1\n+0 > R 1:1(0)\n",
    OPEN "+0 < S 0:0(0)\n+0 < . 1:1(0) ack 1!\n+0 > S. 0:0(0)\n",
    "--set=fixed_iss=1 --set=iss=0\n" OPEN "+0 < S 0:0(0)\n+0 < . 1:1(0) ack 1\n+0 > S. 0:0(0)\n",
    OPEN SHAKE "one of { > . 1:1(0) } or { > . 1:1(0) > . 2:2(0) } or nothing\n",
    OPEN "one of { > . 1:1(0) } or nothing\n",
    "--limit=paths=1 --limit=streams=2\n" OPEN SHAKE,
    "--local_ip=192.168.9.1 --local_ip=fd00::9\n" OPEN SHAKE,
    /* Labels that calls bind. */
    OPEN SHAKE "+0 accept(3, ..., ...) = 4\n+0 < @fd4 F. 1:1(0) ack 1\n+0 > @fd4 . 1:1(0) ack 2\n"
               "+0 assert @fd4 state == CLOSE-WAIT\n",
    "0 tcp.open(passive, ..., ...) = c1\n" SHAKE "+0 tcp.accept(c1) = c2\n"
    "+0 tcp.close(c2) = 0\n+0 > @c2 F. 1:1(0) ack 1\n",
    OPEN SHAKE "assert state != LISTEN, state == CLOSED, rcv_nxt >= 1, rcv_nxt >= 2, cwnd == 3\n",
    OPEN "+0 < @a S 0:0(0)\n+0 > @a S. 0:0(0)\nassert @a state == CLOSED\n+0 > @a R 1:1(0)\n",
    OPEN "+0 < @a S 0:0(0)\n+0 > @a S. 0:0(0)\nassert @a state == CLOSED\n+0 < @a . 1:1(0)\n",
    OPEN SHAKE "in any order { > @a . 1:1(0) > @a S 0:0(0) }\n",
    OPEN SHAKE "+0 accept(3, ..., ...) = 4\n",
    OPEN SHAKE "+0 close(3) = 0\n+0 close(3) = -1 EBADF\n+0 socket(..., SOCK_STREAM, 0) = 3\n"
               "+0 close(3) = 0\n",
    OPEN SHAKE "+0 epoll_create(1) = 5\n+0 epoll_ctl(5, EPOLL_CTL_ADD, 3, ...) = 0\n"
               "+0 pipe([6, 7]) = 0\n+0 close(7) = 0\n+0 socket(..., SOCK_STREAM, 0) = 8\n"
               "+0 poll([{fd=8, events=POLLIN}], 1, 0) = 0\n",
    OPEN "+0 read(3, ..., 10) = -1 ENOTCONN\n",
    "--mode=causes\n+0 < 8000 > 80 S 0:0(0)\n+0 < 8000 > 80 . rcv.nxt:rcv.nxt(0) ack snd.nxt\n",
    "--set=mtu=1400 --set=msl_us=30s\n--define=A=1\n--define=B=1\nreq MUST-5 MUST-6\n" OPEN SHAKE,
    OPEN SHAKE "+0 < [ect0] . 1:1(0) ack 1 <FO 0011>\n",
    "--hosts=2\n" OPEN SHAKE "+0 a>b #3 mtu 0\n+0 b>a #1-4 mtu 600 silent\n+0 a>b #1 part 30s\n"
    "+0 a>b #2 duplicate 0s\n+0 a>b #2 unreachable host_unreachable\n",
};

static void what_is_right_is_left_alone(void **state)
{
    for (size_t i = 0; i < sizeof good_scripts / sizeof good_scripts[0]; i++) {
        const struct lint_result result = lint(state, good_scripts[i]);
        if (result.count > 0) {
            print_error("%s in\n%s", lint_rule_id(result.findings[0].rule), good_scripts[i]);
        }
        assert_int_equal(result.count, 0);
    }
}

static void wrong_names_are_mended(void **state)
{
    const struct lint_result result =
        lint(state, OPEN SHAKE "assert snd.unaa == 1, state == LISTN\nset nagl=0\n");
    assert_int_equal(result.count, 3);
    assert_string_equal(result.findings[0].diagnostic.suggestion, "snd.una");
    assert_string_equal(result.findings[1].diagnostic.suggestion, "LISTEN");
    assert_string_equal(result.findings[2].diagnostic.suggestion, "nagle");
}

static void findings_come_in_the_order_of_the_text_up_to_a_limit(void **state)
{
    struct text text = TEXT_EMPTY;
    text_string(&text, OPEN SHAKE);
    for (int i = 0; i < 2 * LINT_FINDINGS_MAX; i++) {
        text_string(&text, "assert foo == 1\n0 assert bar == 1\n+1 assert baz == 1\n");
    }
    const struct lint_result result = lint(state, text_read(&text));
    assert_int_equal(result.count, LINT_FINDINGS_MAX);
    assert_true(result.stopped_early);
    for (size_t i = 1; i < result.count; i++) {
        assert_true(result.findings[i - 1].diagnostic.span.offset <=
                    result.findings[i].diagnostic.span.offset);
    }
    text_free(&text);
}

/* As many labels and descriptors as events: neither time nor memory explodes. */
static void many_names_are_no_burden(void **state)
{
    struct text text = TEXT_EMPTY;
    text_string(&text, OPEN SHAKE);
    for (int i = 10; i < 50000; i++) {
        text_format(&text, "+0 < @c%d S 0:0(0)\n+0 > @c%d S. 0:0(0)\n+0 accept(3, ..., ...) = %d\n",
                    i, i, i);
    }
    assert_int_equal(lint(state, text_read(&text)).count, 0);
    assert_true(arena_bytes(*state) < 200 * text.length);
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANGUAGE_TEST(each_rule_fires_at_its_place),
        LANGUAGE_TEST(each_rule_is_tried_and_has_words),
        LANGUAGE_TEST(what_is_right_is_left_alone),
        LANGUAGE_TEST(wrong_names_are_mended),
        LANGUAGE_TEST(findings_come_in_the_order_of_the_text_up_to_a_limit),
        LANGUAGE_TEST(many_names_are_no_burden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
