/* The laws of the encoding: decoding is total, encoding is canonical, one has the other back. */
#include "support.h"

static void the_empty_input_has_no_cause(void **state)
{
    struct decoded decoded;
    (void)state;
    decode(NULL, 0, &decoded);
    assert_int_equal(decoded.list.count, 0);
    assert_int_equal(decoded.list.start.hosts, 1);
    assert_int_equal(decoded.list.start.ip_version, 4);
    assert_int_equal(decoded.list.start.prologue, 0);
}

static void what_was_decoded_comes_back(void **state)
{
    uint64_t random = 1;
    (void)state;
    for (size_t i = 0; i < INPUT_COUNT; i++) {
        uint8_t bytes[INPUT_BYTES_MAX], canonical[OCTET_ROOM], again[OCTET_ROOM];
        struct decoded first, second;
        const size_t count = draw(&random) % (INPUT_BYTES_MAX + 1);
        fill(&random, bytes, count);
        decode(bytes, count, &first);
        const size_t length = encode(&first.list, canonical);
        decode(canonical, length, &second);
        assert_true(cause_list_same(&first.list, &second.list));
        assert_int_equal(encode(&second.list, again), length);
        assert_memory_equal(canonical, again, length);
    }
}

static void what_is_decoded_is_normal(void **state)
{
    uint64_t random = 2;
    (void)state;
    for (size_t i = 0; i < INPUT_COUNT; i++) {
        uint8_t bytes[INPUT_BYTES_MAX];
        struct decoded decoded, normal;
        fill(&random, bytes, sizeof bytes);
        decode(bytes, sizeof bytes, &decoded);
        normal = decoded;
        normal.list.items = normal.room;
        cause_list_normalise(&normal.list);
        assert_int_equal(normal.list.count, decoded.list.count);
        assert_memory_equal(&normal.list.start, &decoded.list.start, sizeof normal.list.start);
        assert_memory_equal(normal.room, decoded.room, decoded.list.count * sizeof decoded.room[0]);
    }
}

/* Any members at all, as a mutator may leave them. */
static void garbage_becomes_normal(void **state)
{
    uint64_t random = 3;
    (void)state;
    for (size_t i = 0; i < INPUT_COUNT; i++) {
        struct cause garbage[8];
        uint8_t bytes[OCTET_ROOM], normal_bytes[OCTET_ROOM];
        struct decoded back;
        fill(&random, (uint8_t *)garbage, sizeof garbage);
        struct cause_list list = list_of(garbage, 8);
        list.start.hosts = (uint8_t)(1 + draw(&random) % 2);
        const size_t length = encode(&list, bytes);
        cause_list_normalise(&list);
        assert_int_equal(encode(&list, normal_bytes), length);
        assert_memory_equal(bytes, normal_bytes, length);
        decode(bytes, length, &back);
        assert_true(cause_list_same(&list, &back.list));
    }
}

static bool reaches_the_stack(const struct cause *cause)
{
    return cause->kind == CAUSE_PACKET || cause->kind == CAUSE_ICMP || cause->kind == CAUSE_CALL ||
           cause->kind == CAUSE_SET;
}

static void most_random_inputs_have_ten_causes_that_reach_the_stack(void **state)
{
    uint64_t random = 4;
    size_t rich = 0;
    (void)state;
    for (size_t i = 0; i < INPUT_COUNT; i++) {
        uint8_t bytes[INPUT_BYTES_MAX];
        struct decoded decoded;
        size_t reaching = 0;
        fill(&random, bytes, sizeof bytes);
        decode(bytes, sizeof bytes, &decoded);
        for (size_t j = 0; j < decoded.list.count; j++) {
            reaching += reaches_the_stack(&decoded.room[j]) ? 1 : 0;
        }
        rich += reaching >= 10 ? 1 : 0;
    }
    assert_true(rich >= INPUT_COUNT * 95 / 100);
}

