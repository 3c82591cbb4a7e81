/* Two hosts, a network that loses, repeats and reorders, and users who do what they like. Each run is
 * one seed: streams arrive whole, hosts are sound after every cause, and in the end nothing is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/random.h"
#include "tests/support/one_host.h"

#define RUNS          200
#define STEPS         120
#define TALKS_MAX     24
#define OPEN_MAX      5
#define FLIGHT_MAX    512
#define PACKET_BYTES  700
#define DELAY_MAX_US  400000
#define CHAOS_PERCENT 12
#define PORT          80
#define END_SECONDS   2000

struct packet {
    uint64_t at;
    uint32_t to;
    uint32_t count;
    uint8_t bytes[PACKET_BYTES];
};

/* One side of a conversation. */
struct side {
    tcp_handle handle;
    bool is_open; /* the user holds the handle */
    bool has_closed;
    bool has_end; /* read up to the peer's FIN */
    uint32_t written, read;
};

struct talk {
    struct side side[2]; /* of host 0, which connects, and host 1, which accepts */
    uint16_t port;
    bool is_aborted;
};

struct soak {
    struct random_source random;
    struct one_host host[2];
    tcp_handle listener;
    struct talk talks[TALKS_MAX];
    uint32_t talk_count;
    struct packet flight[FLIGHT_MAX];
    uint32_t flight_count;
    uint64_t now;
    bool is_fair; /* the network has calmed down */
};

static struct soak soak;

static uint32_t chance(uint32_t bound)
{
    return random_below(&soak.random, bound);
}

static void fly(uint32_t to, const uint8_t *bytes, size_t count)
{
    assert_true(count <= PACKET_BYTES && soak.flight_count < FLIGHT_MAX);
    struct packet *packet = &soak.flight[soak.flight_count++];
    packet->at = soak.now + 1000 + (soak.is_fair ? 0 : chance(DELAY_MAX_US));
    packet->to = to;
    packet->count = (uint32_t)count;
    memcpy(packet->bytes, bytes, count);
}

static void drain(uint32_t from)
{
    struct one_host *one = &soak.host[from];
    const struct tcp_room room = {one->room, sizeof one->room};
    while (tcp_host_poll_segment(one->host, room, &one->last)) {
        const struct tcp_room packet = tcp_wire_write(&one->last, room);
        const uint32_t fate = soak.is_fair ? 100 : chance(100);
        const uint32_t copies = fate < CHAOS_PERCENT ? 0 : fate < 2 * CHAOS_PERCENT ? 2 : 1;
        for (uint32_t i = 0; i < copies; i++) {
            fly(1 - from, packet.bytes, packet.count);
        }
    }
    (void)one_events(one);
    assert_null(tcp_host_check(one->host));
}

static void deliver(uint32_t index)
{
    const struct packet packet = soak.flight[index];
    soak.flight[index] = soak.flight[--soak.flight_count];
    tcp_host_packet(soak.host[packet.to].host, (tcp_time){soak.now}, packet.bytes, packet.count);
    assert_null(tcp_host_check(soak.host[packet.to].host));
    if (chance(4) != 0) { /* else: a batch */
        drain(packet.to);
    }
}

/* The earliest packet; FLIGHT_MAX when there is none. */
static uint32_t first_packet(void)
{
    uint32_t best = FLIGHT_MAX;
    for (uint32_t i = 0; i < soak.flight_count; i++) {
        if (best == FLIGHT_MAX || soak.flight[i].at < soak.flight[best].at) {
            best = i;
        }
    }
    return best;
}

static void tick(void)
{
    for (uint32_t i = 0; i < 2; i++) {
        tcp_host_tick(soak.host[i].host, (tcp_time){soak.now});
        drain(i);
    }
}

/* Lets time pass, stopping wherever something happens. */
static void pass_until(uint64_t end)
{
    for (;;) {
        const uint32_t index = first_packet();
        uint64_t next = index == FLIGHT_MAX ? UINT64_MAX : soak.flight[index].at;
        for (uint32_t i = 0; i < 2; i++) {
            const uint64_t deadline = tcp_host_deadline(soak.host[i].host).us;
            next = deadline < next ? deadline : next;
        }
        if (next > end) {
            break;
        }
        soak.now = next > soak.now ? next : soak.now;
        if (index != FLIGHT_MAX && soak.flight[index].at <= soak.now) {
            deliver(index);
        } else {
            tick();
        }
    }
    soak.now = end;
    tick();
}

