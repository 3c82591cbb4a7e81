/* What chance makes up: every kind of cause, every form of it, and each may change in each member. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "causes/encoding.h"
#include "new_causes.h"
#include "new_packets.h"
#include "tcp/config.h"
#include "tcp/icmp.h"

enum { DRAWS = 60000 };

static const struct cause_start one_host = {.hosts = 1, .ip_version = 4};
static const struct cause_start two_hosts = {.hosts = 2, .ip_version = 4};

struct made {
    uint32_t kinds[CAUSE_KIND_COUNT], calls[CAUSE_CALL_COUNT], waits[CAUSE_WAIT_COUNT];
    uint32_t edits[CAUSE_EDIT_COUNT], damages[CAUSE_DAMAGE_COUNT], targets[CAUSE_TARGET_COUNT];
    uint32_t hosts[2], icmp_types[256], codes[CAUSE_UNREACHABLE_CODES], fields[256];
    uint32_t options[8], long_sleeps, packets_too_big;
};

static void note_packet(struct made *made, const struct cause_packet *packet)
{
    made->damages[packet->damage]++;
    made->targets[packet->from.kind]++;
    for (int bit = 0; bit < 8; bit++) {
        made->options[bit] += packet->options >> bit & 1u;
    }
}

static void note_icmp(struct made *made, const struct cause_icmp *icmp)
{
    made->icmp_types[icmp->type]++;
    if (icmp->type == TCP_ICMP4_UNREACHABLE) {
        made->codes[icmp->code]++;
        made->packets_too_big += icmp->code == TCP_ICMP4_FRAGMENTATION_NEEDED && icmp->mtu == 1280;
    }
}

static void note(struct made *made, const struct cause *cause)
{
    made->kinds[cause->kind]++;
    made->hosts[cause->host]++;
    switch ((enum cause_kind)cause->kind) {
    case CAUSE_PACKET:
        note_packet(made, &cause->as.packet);
        break;
    case CAUSE_ICMP:
        note_icmp(made, &cause->as.icmp);
        break;
    case CAUSE_CALL:
        made->calls[cause->as.call.kind]++;
        break;
    case CAUSE_WAIT:
        made->waits[cause->as.wait.kind]++;
        made->long_sleeps +=
            cause->as.wait.kind == CAUSE_WAIT_ASLEEP && cause->as.wait.us >= INT64_C(86400000000);
        break;
    case CAUSE_SET:
        made->fields[cause->as.set.field]++;
        break;
    case CAUSE_EDIT:
        made->edits[cause->as.edit.kind]++;
        break;
    }
}

static struct made draw(const struct cause_start *start)
{
    struct made made = {0};
    struct chance chance = chance_begin(1);
    for (int round = 0; round < DRAWS; round++) {
        const struct cause_list nothing = {.start = *start};
        struct cause cause = new_cause(&chance, &nothing, 0);
        cause_normalise(&cause, start);
        note(&made, &cause);
    }
    return made;
}

static void assert_all(const uint32_t *counts, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        assert_true(counts[index] > 0);
    }
}

static void two_hosts_meet_every_kind_of_cause(void **state)
{
    (void)state;
    const struct made made = draw(&two_hosts);
    assert_all(made.kinds, CAUSE_KIND_COUNT);
    assert_all(made.hosts, 2);
    assert_all(made.edits, CAUSE_EDIT_COUNT);
}

static void one_host_has_no_network_to_edit(void **state)
{
    (void)state;
    const struct made made = draw(&one_host);
    assert_int_equal(made.kinds[CAUSE_EDIT], 0);
    assert_int_equal(made.hosts[1], 0);
    assert_true(made.kinds[CAUSE_PACKET] > made.kinds[CAUSE_CALL]);
}

static void every_call_option_and_setting_is_made(void **state)
{
    (void)state;
    const struct made made = draw(&one_host);
    size_t fields;
    (void)tcp_config_fields(&fields);
    assert_all(made.calls, CAUSE_CALL_COUNT);
    assert_all(made.options, 6);
    assert_all(made.damages, CAUSE_DAMAGE_COUNT);
    assert_all(made.targets, CAUSE_TARGET_COUNT);
    assert_all(made.fields, fields);
}

static void icmp_errors_have_every_code_and_smaller_mtus(void **state)
{
    (void)state;
    const struct made made = draw(&one_host);
    assert_all(made.codes, CAUSE_UNREACHABLE_CODES);
    assert_true(made.packets_too_big > 0);
    assert_true(made.icmp_types[TCP_ICMP4_SOURCE_QUENCH] > 0);
    assert_true(made.icmp_types[TCP_ICMP4_TIME_EXCEEDED] > 0);
    assert_true(made.icmp_types[TCP_ICMP4_PARAMETER_PROBLEM] > 0);
}

static void clocks_jump_by_more_than_a_day(void **state)
{
    (void)state;
    const struct made one = draw(&one_host), two = draw(&two_hosts);
    assert_all(one.waits, CAUSE_WAIT_COUNT);
    assert_all(two.waits, CAUSE_WAIT_COUNT);
    assert_true(one.long_sleeps > 0 && two.long_sleeps > 0);
}

/* A change leaves the kind as it is, and is seen in most cases. */
static void a_change_keeps_the_kind(void **state)
{
    (void)state;
    struct chance chance = chance_begin(2);
    uint32_t changed[CAUSE_KIND_COUNT] = {0}, tried[CAUSE_KIND_COUNT] = {0};
    const struct cause_list nothing = {.start = two_hosts};
    for (int round = 0; round < DRAWS; round++) {
        struct cause before = new_cause(&chance, &nothing, 0);
        cause_normalise(&before, &two_hosts);
        struct cause after = before;
        change_cause(&chance, &two_hosts, &after);
        cause_normalise(&after, &two_hosts);
        assert_int_equal(before.kind, after.kind);
        tried[before.kind]++;
        changed[before.kind] += !cause_same(&before, &after);
    }
    for (size_t kind = 0; kind < CAUSE_KIND_COUNT; kind++) {
        assert_in_range(changed[kind], tried[kind] / 2, tried[kind]);
    }
}

