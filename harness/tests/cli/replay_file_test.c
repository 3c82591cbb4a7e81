/* What a process can do when an input is played in it, and what is said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/replay_file.h"

static int nothing(const char *path)
{
    (void)path;
    (void)fputs("a remark\n", stderr);
    return 0;
}

static int something(const char *path)
{
    (void)fprintf(stderr, "a remark\nW00 of %s\n", path);
    return 1;
}

static int crash(const char *path)
{
    (void)path;
    (void)fputs("about to\n", stderr);
    (void)fflush(stderr);
    abort();
}

static int no_input(const char *path)
{
    (void)path;
    (void)fputs("cannot be read\n", stderr);
    return 3;
}

static int hang(const char *path)
{
    (void)path;
    while (pause() < 0) { /* it never is not */
    }
    return 0;
}

/* Finds something when the file is there, and takes it away. */
static int now_and_then(const char *path)
{
    return unlink(path) == 0 ? something("then") : 0;
}

static void each_ending_has_its_name(void **state)
{
    (void)state;
    struct replay_outcome outcome;
    replay_file("x", nothing, 10, &outcome);
    assert_int_equal(outcome.state, REPLAY_FIXED);
    assert_string_equal(outcome.words, "");
    replay_file("x", something, 10, &outcome);
    assert_int_equal(outcome.state, REPLAY_REPRODUCED);
    assert_string_equal(outcome.words, "W00 of x");
    replay_file("x", no_input, 10, &outcome);
    assert_int_equal(outcome.state, REPLAY_REFUSED);
    assert_int_equal(outcome.code, 3);
    assert_string_equal(outcome.words, "cannot be read");
}

static void a_crash_is_a_finding_and_so_is_a_hang(void **state)
{
    (void)state;
    struct replay_outcome outcome;
    replay_file("x", crash, 10, &outcome);
    assert_int_equal(outcome.state, REPLAY_REPRODUCED);
    assert_string_equal(outcome.words, "Aborted: about to");
    replay_file("x", hang, 1, &outcome);
    assert_int_equal(outcome.state, REPLAY_REPRODUCED);
    assert_string_equal(outcome.words, "it hangs: ");
}

static void what_differs_from_time_to_time_is_flaky(void **state)
{
    (void)state;
    char path[] = "/tmp/replay_file_test.XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0);
    (void)close(file);
    struct replay_outcome outcome;
    replay_file(path, now_and_then, 10, &outcome);
    assert_int_equal(outcome.state, REPLAY_FLAKY);
    assert_string_equal(outcome.words, "W00 of then");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_ending_has_its_name),
        cmocka_unit_test(a_crash_is_a_finding_and_so_is_a_hang),
        cmocka_unit_test(what_differs_from_time_to_time_is_flaky),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
