/* Everything that is wrong is told with its place, what was wrong, and what could have stood there. */
#include "scenario/parse.h"
#include "support.h"

struct wrong_script {
    const char *script;
    uint32_t line, column, length;
    const char *message;
    const char *hint; /* the suggestion, or else what was expected */
};

static const struct wrong_script wrong_scripts[] = {
    {"+0 < S 0:0(0) win 32792 <msss 1460>", 1, 26, 4, "unknown TCP option 'msss'", "mss"},
    {"+0 < S 0:1(0) win 5", 1, 8, 6, "the numbers do not fit the length",
     "(1) after these two numbers"},
    {"+0 < S 0:0(0) win 65536", 1, 19, 5, "a window is out of range", "0 to 65535"},
    {"+0 < S 0:0(0) wim 5", 1, 15, 3, "unknown field 'wim'", "win"},
    {"+0 < S 0:0(0) <nop> win 5", 1, 21, 3, "unexpected 'win'",
     "ack, win and urg before the options"},
    {"+0 < X. 1:1(0)", 1, 6, 2, "these are no TCP flags",
     "flags: F S R P E W A U, a digit 0-7 and . for ACK, or - for none"},
    {"+0 < SS 1:1(0)", 1, 6, 2, "a flag that is said twice",
     "flags: F S R P E W A U, a digit 0-7 and . for ACK, or - for none"},
    {"+0 < E5. 1:1(0)", 1, 6, 3, "E, W and A do not go with an ACE digit",
     "flags: F S R P E W A U, a digit 0-7 and . for ACK, or - for none"},
    {"+0 < ... 1:1(0)", 1, 6, 3, "an inbound packet must say its flags",
     "flags: F S R P E W A U, a digit 0-7 and . for ACK, or - for none"},
    {"+0 < . 1:1(0) <...>", 1, 16, 3, "<...> can only be used with outbound packets", NULL},
    {"+0 < . 1:1(0) ack 5000000000", 1, 19, 10, "a sequence number is out of range",
     "0 to 4294967295"},
    {"+0 < . 1:1(0) ack snd.nxz", 1, 19, 7, "unknown live number 'snd.nxz'", "snd.nxt"},
    {"+0 < . 1:1(0) ack", 1, 18, 0, "the script ends too early",
     "a sequence number such as 1, 17! or rcv.nxt+1"},
    {"+0 < . 1:1 ack 4", 1, 12, 3, "unexpected 'ack'", "'('"},
    {"close(3) = 0", 1, 1, 5, "unexpected 'close'", "a time such as 0, +0, +0.1, +0.1~+0.2 or *"},
    {"+0 close(3)", 1, 12, 0, "the script ends too early", "'=' and the call's result"},
    {"+0 close(3 = 0", 1, 12, 1, "unexpected '='", "',' or ')'"},
    {"+0 f(\"abc) = 0", 1, 6, 9, "this string is not closed before its line ends", NULL},
    {"+0 f(\"a\\q\") = 0", 1, 8, 2, "an escape that is not known",
     "\\n \\r \\t \\0 \\a \\b \\f \\v \\e \\\\ \\\" or \\xHH"},
    {"* close(3) = 0", 1, 1, 1, "time * can only be used with outbound packets", NULL},
    {"+1~+2 close(3) = 0", 1, 1, 5, "a time range can only be used with outbound packets", NULL},
    {"+2~+1 > . 1:1(0)", 1, 5, 1, "a time range that ends before it begins", NULL},
    {"+2...1 close(3) = 0", 1, 3, 4, "a call that ends before it begins", NULL},
    {"+0.0000001 close(3) = 0", 1, 2, 9, "a time finer than a microsecond", NULL},
    {"+1 . 1:1(0)", 1, 4, 1, "unexpected '.'",
     "a packet ('<' or '>'), a call, a `command`, %{ code }% or assert, set, quiet, wait, batch, "
     "in any "
     "order, one of"},
    {"--ip_versoin=ipv4\n0 close(3) = 0", 1, 1, 12, "unknown option 'ip_versoin'", "ip_version"},
    {"0 close(3) = 0\n--mode=strict", 2, 1, 6, "this must stand before the first event", NULL},
    {"0 close(3) = 0\n`a`\n`b`", 3, 1, 3, "a second cleanup command",
     "a time before every other command"},
    {"assert state = ESTABLISHED", 1, 14, 1, "unexpected '='", "== != < <= > or >="},
    {"assert state", 1, 13, 0, "the script ends too early", "== != < <= > or >="},
    {"set msl_us=5days", 1, 12, 5, "not a unit of time: us, ms, s, min or h", NULL},
    {"set mtu=5s", 1, 9, 2, "not a whole number", NULL},
    {"quiet 60s", 1, 7, 3, "unexpected '60s'", "'for'"},
    {"batch { > . 1:1(0) }", 1, 9, 1, "unexpected '>'", "an inbound packet ('<') or '}'"},
    {"batch { }", 1, 7, 3, "an empty group", "a packet"},
    {"in any order { < . 1:1(0) }", 1, 16, 1, "unexpected '<'", "an outbound packet ('>') or '}'"},
    {"one of { > . 1:1(0)", 1, 20, 0, "the script ends too early",
     "an outbound packet ('>') or '}'"},
    {"+0 < (hlim 4) . 1:1(0)", 1, 7, 4, "'hlim' is reserved: it cannot be read yet", NULL},
    {"#ifdef X\n0 close(3) = 0", 1, 1, 1, "'#' is reserved: it cannot be read yet", NULL},
    {"+0 < . 1:5(4) \"abc\"", 1, 15, 5, "the text's length is not the packet's length",
     "4 octets, here are 3"},
    {"+0 < . 1:1(0) raw(cheksum=1)", 1, 19, 7, "unknown raw field 'cheksum'", "checksum"},
    {"+0 < . 1:1(0) raw(fragment=0, checksum=1, fragment=0)", 1, 43, 8,
     "a raw field that is said twice", "each field once"},
    {"+0 > . 1:1(0) raw(checksum=1)", 1, 15, 3, "raw() can only be used with inbound packets",
     NULL},
    {"+0 < [ect01] . 1:1(0)", 1, 6, 7, "ect01 can only be used with outbound packets",
     "ect0 or ect1"},
    {"+0 < . 1:1(0) <sack 1:2 3:4 5:6 7:8 9:10>", 1, 37, 1, "a fifth SACK block", "at most four"},
    {"+0 < . 1:1(0) <TS val 1 ecr 2,TS val 1 ecr 2,TS val 1 ecr 2,TS val 1 ecr 2,mss 5>", 1, 76, 5,
     "these options do not fit a TCP header", "at most 40 octets of options"},
    {"+0 < . 1:1(0) <FO abc>", 1, 19, 3, "these are not pairs of hexadecimal digits",
     "octets such as 3021b9d889017eeb"},
    {"+0 < . 1:1(0) <mss 65536>", 1, 20, 5, "an MSS is out of range", "0 to 65535"},
    {"+0 < ipv4 1.2.3.4 > 5.6.7: . 1:1(0)", 1, 21, 6, "not an address of this IP version", NULL},
    {"+0 < ipv4 1.2.3.4 > 5.6.7.8 . 1:1(0)", 1, 21, 7, "a header must end in ':'",
     "ADDRESS > ADDRESS: and the packet inside"},
    {"/* abc", 1, 1, 2, "this comment is not closed", NULL},
    {"+0 `abc", 1, 4, 4, "this command has no closing backtick", NULL},
    {"+0 %{ abc", 1, 4, 6, "this code has no closing }%", NULL},
    {"req\n0 close(3) = 0", 1, 4, 0, "the statement ends too early",
     "an id such as MUST-5 on the line of req"},
    {"violates : \"x\"\n0 close(3) = 0", 1, 10, 1, "unexpected ':'",
     "a name such as MUST-5, S04 or linux"},
    {"xfail linux\n0 close(3) = 0", 1, 7, 5, "unexpected 'linux'", "'('"},
    {"+0 < rcv.nxt:11(10)", 1, 6, 14, "these are no TCP flags",
     "flags: F S R P E W A U, a digit 0-7 and . for ACK, or - for none"},
    {"+0 < . rcv.nxt:11(10)", 1, 16, 2, "the two ends count from different numbers",
     "the same base at both ends, or 'seq START (LENGTH)'"},
    {"--define=5\n0 close(3) = 0", 1, 1, 10, "a definition without a name and a value",
     "--define=NAME=value"},
    {"--set=\n0 close(3) = 0", 1, 7, 0, "no value after '='", NULL},
    {"   ", 1, 4, 0, "a script without events",
     "a line such as '0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3'"},
    {"+0 f(10000000000000000000) = 0", 1, 6, 20, "a number is out of range",
     "0 to 9223372036854775806"},
    {"+0 start established", 1, 4, 5, "'start' has no time: it stands before the first event",
     NULL},
    {"0 close(3) = 0\nstart established", 2, 1, 5, "this must stand before the first event", NULL},
    {"start\n0 close(3) = 0", 1, 6, 0, "the statement ends too early",
     "a prologue's name such as established"},
    {"+0 a>c #3 drop", 1, 6, 1, "unexpected 'c'", "b"},
    {"+0 c>a #3 drop", 1, 4, 1, "unexpected 'c'", "a>b or b>a: the two hosts are a and b"},
    {"+0 a>b #3 drip", 1, 11, 4, "unknown edit 'drip'", "drop"},
    {"+0 a>b #3-4 mtu 600", 1, 13, 7, "this begins with one packet, and goes on by itself",
     "a>b #3"},
    {"+0 a>b #3-4 part 1s", 1, 13, 7, "this begins with one packet, and goes on by itself",
     "a>b #3"},
    {"+0 a>b #3-2 drop", 1, 10, 2, "the last packet is before the first", NULL},
    {"wait 20s", 1, 6, 3, "unexpected '20s'", "for 20s or until deadline"},
    {"wait until midnight", 1, 12, 8, "unexpected 'midnight'", "deadline"},
    {"+0 < . 1:1(0) <octets abc>", 1, 23, 3, "these are not pairs of hexadecimal digits",
     "octets such as 3021b9d889017eeb"},
};