/* Half of the calls are on the connection that the list opens, as its host's. */
static void calls_are_on_what_was_opened(void **state)
{
    (void)state;
    struct cause items[] = {
        {.kind = CAUSE_CALL,
         .host = 1,
         .as.call = {.kind = CAUSE_CALL_OPEN_ACTIVE, .name = 7, .pair = 5}},
        {.kind = CAUSE_WAIT, .as.wait = {.us = 1000}},
    };
    const struct cause_list list = {.start = two_hosts, .items = items, .count = 2, .capacity = 2};
    struct chance chance = chance_begin(3);
    uint32_t calls = 0, closes = 0, again = 0, on_it = 0;
    for (int round = 0; round < DRAWS; round++) {
        const struct cause cause = new_cause(&chance, &list, list.count);
        const bool is_call = cause.kind == CAUSE_CALL;
        const bool is_on_it = is_call && cause.as.call.name == 7 && cause.host == 1;
        calls += is_call;
        on_it += is_on_it;
        closes += is_on_it && cause.as.call.kind == CAUSE_CALL_CLOSE;
        again +=
            is_on_it && cause.as.call.kind == CAUSE_CALL_OPEN_ACTIVE && cause.as.call.pair == 5;
        assert_true(!is_on_it || cause.as.call.kind < CAUSE_CALL_SOCKET);
    }
    assert_in_range(on_it, calls * 2 / 5, calls * 3 / 5);
    assert_true(closes > on_it / 10 && again > on_it / 10);
}

/* What is set of a socket that is open is any option, and a change may choose another. */
static void options_of_opened_sockets_are_of_every_kind(void **state)
{
    (void)state;
    struct cause items[] = {
        {.kind = CAUSE_CALL, .as.call = {.kind = CAUSE_CALL_SOCKET, .result = 6}},
    };
    const struct cause_list list = {.start = one_host, .items = items, .count = 1, .capacity = 1};
    struct chance chance = chance_begin(5);
    uint32_t set = 0, first = 0, others = 0;
    for (int round = 0; round < DRAWS; round++) {
        struct cause cause = new_cause(&chance, &list, 1);
        if (cause.kind != CAUSE_CALL || cause.as.call.name != 6 ||
            cause.as.call.kind != CAUSE_CALL_SET_OPTION) {
            continue;
        }
        cause_normalise(&cause, &one_host);
        const uint8_t option = cause.as.call.option;
        set++;
        first += option == 0;
        change_cause(&chance, &one_host, &cause);
        cause_normalise(&cause, &one_host);
        others += cause.as.call.option != option;
    }
    assert_true(set > DRAWS / 200);
    assert_true(first < set / 4);
    assert_true(others > set / 10);
}

static void nothing_is_opened_behind_the_place(void **state)
{
    (void)state;
    struct cause items[] = {
        {.kind = CAUSE_CALL, .as.call = {.kind = CAUSE_CALL_SOCKET, .result = 6}},
    };
    const struct cause_list list = {.start = one_host, .items = items, .count = 1, .capacity = 1};
    struct chance chance = chance_begin(4);
    uint32_t on_it = 0;
    for (int round = 0; round < DRAWS; round++) {
        const struct cause before = new_cause(&chance, &list, 0);
        assert_false(before.kind == CAUSE_CALL && before.as.call.name == 6);
        const struct cause behind = new_cause(&chance, &list, 1);
        on_it += behind.kind == CAUSE_CALL && behind.as.call.name == 6;
    }
    assert_true(on_it > DRAWS / 16);
}

/* Sequence numbers go round, and so does what is said in place of one. (Signed arithmetic that overflows is
 * seen by the build with sanitizers.) */
static void numbers_at_either_end_go_round(void **state)
{
    (void)state;
    static const int32_t ends[] = {INT32_MIN, INT32_MAX};
    struct chance chance = chance_begin(1);
    uint32_t rounds = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
        const int32_t end = ends[draw % 2];
        struct cause_packet packet = {.seq = {.offset = end}};
        change_packet(&chance, &packet);
        rounds += (uint32_t)packet.seq.offset + 2 - (uint32_t)end <= 4 &&
                  (packet.seq.offset < 0) != (end < 0);
    }
    assert_true(rounds > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_hosts_meet_every_kind_of_cause),
        cmocka_unit_test(one_host_has_no_network_to_edit),
        cmocka_unit_test(every_call_option_and_setting_is_made),
        cmocka_unit_test(icmp_errors_have_every_code_and_smaller_mtus),
        cmocka_unit_test(clocks_jump_by_more_than_a_day),
        cmocka_unit_test(a_change_keeps_the_kind),
        cmocka_unit_test(calls_are_on_what_was_opened),
        cmocka_unit_test(options_of_opened_sockets_are_of_every_kind),
        cmocka_unit_test(nothing_is_opened_behind_the_place),
        cmocka_unit_test(numbers_at_either_end_go_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
