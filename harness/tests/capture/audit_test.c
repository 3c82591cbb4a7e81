/* Each rule that a capture can show, broken once; and what looks like it and is not. Long because there
 * are so many rules. */
#include "made_capture.h"

#include <string.h>

static const struct audit_options as_captured = {0};
static const struct audit_options exactly = {.is_exact = true};

/* After the handshake A has numbers from 1 on, and B too. */
static void begin(struct made *made, const struct audit_options *options)
{
    made_begin(made, options);
    handshake(made, 10000);
}

static void a_lawful_exchange_is_clean(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        struct made made;
        made_begin(&made, &as_captured);
        made.ip_version = version;
        handshake(&made, 10000);
        packet(&made, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000, .count = 100});
        packet(&made, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000, .count = 100});
        packet(&made, (struct piece){CAPTURE_B, A, 1, 101, .window = 9900, .count = 50});
        packet(&made, (struct piece){CAPTURE_A, A | F, 101, 51, .window = 9950});
        packet(&made, (struct piece){CAPTURE_B, A | F, 51, 102, .window = 9900});
        packet(&made, (struct piece){CAPTURE_A, A, 102, 52, .window = 9950});
        assert_int_equal(judged(&made, "W05"), 1);
        assert_int_equal(judged(&made, "W01"), version == 4 ? 18 : 9);
        assert_int_equal(audit_flows(made.audit), 1);
        finds_nothing(&made);
    }
}

static void a_wrong_checksum_is_doubtful_unless_the_capture_is_exact(void **state)
{
    (void)state;
    for (int exact = 0; exact <= 1; exact++) {
        struct made made;
        begin(&made, exact ? &exactly : &as_captured);
        uint8_t room[FRAME_ROOM];
        const struct tcp_room made_packet =
            make_packet(4, (struct piece){CAPTURE_A, A, 1, 1, .count = 9}, room);
        made_packet.bytes[made_packet.count - 1] ^= 1;
        raw_packet(&made, made_packet.bytes, made_packet.count, made_packet.count);
        finds(&made, "W01", exact ? AUDIT_CERTAIN : AUDIT_DOUBTFUL);
    }
}

/* Damage is the network's, wherever it hits. */
static void a_damaged_header_is_no_certain_finding(void **state)
{
    (void)state;
    static const uint8_t places[] = {32, 41}; /* data offset; length of the first option */
    for (size_t i = 0; i < sizeof places; i++) {
        struct made made;
        made_begin(&made, &as_captured);
        const struct tcp_options options = {.has_mss = true, .mss = 1000};
        uint8_t room[FRAME_ROOM];
        const struct tcp_room syn =
            make_packet(4, (struct piece){CAPTURE_A, S, .options = options}, room);
        syn.bytes[places[i]] ^= 0xf0;
        raw_packet(&made, syn.bytes, syn.count, syn.count);
        finds(&made, "W01", AUDIT_DOUBTFUL);
    }
}

static void a_checksum_left_to_the_card_is_none(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    uint8_t room[FRAME_ROOM];
    const struct tcp_room made_packet =
        make_packet(4, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000, .count = 8}, room);
    /* 10.0.0.1 + 10.0.0.2 + 6 + 28 */
    const unsigned pseudo = 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 6 + 28;
    made_packet.bytes[36] = (uint8_t)(pseudo >> 8);
    made_packet.bytes[37] = (uint8_t)pseudo;
    raw_packet(&made, made_packet.bytes, made_packet.count, made_packet.count);
    packet(&made, (struct piece){CAPTURE_B, A, 1, 9, .window = 10000});
    finds_nothing(&made);
}

static void reserved_bits_are_found(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    uint8_t room[FRAME_ROOM];
    const struct tcp_room made_packet =
        make_packet(4, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000}, room);
    made_packet.bytes[32] |= 4;
    made_packet.bytes[36] = (uint8_t)(made_packet.bytes[36] - 4); /* 0x0400 less in the sum */
    raw_packet(&made, made_packet.bytes, made_packet.count, made_packet.count);
    finds(&made, "W02", AUDIT_CERTAIN);
}

