/* IP headers that are refused or skipped on the way to TCP: versions, IPv4's header faults,
 * fragments and options, IPv6's extension headers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/wire/packets.h"

static void other_versions_are_not_ip(void **state)
{
    (void)state;
    for (uint32_t version = 0; version < 16; version++) {
        struct packet packet = ipv4_packet();
        packet.bytes[0] = (uint8_t)(version << 4 | 5);
        if (version != 4 && version != 6) {
            expect_result(&packet, TCP_WIRE_NOT_IP);
        }
    }
}

static void ipv4_header_faults_are_told_apart(void **state)
{
    (void)state;
    struct packet packet = ipv4_packet();
    packet.bytes[0] = 0x44; /* four words */
    seal(&packet);
    expect_result(&packet, TCP_WIRE_BAD_IP_HEADER);
    packet = ipv4_packet();
    packet.bytes[8]--; /* TTL without its checksum */
    expect_result(&packet, TCP_WIRE_BAD_IP_HEADER);
    packet = ipv4_packet();
    packet.bytes[0] = 0x4f; /* fifteen words do not fit the total length */
    expect_result(&packet, TCP_WIRE_TRUNCATED);
    packet = ipv4_packet();
    packet.bytes[9] = 17;
    seal(&packet);
    expect_result(&packet, TCP_WIRE_NOT_TCP);
}

static void ipv4_fragments_are_refused(void **state)
{
    (void)state;
    static const struct {
        uint16_t field;
        enum tcp_wire_result result;
    } cases[] = {
        {0x0000, TCP_WIRE_OK},       {0x4000, TCP_WIRE_OK},       {0x2000, TCP_WIRE_FRAGMENT},
        {0x0001, TCP_WIRE_FRAGMENT}, {0x1fff, TCP_WIRE_FRAGMENT}, {0x6001, TCP_WIRE_FRAGMENT},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct packet packet = ipv4_packet();
        bytes_put16(packet.bytes + 6, cases[index].field);
        seal(&packet);
        expect_result(&packet, cases[index].result);
    }
}

static void ipv4_options_are_skipped(void **state)
{
    (void)state;
    for (uint32_t words = 6; words <= 15; words++) {
        struct packet packet = ipv4_packet();
        packet.tcp_offset = words * 4;
        packet.count = packet.tcp_offset + 24;
        memset(packet.bytes + 20, 1, words * 4 - 20);
        memcpy(packet.bytes + packet.tcp_offset, ipv4_syn + 20, 24);
        packet.bytes[0] = (uint8_t)(0x40 | words);
        bytes_put16(packet.bytes + 2, (uint16_t)packet.count);
        seal(&packet);
        expect_result(&packet, TCP_WIRE_OK);
    }
}

static void ipv6_headers_that_may_come_before_are_skipped(void **state)
{
    (void)state;
    /* Hop-by-hop (16 bytes), destination options, routing with none left, TCP. */
    const uint8_t chain[32] = {60, 1, [16] = 43, 0, [24] = 6, 0, 0, 0};
    struct packet packet = ipv6_packet(0, chain, sizeof chain);
    expect_result(&packet, TCP_WIRE_OK);
    packet.bytes[40 + 24 + 3] = 1; /* a segment left: not for us */
    expect_result(&packet, TCP_WIRE_NOT_TCP);
}

static void ipv6_headers_that_end_the_search_are_not_tcp(void **state)
{
    (void)state;
    const uint8_t plain[8] = {6};
    static const uint8_t others[] = {1, 4, 17, 41, 50, 51, 58, 59, 135, 253};
    for (size_t index = 0; index < sizeof others; index++) {
        const struct packet packet = ipv6_packet(others[index], plain, sizeof plain);
        expect_result(&packet, TCP_WIRE_NOT_TCP);
    }
    const struct packet fragment = ipv6_packet(44, plain, sizeof plain);
    expect_result(&fragment, TCP_WIRE_FRAGMENT);
    /* Hop-by-hop options anywhere but first. */
    const uint8_t late[16] = {0, 0, [8] = 6};
    const struct packet twice = ipv6_packet(0, late, sizeof late);
    expect_result(&twice, TCP_WIRE_NOT_TCP);
}

static void an_ipv6_header_that_runs_over_is_truncated(void **state)
{
    (void)state;
    const uint8_t extension[8] = {6, 4}; /* 40 bytes, 32 are there */
    const struct packet packet = ipv6_packet(60, extension, sizeof extension);
    expect_result(&packet, TCP_WIRE_TRUNCATED);
}

static void eight_ipv6_headers_are_skipped_and_no_more(void **state)
{
    (void)state;
    uint8_t chain[9 * 8] = {0};
    for (uint32_t index = 0; index < 9; index++) {
        chain[index * 8] = 60;
    }
    chain[7 * 8] = 6;
    const struct packet eight = ipv6_packet(60, chain, 8 * 8);
    expect_result(&eight, TCP_WIRE_OK);
    chain[7 * 8] = 60;
    chain[8 * 8] = 6;
    const struct packet nine = ipv6_packet(60, chain, 9 * 8);
    expect_result(&nine, TCP_WIRE_NOT_TCP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_versions_are_not_ip),
        cmocka_unit_test(ipv4_header_faults_are_told_apart),
        cmocka_unit_test(ipv4_fragments_are_refused),
        cmocka_unit_test(ipv4_options_are_skipped),
        cmocka_unit_test(ipv6_headers_that_may_come_before_are_skipped),
        cmocka_unit_test(ipv6_headers_that_end_the_search_are_not_tcp),
        cmocka_unit_test(an_ipv6_header_that_runs_over_is_truncated),
        cmocka_unit_test(eight_ipv6_headers_are_skipped_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
