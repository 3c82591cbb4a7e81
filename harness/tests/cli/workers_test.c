/* Worker processes: order, crashes, hangs, with as many workers as one likes. */
#include "cli/workers.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Which job does what besides sending its number. */
struct plan {
    uint64_t crashes_at, exits_at, hangs_at;
    size_t message_bytes;
};
#define NOWHERE UINT64_MAX
static const struct plan harmless = {NOWHERE, NOWHERE, NOWHERE, 8};

/* Two messages a job: its number, and `message_bytes` of its low octet. */
static void job(void *context, uint64_t number, struct worker_outlet *outlet)
{
    const struct plan *plan = context;
    worker_send(outlet, &number, sizeof number, false);
    if (number == plan->crashes_at) {
        (void)raise(SIGKILL); /* not SIGABRT, which sanitizers turn into something else */
    }
    if (number == plan->exits_at) {
        _exit(9);
    }
    while (number == plan->hangs_at) {
        (void)pause();
    }
    uint8_t *bytes = malloc(plan->message_bytes);
    assert_non_null(bytes);
    memset(bytes, (int)(number & 0xff), plan->message_bytes);
    worker_send(outlet, bytes, plan->message_bytes, true);
    free(bytes);
}

static void no_idling(void *context)
{
    (void)context;
}

/* Takes every message and checks order and contents; returns how many jobs died, the last death's
 * words in `death`. */
static unsigned take_all(struct worker_pool *pool, const struct plan *plan, uint64_t jobs,
                         char *death, size_t death_bytes)
{
    unsigned deaths = 0;
    uint64_t expected = 0;
    bool has_number = false;
    for (struct worker_message message; workers_next(pool, no_idling, NULL, &message);) {
        assert_int_equal(message.job, expected);
        if (message.death != NULL) {
            assert_true(message.is_last);
            (void)snprintf(death, death_bytes, "%s", message.death);
            deaths++;
        } else if (!has_number) {
            uint64_t number = 0;
            assert_int_equal(message.count, sizeof number);
            memcpy(&number, message.bytes, sizeof number);
            assert_int_equal(number, expected);
            assert_false(message.is_last);
        } else {
            assert_int_equal(message.count, plan->message_bytes);
            assert_int_equal(message.bytes[message.count - 1], expected & 0xff);
            assert_true(message.is_last);
        }
        has_number = !message.is_last;
        expected += message.is_last;
    }
    assert_int_equal(expected, jobs);
    return deaths;
}

static void expect_deaths(uint32_t workers, uint64_t jobs, const struct plan *plan,
                          unsigned expected_deaths, const char *expected_words)
{
    struct plan copy = *plan;
    char death[96] = "";
    char room[64] = "";
    struct worker_pool *pool = workers_start(workers, jobs, 1, job, &copy);
    assert_non_null(pool);
    assert_int_equal(take_all(pool, plan, jobs, death, sizeof death), expected_deaths);
    assert_string_equal(death, expected_words);
    assert_null(workers_stop(pool, room, sizeof room));
}

static void messages_come_in_the_order_of_the_jobs(void **state)
{
    (void)state;
    for (uint32_t workers = 0; workers <= 5; workers++) {
        expect_deaths(workers, 23, &harmless, 0, "");
    }
    expect_deaths(3, 0, &harmless, 0, "");
    expect_deaths(5, 2, &harmless, 0, "");
}

static void messages_larger_than_a_pipe_come_whole(void **state)
{
    (void)state;
    struct plan plan = harmless;
    plan.message_bytes = 3000000; /* some workers reach their backlog's end, too */
    expect_deaths(3, 20, &plan, 0, "");
}

static void a_crash_costs_only_its_own_job(void **state)
{
    (void)state;
    for (uint64_t at = 0; at < 7; at++) {
        struct plan plan = harmless;
        plan.crashes_at = at;
        expect_deaths(2, 7, &plan, 1, "the process running it crashed: signal 9, Killed");
    }
}

static void leaving_in_the_midst_of_a_job_is_a_crash(void **state)
{
    (void)state;
    struct plan plan = harmless;
    plan.exits_at = 2;
    expect_deaths(1, 4, &plan, 1, "the process running it crashed: exit code 9");
}

static void a_hang_is_killed_and_costs_only_its_own_job(void **state)
{
    (void)state;
    struct plan plan = harmless;
    plan.hangs_at = 3;
    expect_deaths(2, 9, &plan, 1, "no end after 1 s of real time: killed");
}

static void job_that_ends_the_process_badly_later(void *context, uint64_t number,
                                                  struct worker_outlet *outlet)
{
    (void)context;
    worker_send(outlet, &number, sizeof number, true);
    _exit(23);
}

static void a_bad_end_after_the_last_job_is_told_at_the_stop(void **state)
{
    (void)state;
    char room[64] = "";
    struct worker_pool *pool = workers_start(1, 1, 1, job_that_ends_the_process_badly_later, NULL);
    struct worker_message message;
    assert_true(workers_next(pool, no_idling, NULL, &message));
    assert_null(message.death);
    assert_false(workers_next(pool, no_idling, NULL, &message));
    assert_string_equal(workers_stop(pool, room, sizeof room), "exit code 23");
}

static void a_pool_can_be_stopped_before_its_jobs_are_done(void **state)
{
    (void)state;
    struct plan plan = harmless;
    plan.hangs_at = 1;
    char room[64] = "";
    struct worker_pool *pool = workers_start(2, 100, 60, job, &plan);
    struct worker_message message;
    assert_true(workers_next(pool, no_idling, NULL, &message));
    assert_null(workers_stop(pool, room, sizeof room));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_come_in_the_order_of_the_jobs),
        cmocka_unit_test(messages_larger_than_a_pipe_come_whole),
        cmocka_unit_test(a_crash_costs_only_its_own_job),
        cmocka_unit_test(leaving_in_the_midst_of_a_job_is_a_crash),
        cmocka_unit_test(a_hang_is_killed_and_costs_only_its_own_job),
        cmocka_unit_test(a_bad_end_after_the_last_job_is_told_at_the_stop),
        cmocka_unit_test(a_pool_can_be_stopped_before_its_jobs_are_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
