/* A stranger's connections on a host: they live, leave no timer behind, and tell when they move others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

#include "base/block.h"
#include "sim/stranger.h"
#include "tcp/seq.h"

struct place {
    struct tcp_host *host;
    struct tcp_address own;
    void *block;
    uint8_t room[STRANGER_ROOM_BYTES];
    struct stranger stranger;
};

static const tcp_time now = {1000000};

static void begin(struct place *place, uint8_t ip_version)
{
    struct tcp_config config;
    struct tcp_limits limits = tcp_limits_small();
    assert_true(tcp_config_profile("rfc", &config));
    config.receive_buffer_bytes = config.send_buffer_bytes = limits.receive_buffer_bytes;
    place->block = block_create(tcp_host_bytes(&limits));
    assert_int_equal(
        tcp_host_init(place->block, tcp_host_bytes(&limits), &limits, &config, now, &place->host),
        TCP_OK);
    memset(&place->own, 0, sizeof place->own);
    place->own.version = ip_version;
    memcpy(place->own.bytes,
           ip_version == 4 ? (const uint8_t[]){10, 0, 0, 1} : (const uint8_t[]){0xfd, 0, 0, 0}, 4);
    assert_int_equal(tcp_host_add_address(place->host, &place->own), TCP_OK);
    place->stranger = stranger_at(place->host, &place->own, place->room);
}

static void it_opens_talks_and_is_reset_and_leaves_no_timer(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        struct place *place = malloc(sizeof *place);
        begin(place, version);
        struct tcp_status status;
        for (uint32_t turn = 0; turn < 12; turn++) {
            const uint16_t port = place->stranger.flow.local.port;
            assert_null(stranger_act(&place->stranger, now));
            assert_false(place->stranger.is_done);
            assert_int_equal(tcp_host_look(place->host, place->stranger.connection, &status),
                             TCP_OK);
            assert_int_equal(status.state, TCB_ESTABLISHED);
            assert_int_equal(status.unacked_bytes + status.unsent_bytes + status.readable_bytes, 0);
            assert_int_equal(tcp_seq_distance(status.iss, status.snd_nxt), 1 + 100 * (turn % 5));
            assert_int_equal(place->stranger.flow.local.port - port, turn > 0 && turn % 5 == 0);
            assert_true(tcp_host_deadline(place->host).us == UINT64_MAX);
            assert_null(tcp_host_check(place->host));
        }
        free(place->block);
        free(place);
    }
}

/* What somebody else is owed, which a world would have taken before. */
static void it_tells_when_others_are_moved(void **state)
{
    (void)state;
    struct place *place = malloc(sizeof *place);
    begin(place, 4);
    struct tcp_flow flow = place->stranger.flow;
    flow.local.port = 50000;
    tcp_handle other;
    assert_int_equal(tcp_host_connect(place->host, now, &flow, &other), TCP_OK);
    assert_string_equal(stranger_act(&place->stranger, now),
                        "a stranger's exchange made another connection say something");
    free(place->block);
    free(place);
}

static void it_tells_when_a_deadline_is_moved(void **state)
{
    (void)state;
    struct place *place = malloc(sizeof *place);
    begin(place, 4);
    assert_null(stranger_act(&place->stranger, now));
    assert_int_equal(tcp_host_set_keep_alive(place->host, now, place->stranger.connection, true),
                     TCP_OK);
    assert_string_equal(stranger_act(&place->stranger, (tcp_time){now.us + 1}),
                        "a stranger's exchange moved a deadline");
    free(place->block);
    free(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_opens_talks_and_is_reset_and_leaves_no_timer),
        cmocka_unit_test(it_tells_when_others_are_moved),
        cmocka_unit_test(it_tells_when_a_deadline_is_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
