/* ICMP messages that quote a segment of ours: what is read from them, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tcp/icmp.h"
#include "tests/wire/packets.h"

enum { MESSAGE_BYTES_MAX = 6000 };

struct message {
    uint8_t bytes[MESSAGE_BYTES_MAX];
    size_t count;
};

static struct tcp_address address_of(uint8_t version, uint8_t last)
{
    struct tcp_address address = {.version = version};
    address.bytes[0] = version == 4 ? 10 : 0x20;
    address.bytes[version == 4 ? 3 : 15] = last;
    return address;
}

/* A message of a router about the first `quote_bytes` of `quoted`. */
static struct message message_about(uint8_t version, uint8_t type, uint8_t code, uint32_t mtu,
                                    const uint8_t *quoted, size_t quote_bytes)
{
    const struct tcp_icmp icmp = {.source = address_of(version, 9),
                                  .destination = address_of(version, 1),
                                  .type = type,
                                  .code = code,
                                  .mtu = mtu};
    struct message message;
    const struct tcp_room packet = tcp_icmp_write(
        &icmp, quoted, quote_bytes, (struct tcp_room){message.bytes, sizeof message.bytes});
    message.count = packet.count;
    return message;
}

/* Read from memory of exactly that size, so that a sanitizer sees the first octet too many. */
static enum tcp_wire_result read_message(const struct message *message, struct tcp_icmp *out)
{
    uint8_t *exact = malloc(message->count == 0 ? 1 : message->count);
    assert_non_null(exact);
    memcpy(exact, message->bytes, message->count);
    const enum tcp_wire_result result = tcp_icmp_read(exact, message->count, out);
    free(exact);
    return result;
}

static void expect(const struct message *message, enum tcp_wire_result wanted)
{
    struct tcp_icmp icmp;
    memset(&icmp, 0x55, sizeof icmp);
    const struct tcp_icmp before = icmp;
    assert_int_equal(read_message(message, &icmp), wanted);
    if (wanted != TCP_WIRE_OK) {
        assert_memory_equal(&icmp, &before, sizeof icmp);
    }
}

static void eight_octets_of_the_quoted_header_are_enough_and_seven_are_not(void **state)
{
    (void)state;
    const struct packet four = ipv4_packet();
    const struct packet six = ipv6_packet(6, NULL, 0);
    struct message message = message_about(4, 3, 1, 0, four.bytes, 20 + 8);
    struct tcp_icmp icmp;
    assert_int_equal(read_message(&message, &icmp), TCP_WIRE_OK);
    assert_int_equal(icmp.quoted_source.port, 40000);
    assert_int_equal(icmp.quoted_destination.port, 8080);
    assert_int_equal(icmp.quoted_seq.raw, 1000);
    assert_int_equal(icmp.quoted_packet_bytes, 44);
    assert_int_equal(icmp.quoted_header_bytes, 20);
    assert_memory_equal(icmp.quoted_source.address.bytes, ipv4_syn + 12, 4);
    message = message_about(4, 3, 1, 0, four.bytes, 20 + 7);
    expect(&message, TCP_WIRE_TRUNCATED);
    message = message_about(6, 1, 0, 0, six.bytes, 40 + 8);
    assert_int_equal(read_message(&message, &icmp), TCP_WIRE_OK);
    assert_int_equal(icmp.quoted_seq.raw, 1000);
    assert_int_equal(icmp.quoted_packet_bytes, 64);
    message = message_about(6, 1, 0, 0, six.bytes, 40 + 7);
    expect(&message, TCP_WIRE_TRUNCATED);
}

static void every_length_of_a_cut_message_is_refused_or_read(void **state)
{
    (void)state;
    const struct packet four = ipv4_packet();
    const struct packet six = ipv6_packet(6, NULL, 0);
    const struct message whole[] = {message_about(4, 11, 0, 0, four.bytes, 28),
                                    message_about(6, 3, 0, 0, six.bytes, 48)};
    for (size_t i = 0; i < 2; i++) {
        for (size_t count = 0; count < whole[i].count; count++) {
            struct message cut = whole[i];
            cut.count = count;
            expect(&cut, TCP_WIRE_TRUNCATED);
        }
        expect(&whole[i], TCP_WIRE_OK);
    }
    for (size_t quoted = 0; quoted < 28; quoted++) {
        const struct message message = message_about(4, 11, 0, 0, four.bytes, quoted);
        expect(&message, TCP_WIRE_TRUNCATED);
    }
}

