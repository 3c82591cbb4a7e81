/* The adapter contract, held against our own stack: a peer made of bytes shakes hands, sends and
 * closes; blocked calls come back under their cookies; a run in which the stack moves to fresh memory
 * after every step gives the same bytes. */
#include "bench.h"

#define LARGE_BYTES 150000

static void bytes_shake_hands_and_a_blocked_accept_comes_back_under_its_cookie(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, false);
    establish(&bench);
    assert_int_equal(inspect(&bench, 1).state, TCB_ESTABLISHED);
    assert_true(bench.steps >= 3);
    assert_true(bench.states >= 2);
    assert_sound(&bench);
    close_bench(&bench);
}

static void a_blocked_read_gets_the_bytes_and_then_the_end(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, false);
    establish(&bench);
    uint8_t bytes[100] = {0};
    const struct sut_call first = {
        .kind = SUT_CALL_READ, .fd = 4, .cookie = 2, .bytes = bytes, .count = sizeof bytes};
    assert_true(call(&bench, first).is_pending);
    peer_sends(&bench, TCP_FLAG_ACK | TCP_FLAG_PSH | TCP_FLAG_FIN, "request", 7);
    assert_true(bench.is_done[2]);
    assert_int_equal(bench.done[2].value, 7);
    assert_memory_equal(bytes, "request", 7);
    struct sut_call second = first;
    second.cookie = 3;
    const struct sut_result end = call(&bench, second);
    assert_false(end.is_pending);
    assert_int_equal(end.value, 0);
    assert_int_equal(inspect(&bench, 1).state, TCB_CLOSE_WAIT);
    assert_sound(&bench);
    close_bench(&bench);
}

static void a_blocked_write_continues_as_the_peer_acknowledges(void **state)
{
    (void)state;
    static uint8_t bytes[LARGE_BYTES];
    for (size_t index = 0; index < sizeof bytes; index++)
        bytes[index] = (uint8_t)(index * 31 + index / 253);
    struct bench bench;
    open_bench(&bench, false);
    establish(&bench);
    const struct sut_call write = {
        .kind = SUT_CALL_WRITE, .fd = 4, .cookie = 5, .bytes = bytes, .count = sizeof bytes};
    assert_true(call(&bench, write).is_pending);
    for (int turn = 0; turn < 1000 && bench.stack_next != STACK_ISS + 1 + LARGE_BYTES; turn++)
        peer_sends(&bench, TCP_FLAG_ACK, NULL, 0);
    assert_true(bench.is_done[5]);
    assert_int_equal(bench.done[5].value, LARGE_BYTES);
    assert_int_equal(bench.stack_next, STACK_ISS + 1 + LARGE_BYTES);
    assert_memory_equal(bench.stream, bytes, sizeof bytes);
    assert_sound(&bench);
    close_bench(&bench);
}

static void errors_have_their_names(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, false);
    const struct sut_call close = {.kind = SUT_CALL_CLOSE, .fd = 9, .cookie = 6};
    const struct sut_result result = call(&bench, close);
    assert_int_equal(result.value, -1);
    assert_string_equal(result.error, "EBADF");
    const struct sut_call open = {.kind = SUT_CALL_SOCKET, .number = 4 + 256};
    assert_string_equal(call(&bench, open).error, "EAFNOSUPPORT");
    close_bench(&bench);
}

static void a_refused_connect_is_reported_under_its_cookie(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, false);
    const struct sut_call open = {.kind = SUT_CALL_SOCKET, .number = 4};
    assert_int_equal(call(&bench, open).value, 3);
    const struct sut_call bind = {.kind = SUT_CALL_BIND, .fd = 3, .endpoint = {bench.local, 80}};
    assert_int_equal(call(&bench, bind).value, 0);
    const struct sut_call connect = {
        .kind = SUT_CALL_CONNECT, .fd = 3, .cookie = 7, .endpoint = {bench.remote, 2000}};
    assert_true(call(&bench, connect).is_pending);
    assert_int_equal(bench.last.flags, TCP_FLAG_SYN);
    peer_sends(&bench, TCP_FLAG_RST | TCP_FLAG_ACK, NULL, 0);
    assert_true(bench.is_done[7]);
    assert_int_equal(bench.done[7].value, -1);
    assert_string_equal(bench.done[7].error, "ECONNREFUSED");
    close_bench(&bench);
}

static void inspect_finds_listeners_and_calls_no_record_closed(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, false);
    assert_int_equal(inspect(&bench, 0).state, TCB_CLOSED);
    establish(&bench);
    const struct sut_call listener = {.kind = SUT_CALL_INSPECT,
                                      .flow = {{bench.local, 80}, {{{0}, 4}, 0}}};
    assert_int_equal(call(&bench, listener).status.state, TCB_LISTEN);
    peer_sends(&bench, TCP_FLAG_RST, NULL, 0);
    assert_int_equal(inspect(&bench, 0).state, TCB_CLOSED);
    close_bench(&bench);
}

