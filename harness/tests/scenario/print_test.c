/* The printer's law, and its canonical form. */
#include "scenario/print.h"
#include "scenario/same.h"
#include "support.h"

/* Scripts in all their variety. What they print back must be equal, and print the same again. */
static const char *const scripts[] = {
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0",
    "+.1 < S 0:0(0) win 32792 <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>",
    "+.1~+.2 > S. 0:0(0) ack 1 <...>\n* > . 1:1(0) ack 1\n1~2.5 > R 1:1(0)",
    "+0 < @a [ect0] 80 > 1234 P. 1:5(4) ack 1 win 5 urg 3 <nop,eol> \"a\\\"\\x00\\\\\" "
    "raw(offset=3)",
    "+0 > (ce) FSRPEWAU. 1:1(0)\n+0 > .5 1:1(0)\n+0 > S0 1:1(0)\n+0 > - 1:1(0)\n+0 > ... 1:1(0)",
    "+0 > [tos 0x10, flowlabel 0x12345, ttl 64] . 1:1(0)\n+0 < [tos 3] . 1:1(0)",
    "+0 < . seq rcv.nxt+1 (10) ack snd.nxt-1\n+0 < . seq iss\n+0 < . 17!:20!(3) ack 1!",
    "+0 < . snd.una:snd.una+5(5) ack irs\n+0 > . ...(5)\n+0 < . 4294967295:4(5)",
    "+0 < . 1:1(0) <sack 1:2 rcv.nxt:rcv.edge 5!:6!,sack>",
    "+0 > . 1:1(0) <TS val ... ecr 5,md5 valid>\n+0 > . 1:1(0) <md5 "
    "00112233445566778899aabbccddeeff>",
    "+0 > S 0:0(0) <FO,FO 0011,FOEXP,FOEXP aabb,FO COOKIE,mss MSS,md5 KEY>",
    "+0 > S 0:0(0) <ECN e0b 1 ceb 2 e1b 3,ECN e1b 0>\n+0 > S 0:0(0) <ECN e0b 16777215>\n"
    "+0 > S 0:0(0) <254 f989,30,2 05b4 length 5,3 length 0>\n+0 > . 1:1(0) <>",
    "+0 < icmp unreachable frag_needed mtu 1200 [1:1001(1000)]\n+0 < icmp echo_request id 5",
    "+0 < from 192.0.2.9 icmp 5 > 80 3 1 [1:9(8)] quote 20 raw(checksum=1)\n"
    "+0 < to multicast [df] S 0:0(0)\n+0 > [nodf, ttl 3] . 1:1(0)\n+0 < [options 16] . 1:1(0)\n+0 "
    "< from other to :: . 1:1(0)",
    "assert host wire_drops == 1, icmp_drops > 0\nassert event.soft_error == 1, ended == RESET",
    "+0 < icmp unreachable CODE [udp (10)]\n+0 < icmp 3 4 [raw (7)]\n+0 > udp 5 > 6 (7)",
    "+0 < ipv4 [ttl 3] 1.2.3.4 > 5.6.7.8: ipv6 fd::1 > fd::: gre: . 1:1(0)",
    "+0 < gre flags [none], sum 0,off 0,  key = 1, seq 0: mpls (label 0, tc 0, [S], ttl 4):. "
    "1:1(0)",
    "+0 < [ect1] encap psp spi 7 . 1:1(0)",
    "+0...0.2 read(3, ..., 5) = -1 EAGAIN (Isn't  there)\n+.1...+.2 accept(3) = 4",
    "+0 fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)\n+0 f() = -1 EPIPE(Broken) (note)\n+0 g() = ...",
    "+0 f(A|B|0x10, -5, -0x5, [], [[1], 2], {}, \"a\" \"b\\n\", \"c\"..., ..., htons(1|2)) = A|B",
    "+0 sendmsg(4, {msg_name(...)=..., msg_iov(2)=[{..., 1}, {..., 2}], msg_flags=0}, 0) = 3",
    "+0 tcp.open(passive, 80, ..., 5) = c1\n+0 tcp.close(c1) = -1 TCP_ERROR_CLOSING (connection "
    "closing)",
    "+0 poll([{fd=4, events=POLLIN|POLLERR, revents=0}], 1, 0) = 0",
    "+0 f({sa_family = AF_INET, sin_port = htons(80), sin_addr = inet_addr(\"1.2.3.4\")}) = 0",
    "--ip_version=ipv6 --define=A=\"x y\"\n--strict_segments\n--so_flags=\"a b\"\n0 f(A) = 0",
    "req MUST-5 SHLD-2\nviolates S04: \"a \\\"b\\\"\"\nreq MAY-1\nxfail(linux)\n`a \\` b`\n0 f() = "
    "0\n`c`",
    "0 `cmd\n  more`\n+0 %{ assert x == 1, y }%\n+0 %{\nassert a\nassert b\n}%\n+0 %{}%",
    "assert @a state == FIN-WAIT-1, rcv.nxt != 5!, cwnd >= 1.5s\n+1 assert fd 4 x < snd.una+1, y > "
    "7",
    "set msl_us=2min, rto_min_us=1, nagle=on, iss=0xffffffff, x_us=18446744073709551615",
    "quiet for 60\n+1 quiet for 200ms\nquiet for 0",
    "batch { < . 1:1(0) ack 1 <nop> < @b F. 1:1(0)\n< R 1:1(0) }",
    "* in any order { > . 1:1(0) > F. 1:1(0) ack 1 <nop> > R 1:1(0) }",
    "+0~+1 one of { > . 1:1(0) > . 2:2(0) } or { > R 1:1(0) } or nothing\none of { > . 1:1(0) }",
    "+0 a: close(3) = 0\n+0 b: < . 1:1(0)",
    "--hosts=2 --delay=20ms\n+0 a>b #0 drop\n0 b>a #3-6 delay 20ms\n+0 a>b #1 duplicate 0\n"
    "+0 b>a #4294967295-8589934589 corrupt 34\n+0 a>b #2 corrupt 0 xor 1\n+0 a>b #7 mark\n"
    "+0 b: wait asleep for 5min\n+0 a>b #3 mtu 600\n+0 b>a #3-9 mtu 600 silent\n+0 a>b #1 part "
    "30s\n"
    "+0 a>b #2-4 unreachable host_unreachable\n+0 a>b #2 unreachable 3",
    "wait for 20s\n+1 wait until deadline\n+0 b: wait until deadline-1us\n"
    "wait until deadline+1.5s\nwait for 0",
    "start fin-wait-2\n+0 < 8000 > 80 F. 1:1(0)",
    "+0 < . 1:1(0) <mss 5,octets 0203>\n+0 < . 1:1(0) raw(checksum_xor=1, cut=3)",
    "+0 < @c1 icmp 8000 > 80 unreachable host_unreachable\n+0 < icmp 5 > 6 3 1 [1:9(8)]",
    "+0 tcp.release(c1) = ...\n+0 socket.set(3, SO_LINGER, -1) = 0",
};

