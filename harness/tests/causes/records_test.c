/* Each kind of cause there and back, at its edges. */
#include "support.h"

#include "tcp/config.h"
#include "tcp/socket.h"

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

static void as_many_sack_blocks_survive_as_fit(void **state)
{
    struct cause cause = plain_packet;
    struct cause_packet *const packet = &cause.as.packet;
    size_t bytes;
    (void)state;
    packet->options = CAUSE_OPTION_SACK | CAUSE_OPTION_RAW;
    for (uint8_t i = 0; i < CAUSE_SACK_MAX; i++) {
        packet->sack[i].left = (struct cause_number){SCENARIO_BASE_SND_UNA, INT32_MIN + i};
        packet->sack[i].right = (struct cause_number){SCENARIO_BASE_RCV_EDGE, INT32_MAX - i};
    }
    packet->sack_count = 4;
    packet->raw_count = 6;
    memset(packet->raw_bytes, 0xa5, 6);
    struct cause back = there_and_back(cause, &bytes);
    assert_int_equal(back.as.packet.sack_count, 4);
    assert_int_equal(back.as.packet.sack[3].left.offset, INT32_MIN + 3);
    assert_int_equal(back.as.packet.sack[3].right.base, SCENARIO_BASE_RCV_EDGE);
    assert_int_equal(back.as.packet.raw_bytes[5], 0xa5);
    packet->sack_count = 3;
    packet->raw_count = 14;
    memset(packet->raw_bytes, 0x5a, 14);
    back = there_and_back(cause, &bytes);
    assert_int_equal(back.as.packet.sack[2].right.offset, INT32_MAX - 2);
    assert_int_equal(back.as.packet.raw_bytes[13], 0x5a);
    packet->options = CAUSE_OPTION_SACK | CAUSE_OPTION_TIMESTAMPS;
    back = there_and_back(cause, &bytes);
    assert_int_equal(back.as.packet.sack_count, 3);
    packet->options |= CAUSE_OPTION_MSS;
    back = there_and_back(cause, &bytes);
    assert_int_equal(back.as.packet.sack_count, 0); /* 3 of 2 at most */
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
        cmocka_unit_test(common_packets_take_eight_octets),
        cmocka_unit_test(every_member_of_a_packet_survives),
        cmocka_unit_test(options_never_exceed_the_header),
        cmocka_unit_test(as_many_sack_blocks_survive_as_fit),
        cmocka_unit_test(large_writes_and_long_waits_survive),
        cmocka_unit_test(numbers_of_calls_keep_their_sign),
        cmocka_unit_test(edits_survive_and_only_between_two_hosts),
        cmocka_unit_test(settings_keep_what_their_field_holds),
        cmocka_unit_test(packets_are_joined_to_packets_only),
        cmocka_unit_test(causes_that_differ_are_not_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
