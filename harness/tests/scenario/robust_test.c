/* Whatever bytes come, the parser ends, says what is wrong, and takes memory in proportion. These
 * tests say most when built with sanitizers. */
#include "scenario/format.h"
#include "scenario/print.h"
#include "scenario/same.h"
#include "support.h"

/* A script with every kind of statement in it. */
static const char sample[] =
    "--ip_version=both --set=msl_us=30s // comment\n"
    "--define=COOKIE=0011\n"
    "req MUST-5 SHLD-2\nviolates S04: \"why \\\"not\\\"\"\nxfail(linux): \"it fails\"\n"
    "`init \\` more`\n"
    "0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3 /* block\n comment */\n"
    "+0 bind(3, {sa_family = AF_INET, sin_port = htons(80), sin_addr = inet_addr(\"1.2.3.4\")}, "
    "...) = 0\n"
    "+.1 < @old [ect0, ttl 3] 80 > 1234 SEW 0:0(0) win 32792 "
    "<mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7,FO COOKIE,254 f989 length 9>\n"
    "+0~+.5 > S.5 0:0(0) ack 1 <...>\n* > . seq rcv.nxt-1 (5) ack 5! <sack 1:2 snd.una:snd.nxt>\n"
    "+0 < P. 1:5(4) ack 1 win 5 urg 3 <nop> \"ab\" \"\\x00\\n\" raw(checksum=0x12, offset=3)\n"
    "+0 < ipv4 [tos 0x3] 1.2.3.4 > 5.6.7.8: gre: mpls (label 0, [S], ttl 4): encap psp spi 7 . "
    "1:1(0)\n"
    "+0 < icmp unreachable frag_needed mtu 1200 [1:1001(1000)]\n+0 > udp 5 > 6 (7)\n"
    "+.1...0.2 read(4, ..., 5) = -1 EAGAIN (Resource isn't there) (flags x)\n"
    "+0 sendmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 1}], msg_flags=0}, 0) = 0x10\n"
    "+0 %{ assert tcpi_state == 1, tcpi_state }%\n"
    "assert @old state == TIME-WAIT, rcv.nxt == 101, rto_us >= 1.5s\n"
    "set msl_us=2min, nagle=off\nquiet for 60s\n"
    "batch { < . 1:1(0) ack 1 <nop> < F. 1:1(0) }\n"
    "in any order { > . 1:1(0) > F. 1:1(0) }\n"
    "one of { > . 1:1(0) } or { > R 1:1(0) } or nothing\n"
    "+1 a: close(4) = 0\n`cleanup`\n";

/* What is laid out means the same, keeps its comments, and is laid out already. */
static void check_format(const struct parse_result *result, const char *bytes, size_t count,
                         struct arena *arena)
{
    struct text first = TEXT_EMPTY;
    struct text second = TEXT_EMPTY;
    struct parse_result again;
    scenario_format(result, &first);
    const bool is_faithful = scenario_format_is_faithful(result, &first, arena);
    scenario_parse("fuzz.pkt", text_read(&first), first.length, NULL, 0, arena, &again);
    if (is_faithful) {
        scenario_format(&again, &second);
    }
    if (!is_faithful || strcmp(text_read(&first), text_read(&second)) != 0) {
        print_error("%.*s\nis laid out as\n%s\nand then as\n%s", (int)count, bytes,
                    text_read(&first), text_read(&second));
    }
    assert_true(is_faithful);
    assert_string_equal(text_read(&first), text_read(&second));
    text_free(&first);
    text_free(&second);
}

/* Any bytes: either a scenario that obeys the printer's law, or errors that can be shown. */
static void check(void **state, const char *bytes, size_t count)
{
    struct arena *arena = *state;
    struct parse_result result;
    struct text text = TEXT_EMPTY;
    arena_reset(arena);
    scenario_parse("fuzz.pkt", bytes, count, NULL, 0, arena, &result);
    assert_true((result.scenario == NULL) == (result.diagnostic_count > 0));
    for (size_t i = 0; i < result.diagnostic_count; i++) {
        const struct source_span *span = &result.diagnostics[i].span;
        assert_true(span->offset <= count);
        assert_true(span->length <= count - span->offset);
        diagnostic_render(&result.diagnostics[i], "fuzz.pkt", bytes, count, &text);
    }
    if (result.scenario != NULL) {
        struct parse_result again;
        scenario_print(&text, result.scenario);
        scenario_parse("fuzz.pkt", text_read(&text), text.length, NULL, 0, arena, &again);
        if (again.scenario == NULL || !scenario_same(result.scenario, again.scenario)) {
            print_error("%.*s\nprints as\n%s", (int)count, bytes, text_read(&text));
        }
        assert_non_null(again.scenario);
        assert_true(scenario_same(result.scenario, again.scenario));
        check_format(&result, bytes, count, arena);
    }
    text_free(&text);
}