static void an_mss_option_behind_the_handshake_is_found(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    packet(&made, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000,
                                 .options = {.has_mss = true, .mss = 1000}});
    finds(&made, "W03", AUDIT_CERTAIN);
}

static void timestamps_nobody_agreed_to_are_found(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    packet(&made, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000,
                                 .options = {.has_timestamps = true, .timestamp_value = 1}});
    finds(&made, "W04", AUDIT_CERTAIN);
}

static void nothing_is_said_of_options_when_the_syns_are_not_there(void **state)
{
    (void)state;
    struct made made;
    made_begin(&made, &as_captured);
    const struct tcp_options options = {.has_timestamps = true, .timestamp_value = 1};
    packet(&made, (struct piece){CAPTURE_A, A, 500, 700, .count = 1400, .options = options});
    packet(&made, (struct piece){CAPTURE_B, A, 700, 1900, .window = 3});
    packet(&made, (struct piece){CAPTURE_A, A, 1900, 700, .window = 1, .count = 1400});
    assert_int_equal(judged(&made, "W04"), 0);
    assert_int_equal(judged(&made, "W13"), 0);
    assert_int_equal(judged(&made, "W08"), 0);
    assert_int_equal(judged(&made, "W12"), 0);
    finds_nothing(&made);
}

static void other_octets_at_the_same_number_are_found(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    packet(&made, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000, .count = 100});
    packet(&made, (struct piece){CAPTURE_A, A, 51, 1, .window = 10000, .count = 10, .salt = 1});
    finds(&made, "W05", AUDIT_CERTAIN);
}

static void the_garbage_of_keep_alive_is_none(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    packet(&made, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000, .count = 100});
    packet(&made, (struct piece){CAPTURE_B, A, 1, 101, .window = 10000});
    packet(&made, (struct piece){CAPTURE_A, A, 100, 1, .window = 10000, .count = 1, .salt = 1});
    finds_nothing(&made);
}

/* As that, but the ACK is not in the capture. */
static void what_may_be_keep_alive_is_not_certain(void **state)
{
    (void)state;
    for (int exact = 0; exact <= 1; exact++) {
        struct made made;
        begin(&made, exact ? &exactly : &as_captured);
        packet(&made, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000, .count = 100});
        packet(&made, (struct piece){CAPTURE_A, A, 100, 1, .window = 10000, .count = 1, .salt = 1});
        finds(&made, "W05", exact ? AUDIT_CERTAIN : AUDIT_DOUBTFUL);
    }
    struct made made; /* one octet, but not the last */
    begin(&made, &as_captured);
    packet(&made, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000, .count = 100});
    packet(&made, (struct piece){CAPTURE_A, A, 99, 1, .window = 10000, .count = 1, .salt = 1});
    finds(&made, "W05", AUDIT_CERTAIN);
}

/* Where packets may overtake one another, an older ACK behind a newer one proves nothing. */
static void an_ack_that_goes_back_is_doubtful_by_itself(void **state)
{
    (void)state;
    for (int exact = 0; exact <= 1; exact++) {
        struct made made;
        begin(&made, exact ? &exactly : &as_captured);
        packet(&made, (struct piece){CAPTURE_B, A, 1, 1, .window = 10000, .count = 100});
        packet(&made, (struct piece){CAPTURE_A, A, 1, 101, .window = 9900});
        packet(&made, (struct piece){CAPTURE_A, A, 1, 51, .window = 9950});
        finds(&made, "W06", exact ? AUDIT_CERTAIN : AUDIT_DOUBTFUL);
    }
}

static void an_ack_that_goes_back_on_new_octets_is_found(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    packet(&made, (struct piece){CAPTURE_B, A, 1, 1, .window = 10000, .count = 100});
    packet(&made, (struct piece){CAPTURE_A, A, 1, 101, .window = 9900});
    packet(&made, (struct piece){CAPTURE_A, A, 1, 51, .window = 9950, .count = 10});
    finds(&made, "W06", AUDIT_CERTAIN);
}

