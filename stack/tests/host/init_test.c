/* Making a host: its size, refused arguments, and the configuration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

static struct tcp_config profile(void)
{
    struct tcp_config config;
    assert_true(tcp_config_profile("rfc", &config));
    return config;
}

static void the_size_grows_with_every_limit(void **state)
{
    (void)state;
    const struct tcp_limits limits = tcp_limits_small();
    const size_t bytes = tcp_host_bytes(&limits);
    assert_true(bytes > 16 * 2 * 65536);
    for (size_t at = 0; at < sizeof limits / sizeof(uint32_t); at++) {
        struct tcp_limits larger = limits;
        uint32_t numbers[sizeof limits / sizeof(uint32_t)];
        memcpy(numbers, &larger, sizeof larger);
        numbers[at] *= 2;
        memcpy(&larger, numbers, sizeof larger);
        assert_true(tcp_host_bytes(&larger) > bytes);
    }
}

static void limits_that_cannot_be_have_no_size(void **state)
{
    (void)state;
    struct tcp_limits limits = tcp_limits_small();
    limits.connections = 0;
    assert_int_equal(tcp_host_bytes(&limits), 0);
    limits = tcp_limits_small();
    limits.answers = 0;
    assert_int_equal(tcp_host_bytes(&limits), 0);
    for (size_t at = 0; at < sizeof limits / sizeof(uint32_t); at++) {
        uint32_t numbers[sizeof limits / sizeof(uint32_t)];
        limits = tcp_limits_small();
        memcpy(numbers, &limits, sizeof limits);
        numbers[at] = UINT32_MAX;
        memcpy(&limits, numbers, sizeof limits);
        assert_int_equal(tcp_host_bytes(&limits), 0);
    }
}

/* The largest of everything: some 2^59 bytes, and no overflow on the way. */
static void the_largest_limits_are_measured_without_overflow(void **state)
{
    (void)state;
    const struct tcp_limits limits = {
        .connections = 1u << 28,
        .paths = 1u << 28,
        .streams = 1u << 28,
        .send_buffer_bytes = 1u << 30,
        .receive_buffer_bytes = 1u << 30,
        .islands = 1u << 16,
        .answers = 1u << 28,
        .local_addresses = 1u << 16,
        .sockets = 1u << 28,
        .operations = 1u << 28,
    };
    const size_t bytes = tcp_host_bytes(&limits);
    assert_true(bytes > (UINT64_C(1) << 59));
    struct tcp_limits half = limits;
    half.streams /= 2;
    assert_true(tcp_host_bytes(&half) < bytes);
}

static void a_block_must_be_large_aligned_and_there(void **state)
{
    (void)state;
    const struct tcp_limits limits = tcp_limits_small();
    const struct tcp_config config = profile();
    const tcp_time now = {1};
    const size_t bytes = tcp_host_bytes(&limits);
    uint8_t *block = aligned_alloc(16, (bytes + 32) / 16 * 16);
    struct tcp_host *host = NULL;
    assert_int_equal(tcp_host_init(block, bytes - 1, &limits, &config, now, &host),
                     TCP_ERROR_MEMORY);
    assert_int_equal(tcp_host_init(block + 8, bytes, &limits, &config, now, &host),
                     TCP_ERROR_MEMORY);
    assert_int_equal(tcp_host_init(NULL, bytes, &limits, &config, now, &host), TCP_ERROR_MEMORY);
    assert_null(host);
    assert_int_equal(tcp_host_init(block, bytes, &limits, &config, now, &host), TCP_OK);
    assert_ptr_equal(host, block);
    assert_null(tcp_host_check(host));
    assert_int_equal(tcp_host_time(host).us, 1);
    assert_int_equal(tcp_host_deadline(host).us, UINT64_MAX);
    assert_memory_equal(tcp_host_limits(host), &limits, sizeof limits);
    assert_int_equal(tcp_host_config(host)->mtu, 1500);
    free(block);
}