static void the_checksum_covers_every_octet_and_over_ipv6_the_addresses(void **state)
{
    (void)state;
    const struct packet four = ipv4_packet();
    const struct packet six = ipv6_packet(6, NULL, 0);
    const struct message whole[] = {message_about(4, 3, 3, 0, four.bytes, 28),
                                    message_about(6, 1, 4, 0, six.bytes, 48)};
    for (size_t i = 0; i < 2; i++) {
        const size_t first = i == 0 ? 20 : 8;
        for (size_t at = first; at < whole[i].count; at++) {
            struct message broken = whole[i];
            broken.bytes[at] ^= 0x10;
            expect(&broken, TCP_WIRE_BAD_CHECKSUM);
        }
    }
}

static void the_next_hop_mtu_is_read_where_it_means_something(void **state)
{
    (void)state;
    const struct packet four = ipv4_packet();
    const struct packet six = ipv6_packet(6, NULL, 0);
    struct tcp_icmp icmp;
    struct message message = message_about(4, 3, 4, 1200, four.bytes, 28);
    assert_int_equal(read_message(&message, &icmp), TCP_WIRE_OK);
    assert_int_equal(icmp.mtu, 1200);
    message = message_about(4, 3, 3, 1200, four.bytes, 28);
    assert_int_equal(read_message(&message, &icmp), TCP_WIRE_OK);
    assert_int_equal(icmp.mtu, 0);
    message = message_about(6, 2, 0, 0x10000500, six.bytes, 48);
    assert_int_equal(read_message(&message, &icmp), TCP_WIRE_OK);
    assert_int_equal(icmp.mtu, 0x10000500);
    message = message_about(6, 4, 0, 40, six.bytes, 48);
    assert_int_equal(read_message(&message, &icmp), TCP_WIRE_OK);
    assert_int_equal(icmp.mtu, 0);
}

/* RFC 1191 4: the two octets before the MTU stay zero. */
static void an_mtu_of_ipv4_has_two_octets(void **state)
{
    (void)state;
    const struct packet four = ipv4_packet();
    const struct message message = message_about(4, 3, 4, 0x12345, four.bytes, 28);
    static const uint8_t expected[] = {0, 0, 0x23, 0x45};
    assert_memory_equal(message.bytes + 20 + 4, expected, sizeof expected);
}

static void types_that_quote_nothing_are_no_errors(void **state)
{
    (void)state;
    const struct packet four = ipv4_packet();
    const struct packet six = ipv6_packet(6, NULL, 0);
    for (unsigned int type = 0; type < 256; type++) {
        const bool is_error4 = type == 3 || type == 4 || type == 11 || type == 12;
        const bool is_error6 = type >= 1 && type <= 4;
        struct message message = message_about(4, (uint8_t)type, 0, 0, four.bytes, 28);
        expect(&message, is_error4 ? TCP_WIRE_OK : TCP_WIRE_NOT_ICMP);
        message = message_about(6, (uint8_t)type, 0, 0, six.bytes, 48);
        expect(&message, is_error6 ? TCP_WIRE_OK : TCP_WIRE_NOT_ICMP);
    }
}

static void each_protocol_speaks_of_its_own_ip_version(void **state)
{
    (void)state;
    const struct packet four = ipv4_packet();
    const struct packet six = ipv6_packet(6, NULL, 0);
    struct message message = message_about(4, 3, 1, 0, six.bytes, 48);
    expect(&message, TCP_WIRE_NOT_TCP);
    message = message_about(6, 1, 0, 0, four.bytes, 28);
    expect(&message, TCP_WIRE_NOT_TCP);
    /* A segment is no message, and a message no segment. */
    struct message segment = {.count = four.count};
    memcpy(segment.bytes, four.bytes, four.count);
    expect(&segment, TCP_WIRE_NOT_ICMP);
    message = message_about(4, 3, 1, 0, four.bytes, 28);
    struct tcp_segment read;
    assert_int_equal(tcp_wire_read(message.bytes, message.count, &read, NULL), TCP_WIRE_NOT_TCP);
}

static void options_in_the_quoted_ipv4_header_are_skipped(void **state)
{
    (void)state;
    for (uint32_t words = 4; words <= 15; words++) {
        struct packet packet = ipv4_packet();
        memset(packet.bytes + 20, 1, 60);
        packet.bytes[0] = (uint8_t)(0x40 | words);
        bytes_put16(packet.bytes + 2, 1500);
        memcpy(packet.bytes + words * 4, ipv4_syn + 20, 8);
        struct message message = message_about(4, 3, 1, 0, packet.bytes, words * 4 + 8);
        struct tcp_icmp icmp = {0};
        const enum tcp_wire_result result = read_message(&message, &icmp);
        if (words < 5) {
            assert_int_equal(result, TCP_WIRE_BAD_IP_HEADER);
            continue;
        }
        assert_int_equal(result, TCP_WIRE_OK);
        assert_int_equal(icmp.quoted_seq.raw, 1000);
        assert_int_equal(icmp.quoted_header_bytes, words * 4);
        message = message_about(4, 3, 1, 0, packet.bytes, words * 4 + 7);
        expect(&message, TCP_WIRE_TRUNCATED);
    }
}

