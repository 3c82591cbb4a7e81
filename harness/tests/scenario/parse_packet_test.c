/* Packets, each form read into what it means. */
#include "scenario/parse.h"
#include "support.h"
#include "tcp/segment.h"

static void a_packet_has_every_field_it_says(void **state)
{
    const struct scenario_packet *packet =
        parse_one(state, "+0.1 < @old [ect0, ttl 3] 80 > 1234 S. 0:0(0) ack 1 win 65535 urg 2 "
                         "<mss 1460,nop,wscale 7>")
            ->as.packet;
    assert_int_equal(packet->direction, SCENARIO_INBOUND);
    assert_string_equal(packet->connection, "old");
    assert_int_equal(packet->ip.ecn, SCENARIO_ECN_ECT0);
    assert_true(packet->ip.has_ttl);
    assert_int_equal(packet->ip.ttl, 3);
    assert_true(packet->has_ports);
    assert_int_equal(packet->source_port, 80);
    assert_int_equal(packet->destination_port, 1234);
    const struct scenario_tcp *tcp = &packet->as.tcp;
    assert_int_equal(tcp->flags, TCP_FLAG_SYN | TCP_FLAG_ACK);
    assert_int_equal(tcp->ace, -1);
    assert_true(tcp->has_ack && tcp->has_window && tcp->has_urgent && tcp->says_options);
    assert_int_equal(tcp->ack.offset, 1);
    assert_int_equal(tcp->window, 65535);
    assert_int_equal(tcp->urgent, 2);
    assert_int_equal(tcp->option_count, 3);
    assert_int_equal(tcp->options[0].kind, SCENARIO_OPTION_MSS);
    assert_int_equal(tcp->options[0].number, 1460);
    assert_int_equal(tcp->options[2].kind, SCENARIO_OPTION_WINDOW_SCALE);
    assert_int_equal(tcp->options[2].number, 7);
}

static void fields_that_are_not_said_are_known_to_be_unsaid(void **state)
{
    const struct scenario_packet *packet = parse_one(state, "+0 > R 1:1(0)")->as.packet;
    assert_null(packet->connection);
    assert_false(packet->has_ports);
    assert_int_equal(packet->ip.ecn, SCENARIO_ECN_UNSAID);
    const struct scenario_tcp *tcp = &packet->as.tcp;
    assert_false(tcp->has_ack || tcp->has_window || tcp->has_urgent || tcp->says_options);
    assert_null(tcp->text);
}

static void assert_flags(void **state, const char *script, uint16_t flags, int ace)
{
    const struct scenario_tcp *tcp = parse_tcp_packet(state, script);
    assert_int_equal(tcp->flags, flags);
    assert_int_equal(tcp->ace, ace);
}

static void every_flag_has_a_letter(void **state)
{
    assert_flags(state, "+0 > - 1:1(0)", 0, -1);
    assert_flags(state, "+0 > FSRPEWAU. 1:1(0)", 0x1ff, -1);
    assert_flags(state, "+0 > .5 1:1(0)", TCP_FLAG_ACK | TCP_FLAG_AE | TCP_FLAG_ECE, 5);
    assert_flags(state, "+0 > P2. 1:1(0)", TCP_FLAG_PSH | TCP_FLAG_ACK | TCP_FLAG_CWR, 2);
    assert_flags(state, "+0 > S0 1:1(0)", TCP_FLAG_SYN, 0);
    assert_true(parse_tcp_packet(state, "+0 > ... 1:1(0)")->any_flags);
}

static void a_sequence_is_a_range_a_start_or_only_a_length(void **state)
{
    const struct scenario_tcp *tcp = parse_tcp_packet(state, "+0 < . 1:1001(1000)");
    assert_true(tcp->has_end);
    assert_int_equal(tcp->start.offset, 1);
    assert_int_equal(tcp->end.offset, 1001);
    assert_int_equal(tcp->payload_bytes, 1000);
    tcp = parse_tcp_packet(state, "+0 < . seq rcv.nxt+1 (10)");
    assert_false(tcp->has_end);
    assert_int_equal(tcp->start.base, SCENARIO_BASE_RCV_NXT);
    assert_int_equal(tcp->start.offset, 1);
    assert_int_equal(tcp->end.offset, 11);
    assert_int_equal(parse_tcp_packet(state, "+0 < . seq snd.una-1")->payload_bytes, 0);
    tcp = parse_tcp_packet(state, "+0 > . ...(7)");
    assert_true(tcp->any_sequence);
    assert_int_equal(tcp->payload_bytes, 7);
}

static void a_sequence_may_wrap(void **state)
{
    const struct scenario_tcp *tcp = parse_tcp_packet(state, "+0 < . 4294967295:4(5)");
    assert_int_equal(tcp->payload_bytes, 5);
}

