/* The laws of the encoding: decoding is total, encoding is canonical, one has the other back. */
#include "support.h"

#include "tcp/config.h"
#include "tcp/socket.h"

struct decoded {
    struct cause room[CAUSE_ROOM];
    struct cause_list list;
};

static void decode(const uint8_t *bytes, size_t count, struct decoded *out)
{
    cause_decode(bytes, count, out->room, CAUSE_ROOM, &out->list);
}

static size_t encode(const struct cause_list *list, uint8_t bytes[OCTET_ROOM])
{
    const size_t count = cause_encode(list, (struct tcp_room){bytes, OCTET_ROOM});
    assert_true(count <= OCTET_ROOM);
    return count;
}

/* A list of one host with these causes. */
static struct cause_list list_of(struct cause *causes, size_t count)
{
    return (struct cause_list){
        .start = {.hosts = 1, .ip_version = 4}, .items = causes, .count = count, .capacity = count};
}

/* What comes back of one cause between two hosts, and in how many octets it stood. */
static struct cause there_and_back(struct cause cause, size_t *record_bytes)
{
    struct decoded back;
    uint8_t bytes[OCTET_ROOM];
    struct cause_list list = list_of(&cause, 1);
    list.start.hosts = 2;
    *record_bytes = encode(&list, bytes) - CAUSE_HEAD_BYTES;
    decode(bytes, *record_bytes + CAUSE_HEAD_BYTES, &back);
    assert_int_equal(back.list.count, 1);
    assert_true(cause_same(&cause, &back.room[0]));
    return back.room[0];
}

static const struct cause plain_packet = {
    .kind = CAUSE_PACKET,
    .as.packet = {.flags = TCP_FLAG_ACK,
                  .seq = {SCENARIO_BASE_RCV_NXT, 0},
                  .ack = {SCENARIO_BASE_SND_NXT, 0},
                  .window = UINT16_MAX,
                  .ttl = CAUSE_TTL_USUAL},
};

/* ---- any input --------------------------------------------------------------------------------- */

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

/* ---- single causes ------------------------------------------------------------------------------ */

static void common_packets_take_eight_octets(void **state)
{
    struct cause packet = plain_packet;
    size_t bytes;
    (void)state;
    (void)there_and_back(packet, &bytes);
    assert_int_equal(bytes, 8);
    packet.as.packet.payload_bytes = 1460;
    packet.as.packet.seq.offset = -16;
    packet.as.packet.ack.offset = 15;
    (void)there_and_back(packet, &bytes);
    assert_int_equal(bytes, 8);
    packet.as.packet.ack.offset = 16;
    (void)there_and_back(packet, &bytes);
    assert_int_equal(bytes, 24);
}

static void every_member_of_a_packet_survives(void **state)
{
    struct cause cause = plain_packet;
    struct cause_packet *const packet = &cause.as.packet;
    size_t bytes;
    (void)state;
    cause.host = CAUSE_HOST_B;
    packet->from = (struct cause_target){CAUSE_DESCRIPTOR, 7};
    packet->damage = CAUSE_DAMAGE_LENGTH;
    packet->damage_value = 19;
    packet->traffic_class = 3;
    packet->ttl = 1;
    packet->flags = 0x1ff;
    packet->window = 1;
    packet->urgent = 65535;
    packet->payload_bytes = CAUSE_PAYLOAD_MAX;
    packet->seq = (struct cause_number){SCENARIO_BASE_ABSOLUTE, INT32_MIN};
    packet->ack = (struct cause_number){SCENARIO_BASE_RCV_EDGE, INT32_MAX};
    packet->options = CAUSE_OPTION_MSS | CAUSE_OPTION_WINDOW_SCALE | CAUSE_OPTION_SACK |
                      CAUSE_OPTION_TIMESTAMPS | CAUSE_OPTION_RAW;
    packet->mss = 65535;
    packet->window_scale = 255;
    packet->timestamp_value = UINT32_MAX;
    packet->timestamp_echo = 1;
    packet->sack_count = 1;
    packet->sack[0].left = (struct cause_number){SCENARIO_BASE_SND_UNA, -1};
    packet->sack[0].right = (struct cause_number){SCENARIO_BASE_SND_NXT, 1};
    packet->raw_count = 13;
    memset(packet->raw_bytes, 0xa5, 13);
    const struct cause back = there_and_back(cause, &bytes);
    assert_int_equal(bytes, CAUSE_RECORD_BYTES_MAX);
    assert_int_equal(back.host, CAUSE_HOST_B);
    assert_int_equal(back.as.packet.from.kind, CAUSE_DESCRIPTOR);
    assert_int_equal(back.as.packet.ack.offset, INT32_MAX);
    assert_int_equal(back.as.packet.sack[0].left.offset, -1);
    assert_int_equal(back.as.packet.raw_count, 13);
    assert_int_equal(back.as.packet.raw_bytes[12], 0xa5);
    assert_int_equal(back.as.packet.has_text, 1);
}

static void options_never_exceed_the_header(void **state)
{
    struct cause cause = plain_packet;
    size_t bytes;
    (void)state;
    cause.as.packet.options = 0xff;
    cause.as.packet.sack_count = 2;
    cause.as.packet.raw_count = CAUSE_RAW_BYTES_MAX;
    const struct cause back = there_and_back(cause, &bytes);
    assert_int_equal(back.as.packet.raw_count, 40 - 4 - 3 - 2 - 10 - 18);
}