static void an_ack_that_goes_back_under_a_later_clock_is_found(void **state)
{
    (void)state;
    for (uint32_t clock = 4; clock <= 6; clock++) {
        struct made made;
        made_begin(&made, &as_captured);
        struct tcp_options options = {.has_mss = true, .mss = 1000, .has_timestamps = true};
        packet(&made, (struct piece){CAPTURE_A, S, .window = 9000, .options = options});
        packet(&made,
               (struct piece){CAPTURE_B, S | A, .ack = 1, .window = 9000, .options = options});
        options.has_mss = false;
        packet(&made, (struct piece){CAPTURE_B, A, 1, 1, .count = 100, .options = options});
        options.timestamp_value = 5;
        packet(&made, (struct piece){CAPTURE_A, A, 1, 101, .options = options});
        options.timestamp_value = clock;
        packet(&made, (struct piece){CAPTURE_A, A, 1, 51, .window = 1050, .options = options});
        finds(&made, "W06", clock > 5 ? AUDIT_CERTAIN : AUDIT_DOUBTFUL);
    }
}

static void an_ack_of_what_nobody_saw_is_doubtful(void **state)
{
    (void)state;
    for (int exact = 0; exact <= 1; exact++) {
        struct made made;
        begin(&made, exact ? &exactly : &as_captured);
        packet(&made, (struct piece){CAPTURE_A, A, 1, 101, .window = 10000});
        finds(&made, "W07", exact ? AUDIT_CERTAIN : AUDIT_DOUBTFUL);
    }
}

static void text_beyond_the_window_is_doubtful(void **state)
{
    (void)state;
    for (int exact = 0; exact <= 1; exact++) {
        struct made made;
        made_begin(&made, exact ? &exactly : &as_captured);
        handshake(&made, 100);
        packet(&made, (struct piece){CAPTURE_A, A, 1, 1, .window = 100, .count = 101});
        finds(&made, "W08", exact ? AUDIT_CERTAIN : AUDIT_DOUBTFUL);
    }
}

static void text_behind_the_fin_is_found(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    packet(&made, (struct piece){CAPTURE_A, A | F, 1, 1, .window = 10000});
    packet(&made, (struct piece){CAPTURE_A, A, 2, 1, .window = 10000, .count = 5});
    finds(&made, "W09", AUDIT_CERTAIN);
}

static void a_fin_that_moves_is_found(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    packet(&made, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000, .count = 5});
    packet(&made, (struct piece){CAPTURE_A, A | F, 6, 1, .window = 10000});
    packet(&made, (struct piece){CAPTURE_A, A | F, 5, 1, .window = 10000});
    finds(&made, "W10", AUDIT_CERTAIN);
}

static void a_hole_is_a_finding_in_an_exact_capture_only(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    packet(&made, (struct piece){CAPTURE_A, A, 101, 1, .window = 10000, .count = 5});
    finds_nothing(&made);
    begin(&made, &exactly);
    packet(&made, (struct piece){CAPTURE_A, A, 101, 1, .window = 10000, .count = 5});
    finds(&made, "W11", AUDIT_CERTAIN);
}

static void a_window_that_shrinks_is_a_note(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &exactly);
    packet(&made, (struct piece){CAPTURE_A, A, 1, 1, .window = 9999});
    finds(&made, "W12", AUDIT_NOTE);
    begin(&made, &as_captured);
    packet(&made, (struct piece){CAPTURE_A, A, 1, 1, .window = 9999});
    finds_nothing(&made);
}

static void a_segment_beyond_the_mss_is_found(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    packet(&made, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000, .count = 1000});
    packet(&made, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000, .count = 1001});
    finds(&made, "W13", AUDIT_CERTAIN);
}

/* The card cuts it later: its checksum is not made yet. */
static void a_segment_that_the_card_will_cut_is_none(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    uint8_t room[FRAME_ROOM];
    const struct tcp_room large =
        make_packet(4, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000, .count = 3000}, room);
    const unsigned pseudo = 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 6 + 3020;
    large.bytes[36] = (uint8_t)(pseudo >> 8);
    large.bytes[37] = (uint8_t)pseudo;
    raw_packet(&made, large.bytes, large.count, large.count);
    finds_nothing(&made);
}