static void of_quoted_fragments_only_the_first_is_read(void **state)
{
    (void)state;
    static const struct {
        uint16_t field;
        enum tcp_wire_result result;
    } cases[] = {{0x0000, TCP_WIRE_OK},
                 {0x2000, TCP_WIRE_OK},
                 {0x4000, TCP_WIRE_OK},
                 {0x0001, TCP_WIRE_FRAGMENT},
                 {0x1fff, TCP_WIRE_FRAGMENT}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct packet packet = ipv4_packet();
        bytes_put16(packet.bytes + 6, cases[i].field);
        const struct message message = message_about(4, 3, 1, 0, packet.bytes, 28);
        expect(&message, cases[i].result);
    }
    for (uint32_t offset = 0; offset < 3; offset++) {
        const uint8_t fragment[8] = {6, 0xff, 0, (uint8_t)(offset << 3 | 1), 0, 0, 0, 1};
        const struct packet packet = ipv6_packet(44, fragment, 8);
        const struct message message = message_about(6, 1, 0, 0, packet.bytes, 56);
        expect(&message, offset == 0 ? TCP_WIRE_OK : TCP_WIRE_FRAGMENT);
    }
}

static void quoted_extension_headers_are_skipped_up_to_eight(void **state)
{
    (void)state;
    for (uint32_t headers = 1; headers <= 9; headers++) {
        uint8_t extensions[9 * 8] = {0};
        for (uint32_t i = 0; i < headers; i++) {
            extensions[i * 8] = i + 1 == headers ? 6 : 60;
        }
        const struct packet packet = ipv6_packet(60, extensions, headers * 8);
        struct message message = message_about(6, 1, 3, 0, packet.bytes, 40 + headers * 8 + 8);
        expect(&message, headers <= 8 ? TCP_WIRE_OK : TCP_WIRE_NOT_TCP);
        message = message_about(6, 1, 3, 0, packet.bytes, 40 + headers * 8 - 1);
        expect(&message, TCP_WIRE_TRUNCATED);
    }
    uint8_t long_one[8] = {6, 255}; /* says 2048 octets */
    const struct packet packet = ipv6_packet(60, long_one, 8);
    const struct message message = message_about(6, 1, 3, 0, packet.bytes, 56);
    expect(&message, TCP_WIRE_TRUNCATED);
}

static void a_quoted_packet_shorter_than_a_tcp_header_is_none_of_ours(void **state)
{
    (void)state;
    struct packet packet = ipv4_packet();
    bytes_put16(packet.bytes + 2, 20 + 19);
    struct message message = message_about(4, 3, 1, 0, packet.bytes, 28);
    expect(&message, TCP_WIRE_TRUNCATED);
    bytes_put16(packet.bytes + 2, 20 + 20);
    message = message_about(4, 3, 1, 0, packet.bytes, 28);
    expect(&message, TCP_WIRE_OK);
    bytes_put16(packet.bytes + 2, 19);
    message = message_about(4, 3, 1, 0, packet.bytes, 28);
    expect(&message, TCP_WIRE_TRUNCATED);
    packet = ipv4_packet();
    packet.bytes[9] = 17;
    message = message_about(4, 3, 3, 0, packet.bytes, 28);
    expect(&message, TCP_WIRE_NOT_TCP);
    struct packet six = ipv6_packet(6, NULL, 0);
    bytes_put16(six.bytes + 4, 19);
    message = message_about(6, 1, 3, 0, six.bytes, 48);
    expect(&message, TCP_WIRE_TRUNCATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eight_octets_of_the_quoted_header_are_enough_and_seven_are_not),
        cmocka_unit_test(every_length_of_a_cut_message_is_refused_or_read),
        cmocka_unit_test(the_checksum_covers_every_octet_and_over_ipv6_the_addresses),
        cmocka_unit_test(the_next_hop_mtu_is_read_where_it_means_something),
        cmocka_unit_test(an_mtu_of_ipv4_has_two_octets),
        cmocka_unit_test(types_that_quote_nothing_are_no_errors),
        cmocka_unit_test(each_protocol_speaks_of_its_own_ip_version),
        cmocka_unit_test(options_in_the_quoted_ipv4_header_are_skipped),
        cmocka_unit_test(of_quoted_fragments_only_the_first_is_read),
        cmocka_unit_test(quoted_extension_headers_are_skipped_up_to_eight),
        cmocka_unit_test(a_quoted_packet_shorter_than_a_tcp_header_is_none_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