static void large_writes_and_long_waits_survive(void **state)
{
    const int64_t waits[] = {0,        1,  4095,  4096,  4100,   999999,    1500000,
                             60000000, -1, -2048, -2049, -20480, INT32_MIN, CAUSE_WAIT_US_MAX};
    size_t bytes;
    (void)state;
    struct cause write = {.kind = CAUSE_CALL,
                          .as.call = {.kind = CAUSE_CALL_SEND, .number = CAUSE_WRITE_MAX}};
    assert_int_equal(there_and_back(write, &bytes).as.call.number, CAUSE_WRITE_MAX);
    assert_int_equal(bytes, 16);
    write.as.call.number = 65535;
    assert_int_equal(there_and_back(write, &bytes).as.call.number, 65535);
    assert_int_equal(bytes, 8);
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        struct cause wait = {.kind = CAUSE_WAIT,
                             .as.wait = {.kind = CAUSE_WAIT_DEADLINE, .us = waits[i]}};
        assert_int_equal(there_and_back(wait, &bytes).as.wait.us, waits[i]);
        wait.as.wait = (struct cause_wait){CAUSE_WAIT_FOR, waits[i] < 0 ? 0 : waits[i]};
        assert_int_equal(there_and_back(wait, &bytes).as.wait.us, wait.as.wait.us);
    }
}

static void numbers_of_calls_keep_their_sign(void **state)
{
    const int64_t numbers[] = {0, 1, -1, (1 << 23) - 1, 1 << 23, -(1 << 23), INT32_MIN, INT32_MAX};
    size_t bytes;
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const struct cause call = {.kind = CAUSE_CALL,
                                   .as.call = {.kind = CAUSE_CALL_SET_OPTION,
                                               .option = TCP_SOCKET_SO_LINGER,
                                               .number = numbers[i]}};
        assert_int_equal(there_and_back(call, &bytes).as.call.number, numbers[i]);
    }
}

static void edits_survive_and_only_between_two_hosts(void **state)
{
    struct cause edit = {
        .kind = CAUSE_EDIT,
        .host = CAUSE_HOST_B,
        .as.edit = {.kind = CAUSE_EDIT_DELAY, .packet = 3, .count = 8, .us = 20000}};
    uint8_t octets[OCTET_ROOM];
    size_t bytes;
    (void)state;
    assert_int_equal(there_and_back(edit, &bytes).as.edit.us, 20000);
    assert_int_equal(bytes, 8);
    edit.as.edit.us = 20001;
    edit.as.edit.count = UINT32_MAX;
    assert_int_equal(there_and_back(edit, &bytes).as.edit.count, UINT32_MAX);
    const struct cause_list alone = list_of(&edit, 1);
    assert_int_equal(encode(&alone, octets), CAUSE_HEAD_BYTES);
}

static void settings_keep_what_their_field_holds(void **state)
{
    size_t count, bytes;
    const struct tcp_config_field *const fields = tcp_config_fields(&count);
    (void)state;
    assert_true(count < 256);
    for (size_t i = 0; i < count; i++) {
        const struct cause set = {.kind = CAUSE_SET,
                                  .as.set = {.field = (uint8_t)i, .value = UINT64_MAX}};
        const struct cause back = there_and_back(set, &bytes);
        assert_int_equal(back.as.set.field, i);
        assert_true(back.as.set.value ==
                    (fields[i].kind == TCP_CONFIG_U32 ? UINT32_MAX : UINT64_MAX));
    }
}

static void packets_are_joined_to_packets_only(void **state)
{
    struct cause causes[4] = {plain_packet, plain_packet, {.kind = CAUSE_WAIT}, plain_packet};
    uint8_t bytes[OCTET_ROOM];
    struct decoded back;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        causes[i].as.packet.is_joined = causes[i].kind == CAUSE_PACKET;
    }
    const struct cause_list list = list_of(causes, 4);
    decode(bytes, encode(&list, bytes), &back);
    assert_int_equal(back.room[0].as.packet.is_joined, 1);
    assert_int_equal(back.room[1].as.packet.is_joined, 0);
    assert_int_equal(back.room[3].as.packet.is_joined, 0);
}

static void causes_that_differ_are_not_the_same(void **state)
{
    struct cause other = plain_packet;
    (void)state;
    assert_true(cause_same(&plain_packet, &other));
    other.as.packet.seq.offset = 1;
    assert_false(cause_same(&plain_packet, &other));
    other = plain_packet;
    other.host = CAUSE_HOST_B;
    assert_false(cause_same(&plain_packet, &other));
    other = (struct cause){.kind = CAUSE_WAIT};
    assert_false(cause_same(&plain_packet, &other));
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
        cmocka_unit_test(common_packets_take_eight_octets),
        cmocka_unit_test(every_member_of_a_packet_survives),
        cmocka_unit_test(options_never_exceed_the_header),
        cmocka_unit_test(large_writes_and_long_waits_survive),
        cmocka_unit_test(numbers_of_calls_keep_their_sign),
        cmocka_unit_test(edits_survive_and_only_between_two_hosts),
        cmocka_unit_test(settings_keep_what_their_field_holds),
        cmocka_unit_test(packets_are_joined_to_packets_only),
        cmocka_unit_test(causes_that_differ_are_not_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