static void decoding_stops_where_the_room_ends(void **state)
{
    uint8_t bytes[CAUSE_HEAD_BYTES + 8 * 5] = {CAUSE_ENCODING_VERSION};
    struct cause room[3];
    struct cause_list list;
    (void)state;
    cause_decode(bytes, sizeof bytes, room, 3, &list);
    assert_int_equal(list.count, 3);
    cause_decode(bytes, sizeof bytes, room, 0, &list);
    assert_int_equal(list.count, 0);
}

static void encoding_tells_how_much_room_it_needs(void **state)
{
    struct cause packet = plain_packet;
    const struct cause_list list = list_of(&packet, 1);
    uint8_t bytes[CAUSE_HEAD_BYTES + 8];
    (void)state;
    assert_int_equal(cause_encode(&list, (struct tcp_room){NULL, 0}), sizeof bytes);
    assert_int_equal(cause_encode(&list, (struct tcp_room){bytes, sizeof bytes}), sizeof bytes);
}

static void an_unknown_version_is_read_as_the_current_one(void **state)
{
    uint64_t random = 5;
    uint8_t bytes[INPUT_BYTES_MAX];
    struct decoded current, unknown;
    (void)state;
    fill(&random, bytes, sizeof bytes);
    bytes[0] = CAUSE_ENCODING_VERSION;
    decode(bytes, sizeof bytes, &current);
    bytes[0] = 0xee;
    decode(bytes, sizeof bytes, &unknown);
    assert_true(cause_list_same(&current.list, &unknown.list));
}

static void a_cut_record_goes_on_with_zeros(void **state)
{
    struct cause packet = plain_packet;
    uint8_t bytes[OCTET_ROOM];
    struct decoded whole, cut;
    (void)state;
    packet.as.packet.window = 0; /* so that the record ends in zeros */
    const struct cause_list list = list_of(&packet, 1);
    const size_t length = encode(&list, bytes);
    decode(bytes, length, &whole);
    decode(bytes, length - 3, &cut);
    assert_true(cause_list_same(&whole.list, &cut.list));
}

/* A changed octet that is no opcode changes one cause and leaves the others in their places. */
static void a_changed_octet_stays_where_it_is(void **state)
{
    uint64_t random = 6;
    (void)state;
    for (size_t i = 0; i < 1000; i++) {
        uint8_t bytes[CAUSE_HEAD_BYTES + 8 * 20];
        struct decoded before, after;
        fill(&random, bytes, sizeof bytes);
        for (size_t at = CAUSE_HEAD_BYTES; at < sizeof bytes; at += 8) {
            bytes[at] = (uint8_t)(draw(&random) % 160); /* a packet, a call: compact forms */
        }
        decode(bytes, sizeof bytes, &before);
        const size_t record = draw(&random) % 20;
        bytes[CAUSE_HEAD_BYTES + 8 * record + 1 + draw(&random) % 7] ^= (uint8_t)draw(&random);
        decode(bytes, sizeof bytes, &after);
        assert_int_equal(before.list.count, 20);
        assert_int_equal(after.list.count, 20);
        for (size_t j = 0; j < 20; j++) {
            assert_true(j == record || cause_same(&before.room[j], &after.room[j]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_empty_input_has_no_cause),
        cmocka_unit_test(what_was_decoded_comes_back),
        cmocka_unit_test(what_is_decoded_is_normal),
        cmocka_unit_test(garbage_becomes_normal),
        cmocka_unit_test(most_random_inputs_have_ten_causes_that_reach_the_stack),
        cmocka_unit_test(decoding_stops_where_the_room_ends),
        cmocka_unit_test(encoding_tells_how_much_room_it_needs),
        cmocka_unit_test(an_unknown_version_is_read_as_the_current_one),
        cmocka_unit_test(a_cut_record_goes_on_with_zeros),
        cmocka_unit_test(a_changed_octet_stays_where_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