static void the_sample_is_good(void **state)
{
    assert_non_null(parse(state, sample));
}

static void every_prefix_of_a_script_is_read_or_refused(void **state)
{
    for (size_t count = 0; count < sizeof sample; count++) {
        /* An exact copy: reading behind its end is seen by the sanitizer. */
        char *bytes = test_malloc(count + 1);
        memcpy(bytes, sample, count);
        check(state, bytes, count);
        test_free(bytes);
    }
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void flipped_bytes_do_no_harm(void **state)
{
    uint32_t seed = 17;
    char bytes[sizeof sample];
    for (int round = 0; round < 4000; round++) {
        memcpy(bytes, sample, sizeof sample);
        for (uint32_t flips = 1 + next_random(&seed) % 4; flips > 0; flips--) {
            bytes[next_random(&seed) % (sizeof sample - 1)] = (char)next_random(&seed);
        }
        check(state, bytes, sizeof sample - 1);
    }
}

static const char *const pieces[] = {
    "+0",
    " ",
    "\n",
    "<",
    ">",
    "S.",
    "1:1(0)",
    "ack",
    "win",
    "5",
    "rcv.nxt",
    "+1",
    "-",
    "!",
    "mss",
    ",",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "...",
    "\"a\"",
    "=",
    "==",
    "f",
    "|",
    "0x10",
    "assert",
    "batch",
    "one of",
    "or",
    "nothing",
    "seq",
    "%{ x }%",
    "`c`",
    "--mode=x",
    "req",
    "icmp",
    "udp",
    "ipv4",
    "encap psp spi",
    "@a",
    "~",
    "*",
    ":",
    "raw(",
    "sack",
    "TS val",
    "quiet for",
    "set",
    "1.5s",
    "// c\n",
    "/* c */",
    ".",
    "EX",
    "in any order",
};

/* Pieces of the language in senseless order get further into the parser than bytes do. */
static void shuffled_pieces_do_no_harm(void **state)
{
    const uint32_t kinds = sizeof pieces / sizeof pieces[0];
    uint32_t seed = 4711;
    struct text text = TEXT_EMPTY;
    for (int round = 0; round < 4000; round++) {
        text_clear(&text);
        for (uint32_t count = 1 + next_random(&seed) % 30; count > 0; count--) {
            text_string(&text, pieces[next_random(&seed) % kinds]);
            text_string(&text, next_random(&seed) % 3 == 0 ? "" : " ");
        }
        check(state, text_read(&text), text.length);
    }
    text_free(&text);
}

#define LARGE ((size_t)1 << 20)

/* A megabyte of the same piece: memory at most proportional. */
static void check_large(void **state, const char *opening, const char *piece)
{
    struct text text = TEXT_EMPTY;
    text_string(&text, opening);
    while (text.length < LARGE) {
        text_string(&text, piece);
    }
    struct parse_result result;
    struct text report = TEXT_EMPTY;
    arena_reset(*state);
    scenario_parse("large.pkt", text.bytes, text.length, NULL, 0, *state, &result);
    assert_true(arena_bytes(*state) < 120 * text.length);
    for (size_t i = 0; i < result.diagnostic_count; i++) {
        diagnostic_render(&result.diagnostics[i], "large.pkt", text.bytes, text.length, &report);
    }
    assert_true(report.length < 20000);
    text_free(&report);
    text_free(&text);
}

static void large_files_take_memory_in_proportion(void **state)
{
    static const char *const cases[][2] = {
        {"", "x"},
        {"", "0"},
        {"", " "},
        {"", "\n"},
        {"", "("},
        {"", "."},
        {"", "// c\n"},
        {"", "/**/"},
        {"", "/*"},
        {"", "\""},
        {"", "`"},
        {"", "%{"},
        {"0 f(", "["},
        {"0 f(", "1,"},
        {"0 f(", "[],"},
        {"0 f(\"a\"", "\"b\""},
        {"0 f(", "\"\\\\"},
        {"0 f(", "a|"},
        {"+0 < . ", "1"},
        {"+0 < . 1:1(0) <", "nop,"},
        {"", "--mode=x\n"},
        {"--mode=", "x"},
        {"req ", "A-1 "},
        {"assert ", "a == 1, "},
        {"batch {", "<"},
        {"0 `", "c"},
        {"+", "1"},
        {"", "+0 f() = 0\n"},
        {"0 f() = 0 (", "x"},
        {"", "--define=A=B\n"},
        {"+0 < mpls ", "a "},
        {"", "\xc3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check_large(state, cases[i][0], cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANGUAGE_TEST(the_sample_is_good),
        LANGUAGE_TEST(every_prefix_of_a_script_is_read_or_refused),
        LANGUAGE_TEST(flipped_bytes_do_no_harm),
        LANGUAGE_TEST(shuffled_pieces_do_no_harm),
        LANGUAGE_TEST(large_files_take_memory_in_proportion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