static void assert_ack(void **state, const char *script, enum scenario_base base, int64_t offset)
{
    const struct scenario_tcp *tcp = parse_tcp_packet(state, script);
    assert_int_equal(tcp->ack.base, base);
    assert_int_equal(tcp->ack.offset, offset);
}

static void numbers_count_from_isn_wire_or_live_state(void **state)
{
    assert_ack(state, "+0 < . 1:1(0) ack 17", SCENARIO_BASE_SCRIPT, 17);
    assert_ack(state, "+0 < . 1:1(0) ack 4294967295!", SCENARIO_BASE_ABSOLUTE, 4294967295);
    assert_ack(state, "+0 < . 1:1(0) ack iss", SCENARIO_BASE_ISS, 0);
    assert_ack(state, "+0 < . 1:1(0) ack irs+1", SCENARIO_BASE_IRS, 1);
    assert_ack(state, "+0 < . 1:1(0) ack snd.una-5", SCENARIO_BASE_SND_UNA, -5);
    assert_ack(state, "+0 < . 1:1(0) ack snd.nxt", SCENARIO_BASE_SND_NXT, 0);
    assert_ack(state, "+0 < . 1:1(0) ack snd.edge+3", SCENARIO_BASE_SND_EDGE, 3);
    assert_ack(state, "+0 < . 1:1(0) ack rcv.nxt", SCENARIO_BASE_RCV_NXT, 0);
    assert_ack(state, "+0 < . 1:1(0) ack rcv.edge", SCENARIO_BASE_RCV_EDGE, 0);
}

static void a_number_ends_where_the_next_event_begins(void **state)
{
    const struct scenario *scenario = parse(state, "+0 < . 1:1(0) ack snd.nxt\n+0 > R 1:1(0)");
    assert_int_equal(scenario->event_count, 2);
}

static void options_carry_what_they_say(void **state)
{
    const struct scenario_tcp *tcp = parse_tcp_packet(
        state,
        "+0 > . 1:1(0) <nop,eol,sackOK,sack 1:2 snd.una:snd.nxt 5:6,TS val 1 ecr 4294967295>");
    assert_int_equal(tcp->option_count, 5);
    const struct scenario_option *sack = &tcp->options[3];
    assert_int_equal(sack->sack_count, 3);
    assert_int_equal(sack->sack[1].right.base, SCENARIO_BASE_SND_NXT);
    assert_int_equal(sack->sack[2].right.offset, 6);
    assert_int_equal(tcp->options[4].echo, UINT32_MAX);
}

static void cookies_digests_and_unknown_options_are_octets(void **state)
{
    const struct scenario_tcp *tcp = parse_tcp_packet(
        state, "+0 > . 1:1(0) <FO 00112233,FO,FOEXP 7766,254 f989,2 05b4 length 5>");
    assert_int_equal(tcp->options[0].byte_count, 4);
    assert_int_equal(tcp->options[0].bytes[3], 0x33);
    assert_int_equal(tcp->options[1].byte_count, 0);
    assert_int_equal(tcp->options[2].kind, SCENARIO_OPTION_FAST_OPEN_EXPERIMENTAL);
    assert_int_equal(tcp->options[3].raw_kind, 254);
    assert_int_equal(tcp->options[3].raw_length, 4);
    assert_false(tcp->options[3].has_raw_length);
    assert_int_equal(tcp->options[4].raw_length, 5);
    assert_true(tcp->options[4].has_raw_length);
    tcp = parse_tcp_packet(state, "+0 > . 1:1(0) <md5 f763bfa0813d80ed301d64cd904abcce>");
    assert_int_equal(tcp->options[0].byte_count, 16);
    assert_true(parse_tcp_packet(state, "+0 > . 1:1(0) <md5 valid>")->options[0].is_valid);
}

static void accurate_ecn_counts_keep_their_order(void **state)
{
    const struct scenario_tcp *tcp = parse_tcp_packet(state, "+0 > . 1:1(0) <ECN e1b 1 ceb 0>");
    assert_true(tcp->options[0].ecn_e1b_first);
    assert_int_equal(tcp->options[0].ecn_e1b, 1);
    assert_int_equal(tcp->options[0].ecn_ceb, 0);
    assert_int_equal(tcp->options[0].ecn_e0b, -1);
}

static void options_may_be_any_or_none(void **state)
{
    assert_true(parse_tcp_packet(state, "+0 > . 1:1(0) <...>")->any_options);
    const struct scenario_tcp *tcp = parse_tcp_packet(state, "+0 > . 1:1(0) <>");
    assert_true(tcp->says_options);
    assert_int_equal(tcp->option_count, 0);
    tcp = parse_tcp_packet(state, "+0 > . 1:1(0) <TS val ... ecr ...>");
    assert_true(tcp->options[0].any_value && tcp->options[0].any_echo);
}

