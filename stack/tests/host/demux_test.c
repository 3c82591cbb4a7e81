/* The demultiplexer against a search through all records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/demux.h"
#include "host/slots.h"
#include "tests/random.h"
#include "tests/support/one_host.h"

#define RECORDS 3000

static struct tcp_address address(uint8_t version, uint8_t last)
{
    struct tcp_address out;
    memset(&out, 0, sizeof out);
    out.version = version;
    out.bytes[0] = version == 4 ? 10 : 0xfd;
    out.bytes[version == 4 ? 3 : 15] = last;
    return out;
}

/* Of few addresses and ports, so that flows differ in little, and both versions have the same. */
static struct tcp_flow random_flow(struct random_source *random)
{
    const uint8_t version = random_below(random, 2) == 0 ? 4 : 6;
    struct tcp_flow flow;
    memset(&flow, 0, sizeof flow);
    flow.local =
        (struct tcp_endpoint){.address = address(version, (uint8_t)random_below(random, 4)),
                              .port = (uint16_t)(1 + random_below(random, 4))};
    flow.remote =
        (struct tcp_endpoint){.address = address(version, (uint8_t)random_below(random, 16)),
                              .port = (uint16_t)(65535 - random_below(random, 16))};
    return flow;
}

static bool endpoint_same(const struct tcp_endpoint *a, const struct tcp_endpoint *b)
{
    return a->port == b->port && a->address.version == b->address.version &&
           memcmp(a->address.bytes, b->address.bytes, 16) == 0;
}

struct model {
    struct one_host one;
    struct tcb *tcb[RECORDS];
    bool is_in[RECORDS];
};

static void begin(struct model *model)
{
    one_prepare(&model->one);
    model->one.limits.connections = RECORDS;
    model->one.limits.paths = model->one.limits.streams = 1;
    one_start(&model->one);
    for (uint32_t i = 0; i < RECORDS; i++) {
        model->tcb[i] = host_take_tcb(model->one.host);
        model->is_in[i] = false;
    }
}

static uint32_t search(const struct model *model, const struct tcp_flow *flow)
{
    for (uint32_t i = 0; i < RECORDS; i++) {
        const struct tcp_flow *own = &model->tcb[i]->flow;
        if (model->is_in[i] && endpoint_same(&own->local, &flow->local) &&
            endpoint_same(&own->remote, &flow->remote)) {
            return host_slot_of(model->one.host, model->tcb[i]);
        }
    }
    return TCB_NONE;
}

static void it_finds_what_a_search_finds(void **state)
{
    (void)state;
    static struct model model;
    struct random_source random = {424242};
    begin(&model);
    for (uint32_t step = 0; step < 30000; step++) {
        const uint32_t index = random_below(&random, RECORDS);
        const struct tcp_flow flow = random_flow(&random);
        const uint32_t found = host_demux_find(model.one.host, &flow);
        assert_int_equal(found, search(&model, &flow));
        if (random_below(&random, 8) == 0) { /* as a segment would leave it */
            model.one.host->recent_slot = found;
        }
        if (model.is_in[index]) {
            host_demux_remove(model.one.host, model.tcb[index]);
            host_demux_remove(model.one.host, model.tcb[index]); /* does nothing */
            model.is_in[index] = false;
        } else if (found == TCB_NONE) {
            model.tcb[index]->flow = flow;
            host_demux_add(model.one.host, model.tcb[index]);
            model.is_in[index] = true;
        }
    }
    one_close(&model.one);
}

/* Nobody outside can know where flows meet: another secret spreads them otherwise. */
static void the_hash_depends_on_secret_salt_and_every_field(void **state)
{
    (void)state;
    struct one_host one, other;
    one_open(&one);
    one_prepare(&other);
    other.config.secret[15] = 1;
    one_start(&other);
    struct random_source random = {7};
    const struct tcp_flow flow = random_flow(&random);
    const uint64_t hash = host_flow_hash(one.host, &flow, HOST_SALT_DEMUX);
    assert_int_equal(hash, host_flow_hash(one.host, &flow, HOST_SALT_DEMUX));
    assert_int_not_equal(hash, host_flow_hash(other.host, &flow, HOST_SALT_DEMUX));
    assert_int_not_equal(hash, host_flow_hash(one.host, &flow, HOST_SALT_ISN));
    struct tcp_flow changed = flow;
    changed.local.port ^= 0x100;
    assert_int_not_equal(hash, host_flow_hash(one.host, &changed, HOST_SALT_DEMUX));
    changed = flow;
    changed.remote.port ^= 1;
    assert_int_not_equal(hash, host_flow_hash(one.host, &changed, HOST_SALT_DEMUX));
    for (uint32_t i = 0; i < 16; i++) {
        changed = flow;
        changed.local.address.bytes[i] ^= 0x80;
        assert_int_not_equal(hash, host_flow_hash(one.host, &changed, HOST_SALT_DEMUX));
        changed = flow;
        changed.remote.address.bytes[i] ^= 1;
        assert_int_not_equal(hash, host_flow_hash(one.host, &changed, HOST_SALT_DEMUX));
    }
    changed = (struct tcp_flow){.local = flow.remote, .remote = flow.local};
    assert_int_not_equal(hash, host_flow_hash(one.host, &changed, HOST_SALT_DEMUX));
    one_close(&one);
    one_close(&other);
}

