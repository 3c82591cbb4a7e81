/* Frames of every known link, whole and cut, read as packets. */
#include "made_capture.h"

#include <string.h>

static uint8_t room[FRAME_ROOM];

static struct tcp_room some_packet(uint8_t version)
{
    return make_packet(version, (struct piece){CAPTURE_A, A, 1, 1, .count = 10}, room);
}

/* The packet behind `head`, read. */
static struct capture_packet read_behind(int link, const char *head, size_t head_count,
                                         uint8_t version)
{
    static uint8_t frame[FRAME_ROOM + 64];
    const struct tcp_room packet = some_packet(version);
    memcpy(frame, head, head_count);
    memcpy(frame + head_count, packet.bytes, packet.count);
    memset(frame + head_count + packet.count, 0, 6); /* what links pad with */
    struct capture_packet out;
    const size_t count = head_count + packet.count + 6;
    capture_packet_read(link, frame, count, count, &out);
    return out;
}

#define MACS "\1\2\3\4\5\6\1\2\3\4\5\7"

static void every_link_leads_to_the_packet(void **state)
{
    (void)state;
    static const struct {
        int link;
        const char *head;
        size_t count;
        uint8_t version;
    } cases[] = {
        {CAPTURE_LINK_RAW, "", 0, 4},
        {CAPTURE_LINK_RAW_FILE, "", 0, 6},
        {CAPTURE_LINK_IPV4, "", 0, 4},
        {CAPTURE_LINK_IPV6, "", 0, 6},
        {CAPTURE_LINK_NULL, "\2\0\0\0", 4, 4},
        {CAPTURE_LINK_LOOP, "\0\0\0\x1c", 4, 6},
        {CAPTURE_LINK_ETHERNET, MACS "\x08\x00", 14, 4},
        {CAPTURE_LINK_ETHERNET, MACS "\x86\xdd", 14, 6},
        {CAPTURE_LINK_ETHERNET, MACS "\x81\x00\x00\x05\x08\x00", 18, 4},
        {CAPTURE_LINK_ETHERNET, MACS "\x88\xa8\x00\x05\x81\x00\x00\x06\x86\xdd", 22, 6},
        {CAPTURE_LINK_SLL, "\0\0\0\1\0\6\1\2\3\4\5\6\0\0\x08\x00", 16, 4},
        {CAPTURE_LINK_SLL2, "\x86\xdd\0\0\0\0\0\2\0\1\0\6\1\2\3\4\5\6\0\0", 20, 6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct capture_packet packet =
            read_behind(cases[i].link, cases[i].head, cases[i].count, cases[i].version);
        assert_true(capture_knows_link(cases[i].link));
        assert_int_equal(packet.kind, CAPTURE_TCP);
        assert_int_equal(packet.wire, TCP_WIRE_OK);
        assert_int_equal(packet.sum, CAPTURE_SUM_RIGHT);
        assert_true(packet.is_whole);
        assert_int_equal(packet.segment.payload_bytes, 10);
        assert_int_equal(packet.segment.seq.raw, A_ISN + 1);
        assert_int_equal(packet.count, packet.layout.packet_bytes);
    }
}

static void other_frames_are_other(void **state)
{
    (void)state;
    assert_int_equal(read_behind(CAPTURE_LINK_ETHERNET, MACS "\x08\x06", 14, 4).kind,
                     CAPTURE_OTHER);
    assert_int_equal(read_behind(147, "", 0, 4).kind, CAPTURE_OTHER);
    struct tcp_room packet = some_packet(4);
    packet.bytes[9] = 17;
    struct capture_packet out;
    capture_packet_read(CAPTURE_LINK_RAW, packet.bytes, packet.count, packet.count, &out);
    assert_int_equal(out.kind, CAPTURE_OTHER);
    packet = some_packet(4);
    packet.bytes[6] |= 0x20;
    capture_packet_read(CAPTURE_LINK_RAW, packet.bytes, packet.count, packet.count, &out);
    assert_int_equal(out.kind, CAPTURE_FRAGMENT);
}

/* Every length that a capture may have cut a packet to, in memory of that very size. */
static void a_packet_may_be_cut_anywhere(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        const size_t headers = version == 4 ? 40 : 60;
        const struct tcp_room packet = some_packet(version);
        for (size_t count = 0; count < packet.count; count++) {
            uint8_t *copy = test_malloc(count + 1);
            memcpy(copy + 1, packet.bytes, count);
            struct capture_packet out;
            capture_packet_read(CAPTURE_LINK_RAW, copy + 1, count, packet.count, &out);
            const enum capture_kind expected = count == 0        ? CAPTURE_OTHER
                                               : count < headers ? CAPTURE_TOO_SHORT
                                                                 : CAPTURE_TCP;
            assert_int_equal(out.kind, expected);
            if (out.kind == CAPTURE_TCP) {
                assert_false(out.is_whole);
                assert_int_equal(out.sum, CAPTURE_SUM_UNKNOWN);
                assert_int_equal(out.segment.payload_bytes, 10);
                assert_null(out.segment.payload);
            }
            test_free(copy);
        }
    }
}

