/* A slip of the pen in a name is an error that says what may have been meant; only what others know
 * and we cannot run yet is skipped. */
#include "run_text.h"

#include "run/runner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *line;
    enum run_verdict verdict;
    const char *words;
};

static const struct row rows[] = {
    {"+0 reed(4, ..., 10) = 5", RUN_INVALID, "there is no call reed; did you mean read?"},
    {"+0 xyzzy(4) = 5", RUN_INVALID, "there is no call xyzzy"},
    {"+0 sendfile(4, 5, [0], 9) = 9", RUN_SKIPPED, "sendfile() cannot run yet"},
    {"+0 sendfil(4, 5, [0], 9) = 9", RUN_INVALID, "did you mean sendfile?"},
    {"+0 setsockopt(4, SOL_TCP, TCP_NODELAYY, [1], 4) = 0", RUN_INVALID,
     "there is no word TCP_NODELAYY; did you mean TCP_NODELAY?"},
    {"+0 setsockopt(4, SOL_TCP, TCP_FASTOPEN, [1], 4) = 0", RUN_SKIPPED,
     "TCP_FASTOPEN cannot run yet"},
    {"+0 setsockopt(4, SOL_IPV6, IPV6_V6ONLY, [1], 4) = 0", RUN_SKIPPED, "cannot run yet"},
    {"+0 setsockopt(4, SOL_TCP, QUUX, [1], 4) = 0", RUN_INVALID, "there is no word QUUX"},
    {"+0 assert state == ESTABLISHD", RUN_INVALID,
     "there is no state ESTABLISHD; did you mean ESTABLISHED?"},
    {"+0 assert state != ESTABLISHD", RUN_INVALID, "there is no state ESTABLISHD"},
    {"+0 assert state != CLOSED", RUN_PASSED, NULL},
    {"+0 assert snd.nxt >= FOO", RUN_INVALID, "snd.nxt is compared with a number, not with FOO"},
    {"+0 assert rcv.nxxt == 1", RUN_INVALID, "a connection has no rcv.nxxt; did you mean rcv.nxt?"},
};

static void a_wrong_letter_does_not_remove_a_test(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char script[1000];
        assert_in_range(snprintf(script, sizeof script, "%s%s\n", HANDSHAKE, rows[i].line), 1,
                        sizeof script - 1);
        const struct run_outcome *outcome = run_text(state, &sut_core, script);
        if (rows[i].verdict == RUN_PASSED) {
            assert_passed(outcome);
        } else {
            assert_outcome(outcome, rows[i].verdict, rows[i].words);
        }
    }
}

static void other_peoples_scripts_may_know_more(void **state)
{
    ((struct test_run *)*state)->options.mode = RUN_COMPAT;
    assert_outcome(run_text(state, &sut_core, HANDSHAKE "+0 xyzzy(4) = 5\n"), RUN_SKIPPED,
                   "the call xyzzy is not known");
    assert_outcome(run_text(state, &sut_core, HANDSHAKE "+0 reed(4, ..., 10) = 5\n"), RUN_INVALID,
                   "did you mean read?");
}

static void the_ip_version_is_one_that_exists(void **state)
{
    assert_outcome(run_text(state, &sut_core, "--ip_version=ipv7\n" HANDSHAKE), RUN_INVALID,
                   "--ip_version is ipv4, ipv6 or both, not ipv7");
}

static void every_word_of_the_calls_is_found(void **state)
{
    struct test_run *test = *state;
    size_t count;
    const char *const *names = symbols_names(test->arena, &count);
    assert_int_not_equal(count, 0);
    for (size_t i = 0; i < count; i++) {
        int64_t value;
        if (!symbols_find(names[i], strlen(names[i]), &value)) {
            fail_msg("%s is not found", names[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_wrong_letter_does_not_remove_a_test, run_text_setup,
                                        run_text_teardown),
        cmocka_unit_test_setup_teardown(other_peoples_scripts_may_know_more, run_text_setup,
                                        run_text_teardown),
        cmocka_unit_test_setup_teardown(the_ip_version_is_one_that_exists, run_text_setup,
                                        run_text_teardown),
        cmocka_unit_test_setup_teardown(every_word_of_the_calls_is_found, run_text_setup,
                                        run_text_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