static void the_configuration_can_be_replaced_unless_it_makes_no_sense(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, false);
    struct tcp_config changed = bench.config;
    changed.msl_us = 1000;
    const struct sut_call good = {.kind = SUT_CALL_CONFIGURE, .config = &changed};
    assert_null(call(&bench, good).error);
    changed.mtu = 1;
    assert_non_null(call(&bench, good).error);
    close_bench(&bench);
}

static void a_configuration_that_makes_no_sense_is_refused_with_a_sentence(void **state)
{
    (void)state;
    struct tcp_config config;
    assert_true(tcp_config_profile("rfc", &config));
    config.mtu = 1;
    const struct sut_setup setup = {.config = &config, .start = {START_US}};
    const char *error = NULL;
    assert_null(sut_core.create(&setup, &error));
    assert_non_null(error);
}

static void buffers_as_large_as_the_configuration_says_fit(void **state)
{
    (void)state;
    struct tcp_config config;
    assert_true(tcp_config_profile("rfc", &config));
    config.send_buffer_bytes = 1000000;
    const struct sut_setup setup = {.config = &config, .start = {START_US}};
    const char *error = NULL;
    struct sut_instance *instance = sut_core.create(&setup, &error);
    assert_non_null(instance);
    sut_core.destroy(instance);
}

/* A whole exchange, TIME-WAIT and retransmission included. */
static void play(struct bench *bench)
{
    static uint8_t bytes[LARGE_BYTES];
    for (size_t index = 0; index < sizeof bytes; index++)
        bytes[index] = (uint8_t)(index * 31 + index / 253);
    establish(bench);
    uint8_t request[16] = {0};
    const struct sut_call read = {
        .kind = SUT_CALL_READ, .fd = 4, .cookie = 2, .bytes = request, .count = sizeof request};
    (void)call(bench, read);
    peer_sends(bench, TCP_FLAG_ACK | TCP_FLAG_PSH, "GET /", 5);
    const struct sut_call write = {
        .kind = SUT_CALL_WRITE, .fd = 4, .cookie = 5, .bytes = bytes, .count = sizeof bytes};
    (void)call(bench, write);
    pass(bench, 5000000); /* nobody acknowledges: it is sent again */
    for (int turn = 0; turn < 1000 && !bench->is_done[5]; turn++)
        peer_sends(bench, TCP_FLAG_ACK, NULL, 0);
    const struct sut_call close = {.kind = SUT_CALL_CLOSE, .fd = 4};
    (void)call(bench, close);
    for (int turn = 0; turn < 100 && inspect(bench, 1).state != TCB_FIN_WAIT_2; turn++)
        peer_sends(bench, TCP_FLAG_ACK, NULL, 0);
    peer_sends(bench, TCP_FLAG_ACK | TCP_FLAG_FIN, NULL, 0);
    assert_int_equal(inspect(bench, 1).state, TCB_TIME_WAIT);
    pass(bench, 2 * bench->config.msl_us);
    assert_int_equal(inspect(bench, 0).state, TCB_CLOSED);
    assert_sound(bench);
}

static void moving_the_stack_after_every_step_changes_nothing(void **state)
{
    (void)state;
    struct bench still;
    struct bench moving;
    open_bench(&still, false);
    open_bench(&moving, true);
    play(&still);
    play(&moving);
    assert_true(still.packets > 100);
    assert_string_equal(text_read(&moving.log), text_read(&still.log));
    close_bench(&still);
    close_bench(&moving);
}

static void two_instances_know_nothing_of_each_other(void **state)
{
    (void)state;
    struct bench first;
    struct bench second;
    open_bench(&first, false);
    establish(&first);
    open_bench(&second, false);
    assert_int_equal(inspect(&second, 0).state, TCB_CLOSED);
    establish(&second);
    close_bench(&first);
    assert_int_equal(inspect(&second, 1).state, TCB_ESTABLISHED);
    close_bench(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_shake_hands_and_a_blocked_accept_comes_back_under_its_cookie),
        cmocka_unit_test(a_blocked_read_gets_the_bytes_and_then_the_end),
        cmocka_unit_test(a_blocked_write_continues_as_the_peer_acknowledges),
        cmocka_unit_test(errors_have_their_names),
        cmocka_unit_test(a_refused_connect_is_reported_under_its_cookie),
        cmocka_unit_test(inspect_finds_listeners_and_calls_no_record_closed),
        cmocka_unit_test(the_configuration_can_be_replaced_unless_it_makes_no_sense),
        cmocka_unit_test(a_configuration_that_makes_no_sense_is_refused_with_a_sentence),
        cmocka_unit_test(buffers_as_large_as_the_configuration_says_fit),
        cmocka_unit_test(moving_the_stack_after_every_step_changes_nothing),
        cmocka_unit_test(two_instances_know_nothing_of_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