static void check_law(void **state, const char *script)
{
    struct text first = TEXT_EMPTY;
    struct text second = TEXT_EMPTY;
    const struct scenario *scenario = parse(state, script);
    scenario_print(&first, scenario);
    const struct scenario *again = parse(state, text_read(&first));
    if (!scenario_same(scenario, again)) {
        print_error("%s\nprints as\n%s", script, text_read(&first));
    }
    assert_true(scenario_same(scenario, again));
    scenario_print(&second, again);
    assert_string_equal(text_read(&first), text_read(&second));
    text_free(&first);
    text_free(&second);
}

static void what_is_printed_reads_back_equal_and_prints_the_same(void **state)
{
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        check_law(state, scripts[i]);
    }
}

static void different_scripts_are_not_the_same(void **state)
{
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_false(scenario_same(parse(state, scripts[i]), parse(state, scripts[j])));
        }
    }
}

/* Pairs that differ in one thing: the equality that the law rests on must see it. */
static void the_smallest_difference_is_seen(void **state)
{
    static const char *const pairs[][2] = {
        {"+0 > . 1:1(0)", "0 > . 1:1(0)"},
        {"+0 > . 1:1(0)", "+0.000001 > . 1:1(0)"},
        {"+0 > . 1:1(0)", "+0 < . 1:1(0)"},
        {"+0 > . 1:1(0)", "+0 > F. 1:1(0)"},
        {"+0 > .4 1:1(0)", "+0 > A. 1:1(0)"},
        {"+0 > . 1:1(0)", "+0 > . seq 1"},
        {"+0 > . 1:1(0)", "+0 > . 1!:1!(0)"},
        {"+0 > . 1:1(0)", "+0 > . 1:1(0) <>"},
        {"+0 > . 1:1(0) <>", "+0 > . 1:1(0) <...>"},
        {"+0 > . 1:1(0) ack 0", "+0 > . 1:1(0)"},
        {"+0 > . 1:1(0) win 0", "+0 > . 1:1(0)"},
        {"+0 > . 1:1(0)", "+0 > @a . 1:1(0)"},
        {"+0 > . 1:1(0)", "+0 > [noecn] . 1:1(0)"},
        {"+0 > . 1:1(0) <30>", "+0 > . 1:1(0) <30 length 2>"},
        {"+0 > . 1:1(0) <FO>", "+0 > . 1:1(0) <FO COOKIE>"},
        {"+0 < . 1:2(1) \"a\"", "+0 < . 1:2(1) \"b\""},
        {"+0 < . 1:2(1) \"a\"", "+0 < . 1:2(1)"},
        {"+0 f(2) = 0", "+0 f(0x2) = 0"},
        {"+0 f(\"a\") = 0", "+0 f(\"a\"...) = 0"},
        {"+0 f(a) = 0", "+0 f(a()) = 0"},
        {"+0 f() = 0 EX (x)", "+0 f() = 0 EX (y)"},
        {"quiet for 1", "quiet for 2"},
        {"wait for 1", "wait for 2"},
        {"wait for 1", "wait until deadline+1"},
        {"+0 a>b #1 drop", "+0 b>a #1 drop"},
        {"+0 a>b #1 drop", "+0 a>b #1-2 drop"},
        {"+0 a>b #1 mtu 600", "+0 a>b #1 mtu 600 silent"},
        {"+0 a>b #1 mtu 600", "+0 a>b #1 mtu 601"},
        {"+0 a>b #1 part 1s", "+0 a>b #1 part 2s"},
        {"wait for 1s", "wait asleep for 1s"},
        {"+0 a>b #1 unreachable 1", "+0 a>b #1 unreachable 2"},
        {"+0 a>b #1 corrupt 2", "+0 a>b #1 corrupt 2 xor 1"},
        {"start a\nquiet for 1", "start b\nquiet for 1"},
        {"set a=1", "set a=2"},
        {"assert a == 1", "assert a != 1"},
        {"assert a == 1", "assert fd 3 a == 1"},
        {"+0 `a`", "+0 %{a}%"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const struct parse_result a = parse_any(state, pairs[i][0]);
        const struct parse_result b = parse_any(state, pairs[i][1]);
        if (a.scenario != NULL && b.scenario != NULL) {
            assert_false(scenario_same(a.scenario, b.scenario));
        } else {
            fail_msg("%s or %s does not parse", pairs[i][0], pairs[i][1]);
        }
    }
}

static void assert_canonical(void **state, const char *script, const char *expected)
{
    struct text text = TEXT_EMPTY;
    scenario_print(&text, parse(state, script));
    assert_string_equal(text_read(&text), expected);
    text_free(&text);
}

static void the_form_is_canonical(void **state)
{
    assert_canonical(state, "start  syn-sent\nwait until deadline-0.1",
                     "start syn-sent\n+0 wait until deadline-100ms\n");
    assert_canonical(state, "0.10   <  (ect0)  .FS  1:1(0)  win 5  ack  1 < nop , mss 0x10 >",
                     "0.1 < [ect0] FS. 1:1(0) ack 1 win 5 <nop,mss 16>\n");
    assert_canonical(state, "+.5 f ( 1,\"a\" \"b\",{ a = 0X ,b=0xFF}) = -1 EX ( y  z )",
                     "+0.5 f(1, \"ab\", {a=0X, b=0xff}) = -1 EX (y z)\n");
    assert_canonical(state, "--mode=strict\nreq A-1, A-2 // c\n0 `x`\nset a_us=120s\nquiet for 1.5",
                     "--mode=strict\nreq A-1 A-2\n0 `x`\n+0 set a_us=2min\n+0 quiet for 1500ms\n");
    assert_canonical(state, "batch { < . 1:1(0) < F. 1:1(0) }",
                     "+0 batch {\n    < . 1:1(0)\n    < F. 1:1(0)\n}\n");
    assert_canonical(state, "one of { > . 1:1(0) } or nothing",
                     "+0 one of {\n    > . 1:1(0)\n} or nothing\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANGUAGE_TEST(what_is_printed_reads_back_equal_and_prints_the_same),
        LANGUAGE_TEST(different_scripts_are_not_the_same),
        LANGUAGE_TEST(the_smallest_difference_is_seen),
        LANGUAGE_TEST(the_form_is_canonical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