static void assert_hint(const struct diagnostic *diagnostic, const char *hint)
{
    const char *got =
        diagnostic->suggestion != NULL ? diagnostic->suggestion : diagnostic->expected;
    if (hint == NULL) {
        assert_null(got);
    } else {
        assert_non_null(got);
        assert_string_equal(got, hint);
    }
}

static void each_mistake_is_named_and_placed(void **state)
{
    for (size_t i = 0; i < sizeof wrong_scripts / sizeof wrong_scripts[0]; i++) {
        const struct wrong_script *wrong = &wrong_scripts[i];
        const struct parse_result result = parse_any(state, wrong->script);
        assert_null(result.scenario);
        assert_null(result.tree);
        assert_int_equal(result.diagnostic_count, 1);
        const struct diagnostic *diagnostic = &result.diagnostics[0];
        if (strcmp(diagnostic->message, wrong->message) != 0) {
            print_error("in: %s\n", wrong->script);
        }
        assert_string_equal(diagnostic->message, wrong->message);
        assert_int_equal(diagnostic->span.line, wrong->line);
        assert_int_equal(diagnostic->span.column, wrong->column);
        assert_int_equal(diagnostic->span.length, wrong->length);
        assert_hint(diagnostic, wrong->hint);
    }
}

static void all_errors_of_a_file_are_found_at_once(void **state)
{
    const struct parse_result result =
        parse_any(state, "+0 < . 1:1(0) ack 1 blah\n+0 close(4) = 0\n+0 foo\n"
                         "+0 < S 0:0(0) win 70000\nassert x\n--mode=strict\n+0 bar(1, ) = 0\n");
    static const uint32_t lines[] = {1, 3, 4, 5, 6, 7};
    assert_int_equal(result.diagnostic_count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(result.diagnostics[i].span.line, lines[i]);
    }
    assert_false(result.stopped_early);
}