static void a_reset_with_numbers_from_nowhere_is_doubtful(void **state)
{
    (void)state;
    for (int exact = 0; exact <= 1; exact++) {
        struct made made;
        begin(&made, exact ? &exactly : &as_captured);
        packet(&made, (struct piece){CAPTURE_A, R | A, .seq = 5000, .ack = 1});
        finds(&made, "W14", exact ? AUDIT_CERTAIN : AUDIT_DOUBTFUL);
    }
}

static void a_reset_that_quotes_a_segment_is_lawful(void **state)
{
    (void)state;
    struct made made;
    made_begin(&made, &exactly);
    packet(&made, (struct piece){CAPTURE_A, S, .seq = 0});
    packet(&made, (struct piece){CAPTURE_B, R | A, .seq = 0u - B_ISN, .ack = 1});
    packet(&made, (struct piece){CAPTURE_A, A, 1, 900, .count = 5});
    packet(&made, (struct piece){CAPTURE_B, R, .seq = 900});
    finds_nothing(&made);
}

static void snapped_packets_are_judged_by_their_numbers(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    uint8_t room[FRAME_ROOM];
    struct tcp_room whole =
        make_packet(4, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000, .count = 500}, room);
    raw_packet(&made, whole.bytes, 60, whole.count);
    whole = make_packet(
        4, (struct piece){CAPTURE_A, A, 1, 1, .window = 10000, .count = 500, .salt = 9}, room);
    raw_packet(&made, whole.bytes, 60, whole.count); /* other octets, but nobody can see them */
    packet(&made, (struct piece){CAPTURE_B, A, 1, 501, .window = 10000});
    assert_int_equal(judged(&made, "W05"), 0);
    assert_int_equal(judged(&made, "W07"), 5);
    finds_nothing(&made);
}

/* With timestamps agreed to, a segment whose options are cut off seems to lack them. */
static void options_that_were_cut_are_not_missed(void **state)
{
    (void)state;
    struct tcp_options options = {.has_mss = true, .mss = 1000, .has_timestamps = true};
    for (int is_cut = 0; is_cut <= 1; is_cut++) {
        struct made made;
        made_begin(&made, &as_captured);
        options.has_mss = true;
        packet(&made, (struct piece){CAPTURE_A, S, .window = 9000, .options = options});
        packet(&made,
               (struct piece){CAPTURE_B, S | A, .ack = 1, .window = 9000, .options = options});
        options.has_mss = false;
        packet(&made, (struct piece){CAPTURE_B, A, 1, 1, .count = 100, .options = options});
        uint8_t room[FRAME_ROOM];
        const struct tcp_room ack =
            make_packet(4, (struct piece){CAPTURE_A, A, 1, 101, .options = options}, room);
        raw_packet(&made, ack.bytes, is_cut ? 45 : ack.count, ack.count);
        assert_int_equal(judged(&made, "W04"), is_cut ? 2 : 3);
        finds_nothing(&made);
    }
}

static void only_named_hosts_are_judged(void **state)
{
    (void)state;
    const struct tcp_address b = {.version = 4, .bytes = {10, 0, 0, 2}};
    for (int judges_b = 0; judges_b <= 1; judges_b++) {
        struct tcp_address side = b;
        side.bytes[3] = judges_b ? 2 : 1;
        const struct audit_options options = {.sides = &side, .side_count = 1};
        struct made made;
        begin(&made, &options);
        packet(&made, (struct piece){CAPTURE_B, A | F, 1, 1, .window = 10000});
        packet(&made, (struct piece){CAPTURE_B, A, 2, 1, .window = 10000, .count = 5});
        if (judges_b) {
            finds(&made, "W09", AUDIT_CERTAIN);
        } else {
            finds_nothing(&made);
        }
    }
}

/* An old duplicate of the connection before, on the same four-tuple. */
static void a_second_life_may_see_packets_of_the_first(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    packet(&made, (struct piece){CAPTURE_A, A | F, 1, 1, .window = 10000});
    packet(&made, (struct piece){CAPTURE_A, S, .seq = 100000});
    packet(&made, (struct piece){CAPTURE_A, A | F, 100001, 1, .window = 10000});
    packet(&made, (struct piece){CAPTURE_A, A | F, 1, 1, .window = 10000});
    finds(&made, "W10", AUDIT_DOUBTFUL);
}