static void init_refuses_what_does_not_fit_together(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    struct tcp_host *host = NULL;
    struct tcp_limits limits = one.limits;
    struct tcp_config config = one.config;
    limits.connections = 0;
    assert_int_equal(tcp_host_init(one.block, one.block_bytes, &limits, &config, one.now, &host),
                     TCP_ERROR_ARGUMENT);
    limits = one.limits;
    limits.receive_buffer_bytes = config.receive_buffer_bytes - 1;
    assert_int_equal(tcp_host_init(one.block, one.block_bytes, &limits, &config, one.now, &host),
                     TCP_ERROR_ARGUMENT);
    limits = one.limits;
    limits.send_buffer_bytes = config.send_buffer_bytes - 1;
    assert_int_equal(tcp_host_init(one.block, one.block_bytes, &limits, &config, one.now, &host),
                     TCP_ERROR_ARGUMENT);
    config.mtu = 0;
    assert_int_equal(
        tcp_host_init(one.block, one.block_bytes, &one.limits, &config, one.now, &host),
        TCP_ERROR_ARGUMENT);
    assert_int_equal(tcp_host_configure(one.host, one.now, &config), TCP_ERROR_ARGUMENT);
    config = one.config;
    config.receive_buffer_bytes = one.limits.receive_buffer_bytes + 1;
    assert_int_equal(tcp_host_configure(one.host, one.now, &config), TCP_ERROR_ARGUMENT);
    assert_null(host);
    one_close(&one);
}

/* ---- configuration ------------------------------------------------------------------------------ */

static void there_is_one_profile(void **state)
{
    (void)state;
    struct tcp_config config;
    assert_false(tcp_config_profile("", &config));
    assert_false(tcp_config_profile("rf", &config));
    assert_false(tcp_config_profile("rfcs", &config));
    assert_true(tcp_config_profile("rfc", &config));
    assert_null(tcp_config_check(&config));
}

static void every_field_can_be_set_by_its_name(void **state)
{
    (void)state;
    struct tcp_config config = profile();
    size_t count = 0;
    const struct tcp_config_field *fields = tcp_config_fields(&count);
    assert_true(count > 20);
    for (size_t i = 0; i < count; i++) {
        uint64_t number = 0;
        const uint64_t largest = fields[i].kind == TCP_CONFIG_U32 ? UINT32_MAX : UINT64_MAX;
        assert_int_equal(tcp_config_set(&config, fields[i].name, largest), TCP_OK);
        assert_int_equal(tcp_config_get(&config, fields[i].name, &number), TCP_OK);
        assert_int_equal(number, largest);
        if (largest == UINT32_MAX) {
            assert_int_equal(tcp_config_set(&config, fields[i].name, largest + 1),
                             TCP_ERROR_ARGUMENT);
        }
        assert_true(fields[i].text[0] != '\0');
    }
    uint64_t number = 5;
    assert_int_equal(tcp_config_set(&config, "mt", 5), TCP_ERROR_ARGUMENT);
    assert_int_equal(tcp_config_set(&config, "mtu ", 5), TCP_ERROR_ARGUMENT);
    assert_int_equal(tcp_config_get(&config, "", &number), TCP_ERROR_ARGUMENT);
    assert_int_equal(number, 5);
}