static void a_broken_call_of_several_lines_is_one_error(void **state)
{
    const struct parse_result result =
        parse_any(state, "+0 sendmsg(4, {msg_name(...)=...;\n   msg_iov(1)=[{..., 10}],\n"
                         "   msg_flags=0}, 0) = 10\n+0 close(4) = 0\n");
    assert_int_equal(result.diagnostic_count, 1);
}

static void the_parser_gives_up_after_many_errors(void **state)
{
    struct text text = TEXT_EMPTY;
    for (int i = 0; i < PARSE_DIAGNOSTICS_MAX + 5; i++) {
        text_string(&text, "+0 nonsense\n");
    }
    const struct parse_result result = parse_any(state, text_read(&text));
    assert_int_equal(result.diagnostic_count, PARSE_DIAGNOSTICS_MAX);
    assert_true(result.stopped_early);
    text_free(&text);
}

static void a_nul_byte_means_no_script(void **state)
{
    static const char bytes[] = "0 close(3) = 0\n+0\0close(4) = 0";
    struct parse_result result;
    scenario_parse("x", bytes, sizeof bytes - 1, NULL, 0, *state, &result);
    assert_null(result.scenario);
    assert_int_equal(result.diagnostic_count, 1);
    assert_int_equal(result.diagnostics[0].span.line, 2);
    assert_int_equal(result.diagnostics[0].span.column, 3);
}

static void an_empty_file_is_no_script(void **state)
{
    struct parse_result result;
    scenario_parse("x", NULL, 0, NULL, 0, *state, &result);
    assert_null(result.scenario);
    assert_int_equal(result.diagnostic_count, 1);
}

static void values_nest_to_a_limit(void **state)
{
    struct text text = TEXT_EMPTY;
    for (int depth = 30; depth <= 34; depth++) {
        text_clear(&text);
        text_string(&text, "0 f(");
        for (int i = 0; i < depth; i++) {
            text_string(&text, "[");
        }
        for (int i = 0; i < depth; i++) {
            text_string(&text, "]");
        }
        text_string(&text, ") = 0");
        const bool is_good = parse_any(state, text_read(&text)).scenario != NULL;
        assert_int_equal(is_good, depth <= 33);
    }
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANGUAGE_TEST(each_mistake_is_named_and_placed),
        LANGUAGE_TEST(all_errors_of_a_file_are_found_at_once),
        LANGUAGE_TEST(a_broken_call_of_several_lines_is_one_error),
        LANGUAGE_TEST(the_parser_gives_up_after_many_errors),
        LANGUAGE_TEST(a_nul_byte_means_no_script),
        LANGUAGE_TEST(an_empty_file_is_no_script),
        LANGUAGE_TEST(values_nest_to_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