static void findings_beyond_the_third_of_a_kind_are_counted(void **state)
{
    (void)state;
    struct made made;
    begin(&made, &as_captured);
    packet(&made, (struct piece){CAPTURE_A, A | F, 1, 1, .window = 10000});
    for (uint32_t i = 0; i < 1000; i++) {
        packet(&made, (struct piece){CAPTURE_A, A, 2, 1, .window = 10000, .count = 5});
    }
    size_t count = 0;
    const struct audit_finding *findings = audit_findings(made.audit, &count);
    assert_int_equal(count, AUDIT_FINDINGS_PER_END);
    assert_int_equal(findings[count - 1].more, 1000 - AUDIT_FINDINGS_PER_END);
    assert_int_equal(findings[0].packet, 5);
    made_end(&made);
}

/* What is remembered of a flow does not grow with its packets. */
static void memory_does_not_grow_with_the_capture(void **state)
{
    (void)state;
    struct made made;
    made_begin(&made, &as_captured);
    handshake(&made, 65535);
    size_t early = 0;
    for (uint32_t i = 0; i < 20000; i++) {
        packet(&made,
               (struct piece){CAPTURE_A, A, 1 + i * 1000, 1, .window = 65535, .count = 1000});
        packet(&made, (struct piece){CAPTURE_B, A, 1, 1001 + i * 1000, .window = 65535});
        early = i == 1000 ? arena_bytes(made.arena) : early;
    }
    assert_int_equal(arena_bytes(made.arena), early);
    finds_nothing(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lawful_exchange_is_clean),
        cmocka_unit_test(a_wrong_checksum_is_doubtful_unless_the_capture_is_exact),
        cmocka_unit_test(a_damaged_header_is_no_certain_finding),
        cmocka_unit_test(a_checksum_left_to_the_card_is_none),
        cmocka_unit_test(reserved_bits_are_found),
        cmocka_unit_test(an_mss_option_behind_the_handshake_is_found),
        cmocka_unit_test(timestamps_nobody_agreed_to_are_found),
        cmocka_unit_test(nothing_is_said_of_options_when_the_syns_are_not_there),
        cmocka_unit_test(other_octets_at_the_same_number_are_found),
        cmocka_unit_test(the_garbage_of_keep_alive_is_none),
        cmocka_unit_test(what_may_be_keep_alive_is_not_certain),
        cmocka_unit_test(an_ack_that_goes_back_is_doubtful_by_itself),
        cmocka_unit_test(an_ack_that_goes_back_on_new_octets_is_found),
        cmocka_unit_test(an_ack_that_goes_back_under_a_later_clock_is_found),
        cmocka_unit_test(an_ack_of_what_nobody_saw_is_doubtful),
        cmocka_unit_test(text_beyond_the_window_is_doubtful),
        cmocka_unit_test(text_behind_the_fin_is_found),
        cmocka_unit_test(a_fin_that_moves_is_found),
        cmocka_unit_test(a_hole_is_a_finding_in_an_exact_capture_only),
        cmocka_unit_test(a_window_that_shrinks_is_a_note),
        cmocka_unit_test(a_segment_beyond_the_mss_is_found),
        cmocka_unit_test(a_segment_that_the_card_will_cut_is_none),
        cmocka_unit_test(a_reset_with_numbers_from_nowhere_is_doubtful),
        cmocka_unit_test(a_reset_that_quotes_a_segment_is_lawful),
        cmocka_unit_test(snapped_packets_are_judged_by_their_numbers),
        cmocka_unit_test(options_that_were_cut_are_not_missed),
        cmocka_unit_test(only_named_hosts_are_judged),
        cmocka_unit_test(a_second_life_may_see_packets_of_the_first),
        cmocka_unit_test(findings_beyond_the_third_of_a_kind_are_counted),
        cmocka_unit_test(memory_does_not_grow_with_the_capture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