static void values_that_make_no_sense_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint64_t good, bad;
    } rows[] = {
        {"mtu", 108, 107},
        {"mtu", 65535, 65536},
        {"ttl", 1, 0},
        {"ttl", 255, 256},
        {"send_buffer_bytes", 1, 0},
        {"port_min", 1, 0},
        {"port_min", 65535, 65536},
        {"port_max", 65535, 65536},
        {"port_max", 49152, 49151},
        {"rto_initial_us", 1, 0},
        {"rto_min_us", 1, 0},
        {"rto_min_us", 60000000, 60000001},
        {"rto_max_us", 4000000000, 4000000001},
        {"rto_max_us", 1000000, 999999},
        {"rto_after_syn_loss_us", 1, 0},
        {"rto_after_syn_loss_us", 4000000000, 4000000001},
        {"persist_max_us", 1, 0},
        {"persist_max_us", 4000000000, 4000000001},
        {"msl_us", UINT64_C(1) << 60, (UINT64_C(1) << 60) + 1},
        {"r2_us", 1, 0},
        {"r2_us", UINT64_C(1) << 60, UINT64_MAX},
        {"r2_syn_us", 1, 0},
        {"delayed_ack_us", 0, UINT64_MAX},
        {"sws_override_us", 1, 0},
        {"sws_override_us", UINT64_C(1) << 60, (UINT64_C(1) << 60) + 1},
        {"r2_us", UINT64_C(1) << 60, (UINT64_C(1) << 60) + 1},
        {"r2_syn_us", UINT64_C(1) << 60, (UINT64_C(1) << 60) + 1},
        {"user_timeout_us", UINT64_C(1) << 60, (UINT64_C(1) << 60) + 1},
        {"keep_alive_idle_us", UINT64_C(1) << 60, (UINT64_C(1) << 60) + 1},
        {"keep_alive_interval_us", UINT64_C(1) << 60, (UINT64_C(1) << 60) + 1},
        {"path_mtu_raise_us", UINT64_C(1) << 60, (UINT64_C(1) << 60) + 1},
        {"ack_every_segments", 1, 0},
        {"ack_limit", 65535, 65536},
        {"caller", 254, 255},
        {"r1_retries", 1, 0},
        {"r1_retries", 254, 255},
        {"keep_alive_probes", 2, 1},
        {"keep_alive_probes", 255, 256},
        {"delayed_ack_us", 499999, 500000},
        {"nagle", 2, 3},
        {"mtu_smallest", 0, 107},
        {"mtu_smallest", 108, 1},
        {"orphan_timeout_us", UINT64_C(1) << 60, (UINT64_C(1) << 60) + 1},
        {"initial_window_segments", 1, 0},
        {"congestion_control", 1, 2},
        {"initial_window_segments", 1000, 1001},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tcp_config config = profile();
        assert_int_equal(tcp_config_set(&config, rows[i].name, rows[i].good), TCP_OK);
        assert_null(tcp_config_check(&config));
        assert_int_equal(tcp_config_set(&config, rows[i].name, rows[i].bad), TCP_OK);
        const char *text = tcp_config_check(&config);
        assert_non_null(text);
    }
}

/* Live fields reach connections that are there; the others do not. */
static void a_change_reaches_whom_the_table_says(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    struct tcp_config config = one.config;
    config.ttl = 7;
    config.nagle = 0;
    config.mtu = 600;
    config.secret[0] ^= 1; /* cannot change */
    assert_int_equal(tcp_host_configure(one.host, one.now, &config), TCP_OK);
    assert_int_equal(tcp_host_config(one.host)->secret[0], one.config.secret[0]);
    one_write(&one, 1001);
    one_out(&one, ". 1:1001 ack 1");
    assert_int_equal(one.last.ttl, 7);
    one_silent(&one); /* Nagle as it was born */
    one_close(&one);
}

static void limits_for_a_few_connections_have_these_numbers(void **state)
{
    (void)state;
    const struct tcp_limits limits = tcp_limits_small();
    assert_int_equal(limits.answers, 16);
    assert_int_equal(limits.islands, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_size_grows_with_every_limit),
        cmocka_unit_test(limits_that_cannot_be_have_no_size),
        cmocka_unit_test(limits_for_a_few_connections_have_these_numbers),
        cmocka_unit_test(the_largest_limits_are_measured_without_overflow),
        cmocka_unit_test(a_block_must_be_large_aligned_and_there),
        cmocka_unit_test(init_refuses_what_does_not_fit_together),
        cmocka_unit_test(there_is_one_profile),
        cmocka_unit_test(every_field_can_be_set_by_its_name),
        cmocka_unit_test(values_that_make_no_sense_are_named),
        cmocka_unit_test(a_change_reaches_whom_the_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