static void open_talk(void)
{
    struct talk *talk = &soak.talks[soak.talk_count];
    memset(talk, 0, sizeof *talk);
    struct tcp_flow flow = {.local = soak.host[0].local, .remote = soak.host[1].local};
    flow.local.port = 0;
    if (tcp_host_connect(soak.host[0].host, (tcp_time){soak.now}, &flow, &talk->side[0].handle) !=
        TCP_OK) {
        return;
    }
    struct tcp_status status;
    assert_int_equal(tcp_host_status(soak.host[0].host, talk->side[0].handle, &status), TCP_OK);
    talk->port = status.flow.local.port;
    talk->side[0].is_open = true;
    soak.talk_count++;
    drain(0);
}

static void accept_talks(void)
{
    tcp_handle handle;
    struct tcp_host *host = soak.host[1].host;
    while (tcp_host_accept(host, (tcp_time){soak.now}, soak.listener, &handle) == TCP_OK) {
        struct tcp_status status;
        assert_int_equal(tcp_host_status(host, handle, &status), TCP_OK);
        struct talk *talk = NULL;
        for (uint32_t i = 0; i < soak.talk_count; i++) {
            talk = soak.talks[i].port == status.flow.remote.port ? &soak.talks[i] : talk;
        }
        assert_non_null(talk);
        assert_int_equal(talk->side[1].handle.generation, 0); /* accepted once */
        talk->side[1].handle = handle;
        talk->side[1].is_open = true;
    }
    drain(1);
}

static void write_some(struct talk *talk, uint32_t at, uint32_t count)
{
    static uint8_t bytes[4096];
    struct side *side = &talk->side[at];
    for (uint32_t i = 0; i < count; i++) {
        bytes[i] = one_octet((int)at + talk->port, side->written + i);
    }
    size_t taken = 0;
    if (tcp_host_send(soak.host[at].host, (tcp_time){soak.now}, side->handle, bytes, count,
                      &taken) == TCP_OK) {
        side->written += (uint32_t)taken;
    }
}

static void read_some(struct talk *talk, uint32_t at, uint32_t count)
{
    struct side *side = &talk->side[at];
    const struct side *peer = &talk->side[1 - at];
    uint8_t bytes[4096];
    const struct tcp_room room = {bytes, count};
    size_t taken = 0;
    const enum tcp_error error =
        tcp_host_receive(soak.host[at].host, (tcp_time){soak.now}, side->handle, room, &taken);
    if (error == TCP_OK) {
        for (size_t i = 0; i < taken; i++) {
            assert_int_equal(bytes[i],
                             one_octet((int)(1 - at) + talk->port, side->read + (uint32_t)i));
        }
        side->read += (uint32_t)taken;
        assert_true(side->read <= peer->written);
        assert_false(side->has_end);
    } else if (error == TCP_ERROR_END) { /* never before the last octet */
        side->has_end = true;
        assert_int_equal(side->read, peer->written);
        assert_true(peer->has_closed);
    } else if (error != TCP_ERROR_AGAIN) {
        assert_true(talk->is_aborted);
    }
}

static void abort_side(struct talk *talk, uint32_t at)
{
    (void)tcp_host_abort(soak.host[at].host, (tcp_time){soak.now}, talk->side[at].handle);
    talk->is_aborted = true;
}

/* Closes what is open: before the handshake, CLOSE would give up the attempt (3.10.4). */
static void close_side(struct talk *talk, uint32_t at)
{
    struct tcp_host *host = soak.host[at].host;
    struct tcp_status status;
    if (tcp_host_status(host, talk->side[at].handle, &status) == TCP_OK &&
        status.state >= TCB_ESTABLISHED && !talk->side[at].has_closed) {
        talk->side[at].has_closed =
            tcp_host_close(host, (tcp_time){soak.now}, talk->side[at].handle) == TCP_OK;
    }
}

static void do_something(void)
{
    uint32_t open = 0;
    for (uint32_t i = 0; i < soak.talk_count; i++) {
        open += !soak.talks[i].is_aborted && !soak.talks[i].side[0].has_end;
    }
    const uint32_t kind = chance(20);
    if (soak.talk_count == 0 || (kind == 0 && open < OPEN_MAX && soak.talk_count < TALKS_MAX)) {
        open_talk();
        return;
    }
    if (kind == 1) {
        accept_talks();
        return;
    }
    struct talk *talk = &soak.talks[chance(soak.talk_count)];
    const uint32_t at = chance(2);
    if (!talk->side[at].is_open) {
        return;
    }
    if (kind < 10) {
        write_some(talk, at, 1 + chance(1500));
    } else if (kind < 18) {
        read_some(talk, at, 1 + chance(2000));
    } else if (kind == 18) {
        close_side(talk, at);
    } else if (chance(10) == 0) {
        abort_side(talk, at);
    }
    drain(at);
}