static tcp_handle listen_at(struct one_host *one, struct tcp_address at, uint16_t port)
{
    const struct tcp_endpoint local = {.address = at, .port = port};
    tcp_handle handle = TCP_HANDLE_NONE;
    assert_int_equal(tcp_host_listen(one->host, one->now, &local, 1, &handle), TCP_OK);
    return handle;
}

static uint32_t heard_at(const struct one_host *one, struct tcp_address at, uint16_t port)
{
    const struct tcp_endpoint local = {.address = at, .port = port};
    return host_demux_listener(one->host, &local);
}

static void a_listener_at_the_address_comes_before_the_wildcard(void **state)
{
    (void)state;
    for (uint32_t order = 0; order < 2; order++) {
        struct one_host one;
        one_open(&one);
        const struct tcp_address any = {.version = 4};
        tcp_handle wild = TCP_HANDLE_NONE;
        if (order == 0) {
            wild = listen_at(&one, any, 80);
        }
        const tcp_handle own = listen_at(&one, address(4, 1), 80);
        if (order == 1) {
            wild = listen_at(&one, any, 80);
        }
        const tcp_handle elsewhere = listen_at(&one, address(4, 1), 80 + 16); /* the same bucket */
        assert_int_equal(heard_at(&one, address(4, 1), 80), own.slot);
        assert_int_equal(heard_at(&one, address(4, 2), 80), wild.slot);
        assert_int_equal(heard_at(&one, address(4, 1), 96), elsewhere.slot);
        assert_int_equal(heard_at(&one, address(4, 2), 96), TCB_NONE);
        assert_int_equal(heard_at(&one, address(4, 1), 81), TCB_NONE);
        assert_int_equal(heard_at(&one, address(6, 1), 80), TCB_NONE); /* the other version */
        assert_int_equal(tcp_host_close(one.host, one.now, own), TCP_OK);
        assert_int_equal(heard_at(&one, address(4, 1), 80), wild.slot);
        assert_int_equal(tcp_host_close(one.host, one.now, wild), TCP_OK);
        assert_int_equal(heard_at(&one, address(4, 1), 80), TCB_NONE);
        assert_null(tcp_host_check(one.host));
        one_close(&one);
    }
}

/* MUST-41 and MUST-42. */
static void two_listeners_cannot_be_the_same(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_SYN_SENT);
    const struct tcp_endpoint local = one.local;
    tcp_handle first = TCP_HANDLE_NONE, second = TCP_HANDLE_NONE;
    assert_int_equal(tcp_host_listen(one.host, one.now, &local, 1, &first), TCP_OK);
    assert_int_equal(tcp_host_listen(one.host, one.now, &local, 1, &second), TCP_ERROR_PORT_TAKEN);
    assert_int_equal(second.generation, 0);
    struct tcp_endpoint other = local;
    other.port++;
    assert_int_equal(tcp_host_listen(one.host, one.now, &other, 1, &second), TCP_OK);
    one_close(&one);
}

/* A segment of a connection goes to it although a listener has the port. */
static void a_connection_comes_before_its_listener(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach_passive(&one, TCB_ESTABLISHED);
    one_in(&one, ". 1:1 ack 2");
    one_out(&one, ". 1:1 ack 1"); /* a listener would reset */
    one.remote.port++;
    one_in(&one, ". 1:1 ack 2");
    one_out(&one, "R 2:2");
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_finds_what_a_search_finds),
        cmocka_unit_test(the_hash_depends_on_secret_salt_and_every_field),
        cmocka_unit_test(a_listener_at_the_address_comes_before_the_wildcard),
        cmocka_unit_test(two_listeners_cannot_be_the_same),
        cmocka_unit_test(a_connection_comes_before_its_listener),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