/* Numbers count also where options were cut off; a SYN says too much in its options for that. */
static void options_may_be_cut(void **state)
{
    (void)state;
    struct piece piece = {CAPTURE_A, A, 1, 1, .count = 10};
    piece.options = (struct tcp_options){.has_timestamps = true, .timestamp_value = 7};
    for (size_t count = 40; count < 52; count++) {
        for (int is_syn = 0; is_syn <= 1; is_syn++) {
            piece.flags = (uint16_t)(A | (is_syn ? S : 0));
            const struct tcp_room packet = make_packet(4, piece, room);
            uint8_t *copy = test_malloc(count);
            memcpy(copy, packet.bytes, count);
            struct capture_packet out;
            capture_packet_read(CAPTURE_LINK_RAW, copy, count, packet.count, &out);
            assert_int_equal(out.kind, is_syn ? CAPTURE_TOO_SHORT : CAPTURE_TCP);
            if (!is_syn) {
                assert_true(out.options_are_cut);
                assert_int_equal(out.wire, TCP_WIRE_OK);
                assert_int_equal(out.segment.payload_bytes, 10);
                assert_int_equal(out.segment.ack.raw, B_ISN + 1);
                assert_int_equal(out.layout.options_bytes, count - 40);
                assert_false(out.segment.options.has_timestamps);
            }
            test_free(copy);
        }
    }
}

/* Whatever an octet becomes, nothing beyond the packet is read and what is said holds together. */
static void any_octet_may_be_wrong(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        const struct tcp_room packet = some_packet(version);
        for (size_t i = 0; i < packet.count * 256; i++) {
            uint8_t *copy = test_malloc(packet.count);
            memcpy(copy, packet.bytes, packet.count);
            copy[i / 256] = (uint8_t)i;
            struct capture_packet out;
            capture_packet_read(CAPTURE_LINK_RAW, copy, packet.count, packet.count, &out);
            if (out.kind == CAPTURE_TCP && out.wire == TCP_WIRE_OK) {
                assert_true(out.layout.payload_offset + out.segment.payload_bytes ==
                            out.layout.packet_bytes);
                assert_true(out.count <= packet.count);
            }
            test_free(copy);
        }
    }
}

/* A length of 0 in IP's header: what is there is the packet, which a card would have cut. */
static void a_length_of_zero_is_that_of_a_large_segment(void **state)
{
    (void)state;
    struct tcp_room packet = some_packet(4);
    packet.bytes[2] = packet.bytes[3] = 0;
    struct capture_packet out;
    capture_packet_read(CAPTURE_LINK_RAW, packet.bytes, packet.count, packet.count, &out);
    assert_int_equal(out.kind, CAPTURE_TCP);
    assert_int_equal(out.sum, CAPTURE_SUM_OFFLOADED);
    assert_int_equal(out.segment.payload_bytes, 10);
}

/* What is cut off is as long as the record says, which is 32 bits that nobody vouches for. */
static void a_large_segment_has_its_bound(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        for (int is_beyond = 0; is_beyond <= 1; is_beyond++) {
            struct tcp_room packet = some_packet(version);
            const size_t at = version == 4 ? 2 : 4;
            packet.bytes[at] = packet.bytes[at + 1] = 0;
            struct capture_packet out;
            capture_packet_read(CAPTURE_LINK_RAW, packet.bytes, packet.count,
                                (size_t)512 * 1024 + (is_beyond ? 1 : 0), &out);
            assert_int_equal(out.kind, is_beyond ? CAPTURE_OTHER : CAPTURE_TCP);
        }
    }
}

static void a_header_that_claims_more_than_was_sent_is_truncated(void **state)
{
    (void)state;
    struct tcp_room packet = some_packet(4);
    packet.bytes[3] = (uint8_t)(packet.bytes[3] + 1);
    struct capture_packet out;
    capture_packet_read(CAPTURE_LINK_RAW, packet.bytes, packet.count, packet.count, &out);
    assert_int_equal(out.kind, CAPTURE_TCP);
    assert_int_equal(out.wire, TCP_WIRE_TRUNCATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_link_leads_to_the_packet),
        cmocka_unit_test(other_frames_are_other),
        cmocka_unit_test(a_packet_may_be_cut_anywhere),
        cmocka_unit_test(options_may_be_cut),
        cmocka_unit_test(any_octet_may_be_wrong),
        cmocka_unit_test(a_length_of_zero_is_that_of_a_large_segment),
        cmocka_unit_test(a_large_segment_has_its_bound),
        cmocka_unit_test(a_header_that_claims_more_than_was_sent_is_truncated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