static void begin(uint64_t seed)
{
    memset(&soak, 0, sizeof soak);
    soak.random.state = seed * 0x9e3779b97f4a7c15u;
    soak.now = ONE_START_US;
    for (uint32_t i = 0; i < 2; i++) {
        struct one_host *one = &soak.host[i];
        one_prepare(one);
        one->local.address.bytes[3] = (uint8_t)(i + 1);
        one->local.port = PORT;
        one->config.fixed_iss = chance(2);
        one->iss = UINT32_MAX - chance(3000);
        one->config.secret[0] = (uint8_t)seed;
        one->config.mtu = 256 + chance(400);
        one->config.nagle = chance(2);
        one->config.send_buffer_bytes = 100 + chance(4000);
        one->config.receive_buffer_bytes = 100 + chance(4000);
        one->limits.send_buffer_bytes = one->limits.receive_buffer_bytes = 4200;
        one->limits.islands = chance(8);
        one->limits.connections = one->limits.paths = one->limits.streams = TALKS_MAX + 8;
        one_start(one);
    }
    assert_int_equal(tcp_host_listen(soak.host[1].host, (tcp_time){soak.now}, &soak.host[1].local,
                                     8, &soak.listener),
                     TCP_OK);
}

/* Reads all there is, closes, and lets go when it is over. */
static void finish_side(struct talk *talk, uint32_t at)
{
    struct side *side = &talk->side[at];
    if (!side->is_open) {
        return;
    }
    if (talk->is_aborted) { /* the other side may never hear of it */
        abort_side(talk, at);
    }
    for (uint32_t i = 0; i < 4 && !side->has_end; i++) {
        read_some(talk, at, 4000);
    }
    close_side(talk, at);
    struct tcp_status status;
    assert_int_equal(tcp_host_status(soak.host[at].host, side->handle, &status), TCP_OK);
    const bool is_over = status.state == TCB_CLOSED || status.state == TCB_TIME_WAIT;
    if (is_over && (side->has_end || talk->is_aborted)) {
        assert_int_equal(tcp_host_release(soak.host[at].host, (tcp_time){soak.now}, side->handle),
                         TCP_OK);
        side->is_open = false;
    }
    drain(at);
}

static bool all_is_over(void)
{
    uint32_t open = soak.flight_count;
    for (uint32_t i = 0; i < soak.talk_count; i++) {
        open += soak.talks[i].side[0].is_open + soak.talks[i].side[1].is_open;
    }
    return open == 0;
}

static void finish(void)
{
    soak.is_fair = true;
    for (uint32_t second = 0; second < END_SECONDS && !all_is_over(); second++) {
        accept_talks();
        for (uint32_t i = 0; i < soak.talk_count; i++) {
            finish_side(&soak.talks[i], 0);
            finish_side(&soak.talks[i], 1);
        }
        pass_until(soak.now + 1000000);
    }
    assert_true(all_is_over());
}

/* Everything that was written was read, and after 2MSL no record, timer or packet is left. */
static void expect_quiet(void)
{
    for (uint32_t i = 0; i < soak.talk_count; i++) {
        const struct talk *talk = &soak.talks[i];
        for (uint32_t at = 0; at < 2 && !talk->is_aborted; at++) {
            assert_true(talk->side[at].has_end);
            assert_int_equal(talk->side[at].read, talk->side[1 - at].written);
        }
    }
    pass_until(soak.now + 400000000);
    assert_int_equal(tcp_host_release(soak.host[1].host, (tcp_time){soak.now}, soak.listener),
                     TCP_OK);
    drain(1);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(tcp_host_deadline(soak.host[i].host).us, UINT64_MAX);
        for (uint32_t slot = 0; slot < TALKS_MAX + 8; slot++) {
            assert_int_equal(tcp_host_at_slot(soak.host[i].host, slot).generation, 0);
        }
        one_close(&soak.host[i]);
    }
    assert_int_equal(soak.flight_count, 0);
}

static void nothing_is_lost_and_nothing_is_left(void **state)
{
    (void)state;
    uint32_t octets = 0, talks = 0; /* it shall be no idle talk */
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        begin(seed);
        for (uint32_t step = 0; step < STEPS; step++) {
            do_something();
            pass_until(soak.now + chance(chance(20) == 0 ? 20000000 : 200000));
        }
        finish();
        expect_quiet();
        for (uint32_t i = 0; i < soak.talk_count; i++, talks++) {
            octets += soak.talks[i].side[0].read + soak.talks[i].side[1].read;
        }
    }
    assert_true(talks > RUNS && octets > RUNS * 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_and_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