static void a_name_without_a_definition_is_kept(void **state)
{
    const struct scenario_tcp *tcp = parse_tcp_packet(state, "+0 < S 0:0(0) <FO COOKIE,mss MSS>");
    assert_string_equal(tcp->options[0].symbol, "COOKIE");
    assert_string_equal(tcp->options[1].symbol, "MSS");
}

static void a_payload_can_be_text(void **state)
{
    const struct scenario_tcp *tcp =
        parse_tcp_packet(state, "+0 < P. 1:9(8) ack 1 \"GET \" \"/\\r\\n\\x00\"");
    assert_memory_equal(tcp->text, "GET /\r\n", 8);
}

static void malformed_packets_have_raw_fields(void **state)
{
    const struct scenario_tcp *tcp =
        parse_tcp_packet(state, "+0 < . 1:1(0) ack 1 raw(checksum=0x1234, offset=3)");
    assert_int_equal(tcp->raw_count, 2);
    assert_string_equal(tcp->raw[0].name, "checksum");
    assert_int_equal(tcp->raw[0].value, 0x1234);
    assert_int_equal(tcp->raw[1].value, 3);
}

static void icmp_quotes_a_packet(void **state)
{
    const struct scenario_icmp *icmp =
        &parse_one(state, "+0 < icmp unreachable frag_needed mtu 1200 [1:1001(1000)]")
             ->as.packet->as.icmp;
    assert_string_equal(icmp->type, "unreachable");
    assert_string_equal(icmp->code, "frag_needed");
    assert_int_equal(icmp->mtu, 1200);
    assert_string_equal(icmp->quoted, "tcp");
    assert_int_equal(icmp->quoted_bytes, 1000);
    icmp = &parse_one(state, "+0 < icmp echo_request id 7 [raw (40)]")->as.packet->as.icmp;
    assert_null(icmp->code);
    assert_int_equal(icmp->id, 7);
    assert_string_equal(icmp->quoted, "raw");
}

static void an_icmp_code_is_not_taken_from_the_next_line(void **state)
{
    const struct scenario *scenario = parse(state, "+0 < icmp unreachable\nquiet for 1");
    assert_int_equal(scenario->event_count, 2);
    assert_null(scenario->events[0].as.packet->as.icmp.code);
}

static void packets_may_be_wrapped(void **state)
{
    const struct scenario_packet *packet =
        parse_one(state, "+0 < ipv4 [tos 0x3] 192.0.2.1 > 192.168.0.1: gre: ipv6 fd::1 > fd:::"
                         " mpls (label 0, tc 0, [S], ttl 64): encap psp spi 7 . 1:1(0)")
            ->as.packet;
    assert_int_equal(packet->encapsulation_count, 5);
    assert_string_equal(packet->encapsulations[0].text, "192.0.2.1 > 192.168.0.1");
    assert_int_equal(packet->encapsulations[0].ip.tos, 3);
    assert_string_equal(packet->encapsulations[1].kind, "gre");
    assert_string_equal(packet->encapsulations[2].text, "fd::1 > fd::");
    assert_string_equal(packet->encapsulations[3].text, "(label 0, tc 0, [S], ttl 64)");
    assert_string_equal(packet->encapsulations[4].kind, "psp");
}

static void a_udp_packet_has_ports_and_a_size(void **state)
{
    const struct scenario_packet *packet = parse_one(state, "+0 > udp 53 > 5353 (100)")->as.packet;
    assert_int_equal(packet->protocol, SCENARIO_UDP);
    assert_int_equal(packet->source_port, 53);
    assert_int_equal(packet->as.udp.payload_bytes, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANGUAGE_TEST(a_packet_has_every_field_it_says),
        LANGUAGE_TEST(fields_that_are_not_said_are_known_to_be_unsaid),
        LANGUAGE_TEST(every_flag_has_a_letter),
        LANGUAGE_TEST(a_sequence_is_a_range_a_start_or_only_a_length),
        LANGUAGE_TEST(a_sequence_may_wrap),
        LANGUAGE_TEST(numbers_count_from_isn_wire_or_live_state),
        LANGUAGE_TEST(a_number_ends_where_the_next_event_begins),
        LANGUAGE_TEST(options_carry_what_they_say),
        LANGUAGE_TEST(cookies_digests_and_unknown_options_are_octets),
        LANGUAGE_TEST(accurate_ecn_counts_keep_their_order),
        LANGUAGE_TEST(options_may_be_any_or_none),
        LANGUAGE_TEST(a_name_without_a_definition_is_kept),
        LANGUAGE_TEST(a_payload_can_be_text),
        LANGUAGE_TEST(malformed_packets_have_raw_fields),
        LANGUAGE_TEST(icmp_quotes_a_packet),
        LANGUAGE_TEST(an_icmp_code_is_not_taken_from_the_next_line),
        LANGUAGE_TEST(packets_may_be_wrapped),
        LANGUAGE_TEST(a_udp_packet_has_ports_and_a_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
