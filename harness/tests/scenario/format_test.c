/* The layout of each form, and the formatter's laws on all of them. (On shuffled and broken scripts the
 * laws are tested in robust_test.c.) */
#include "scenario/format.h"
#include "support.h"

static void assert_layout(void **state, const char *script, const char *expected)
{
    const struct parse_result result = parse_any(state, script);
    struct text layout = TEXT_EMPTY;
    if (result.scenario == NULL) {
        print_error("this cannot be read:\n%s", script);
    }
    assert_non_null(result.scenario);
    scenario_format(&result, &layout);
    assert_string_equal(text_read(&layout), expected);
    assert_true(scenario_format_is_faithful(&result, &layout, *state));
    text_free(&layout);
}

/* Both laws: the layout is as expected, and it is its own layout. */
static void assert_formats(void **state, const char *script, const char *expected)
{
    assert_layout(state, script, expected);
    assert_layout(state, expected, expected);
}

static void actions_stand_below_each_other(void **state)
{
    assert_formats(state,
                   "0 close(3)=0\n   +0.1   close( 3 ) =  0\n+238.95 close(3) = 0\n"
                   "+0...0.01 close(3) = 0\n* > . 1:1(0)\n+.1 ~ +.25 > . 1:1(0)\n"
                   "assert state==LISTEN\n",
                   "0     close(3) = 0\n+0.1  close(3) = 0\n+238.95 close(3) = 0\n"
                   "+0...0.01 close(3) = 0\n*     > . 1:1(0)\n+.1~+.25 > . 1:1(0)\n"
                   "      assert state == LISTEN\n");
}

static void every_spelling_stays(void **state)
{
    static const char script[] = "--define=SIZE=1000\n"
                                 "0     socket(..., SOCK_STREAM|O_X, 0x06) = 0x3\n"
                                 "+.10  read(3, \"a\\x62c\" \"\\n\", SIZE) = 4\n"
                                 "+0.100 > [tos 0x3] . seq rcv.nxt+0 (5) ack 17!\n"
                                 "+0    > [tos 3] . 1:6(5) <mss SIZE,254 0F>\n"
                                 "      quiet for .5\n";
    assert_formats(state, script, script);
}

static void packets_have_single_spaces(void **state)
{
    assert_formats(state,
                   "0 <   S  0:0(0)   win 5   < mss 1460 , nop ,wscale 7 >\n"
                   "+0 > @a[ ect0,tos 0x3 ]80>1234 . 1:5 (4) ack 1<...>\"ab\"\"cd\"\n"
                   "+0 < . 1:1(0) raw ( offset = 3 ,length=20 )\n+0 > ... ...(5)\n"
                   "+0 > icmp unreachable frag_needed mtu 1200[1:5(4)]\n",
                   "0     < S 0:0(0) win 5 <mss 1460,nop,wscale 7>\n"
                   "+0    > @a [ect0, tos 0x3] 80 > 1234 . 1:5(4) ack 1 <...> \"ab\" \"cd\"\n"
                   "+0    < . 1:1(0) raw(offset=3, length=20)\n+0    > ... ...(5)\n"
                   "+0    > icmp unreachable frag_needed mtu 1200 [1:5(4)]\n");
}

static void fields_of_a_header_are_spaced_alike(void **state)
{
    assert_formats(state,
                   "0 < mpls (label 0,tc  0, [S],ttl 4): . 1:1(0)\n"
                   "+0 <mpls#,S:S 0:0(0)\n"
                   "+0 < gre #1,x:mpls(label 0,[S]): . 1:1(0)\n"
                   "+0 < GREv0:gre flags[none],key = 1,off 0: . 1:1(0)\n",
                   "0     < mpls (label 0, tc 0, [S], ttl 4): . 1:1(0)\n"
                   "+0    < mpls#, S:S 0:0(0)\n"
                   "+0    < gre #1, x:mpls(label 0, [S]): . 1:1(0)\n"
                   "+0    < GREv0:gre flags [none], key=1, off 0: . 1:1(0)\n");
    assert_formats(state, "--define=NAME=mpls\n0 < NAME (label 0,[S]): . 1:1(0)\n",
                   "--define=NAME=mpls\n0     < NAME (label 0, [S]): . 1:1(0)\n");
}

static void calls_are_spaced_like_c(void **state)
{
    assert_formats(state,
                   "0 f (1,[ 2 ,3],{a = 1,b= g( \"x\" )},\"ab\" ...,A | B)=-1 EAGAIN(It  isn't)\n"
                   "+0 f()=...\n+0 fcntl(3, F_GETFL) = 0x2( flags  O_RDWR )\n",
                   "0     f(1, [2, 3], {a=1, b=g(\"x\")}, \"ab\"..., A|B) = -1 EAGAIN (It isn't)\n"
                   "+0    f() = ...\n+0    fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)\n");
}

static void statements_of_ours_have_their_layout(void **state)
{
    assert_formats(
        state,
        "0 assert @a state==TIME-WAIT,rcv.nxt>=101 , iss!=4000!\n"
        "+0 set a = 1,b=2\nquiet  for 60s\n"
        "+0 batch{< . 1:1(0) ack 1 <nop> < F. 1:1(0) }\n"
        "in  any order { > . 1:1(0)\n> F. 1:1(0) }\n"
        "one of { > . 1:1(0) } or { > R 1:1(0) } or nothing\n"
        "+0 %{assert x }%\n+0 `sleep 1`\n",
        "0     assert @a state == TIME-WAIT, rcv.nxt >= 101, iss != 4000!\n"
        "+0    set a=1, b=2\n      quiet for 60s\n"
        "+0    batch {\n          < . 1:1(0) ack 1 <nop>\n          < F. 1:1(0)\n      }\n"
        "      in any order {\n          > . 1:1(0)\n          > F. 1:1(0)\n      }\n"
        "      one of {\n          > . 1:1(0)\n      } or {\n          > R 1:1(0)\n"
        "      } or nothing\n+0    %{ assert x }%\n+0    `sleep 1`\n");
}

static void headers_keep_their_lines(void **state)
{
    assert_formats(
        state,
        "  --set=a=1    --set=b=2\n--mode=strict\nreq  MUST-5 , SHLD-2\n"
        "violates S04:\"why\"\nxfail ( linux ) : \"it fails\"\n`init\n  more`\n0 f() = 0\n"
        "`cleanup`",
        "--set=a=1 --set=b=2\n--mode=strict\nreq MUST-5, SHLD-2\n"
        "violates S04: \"why\"\nxfail(linux): \"it fails\"\n`init\n  more`\n0     f() = 0\n"
        "`cleanup`\n");
}

static void blank_lines_separate_paragraphs_and_nothing_else(void **state)
{
    assert_formats(state, "\n\n0 f() = 0\n\n\n\n+0 f() = 0\n// a\n\n// b\n+0 f() = 0\n\n\n",
                   "0     f() = 0\n\n+0    f() = 0\n// a\n\n// b\n+0    f() = 0\n");
}

static void each_event_has_its_line(void **state)
{
    assert_formats(state, "0 f() = 0 +0 g() = 0 // c\n", "0     f() = 0\n+0    g() = 0  // c\n");
}

static void comments_at_line_ends_stand_below_each_other(void **state)
{
    assert_formats(state,
                   "0 f() = 0 // a\n+0 longer() = 0 /* b */ // c\n+0 f() = 0\n+0 f() = 0//d\n",
                   "0     f() = 0       // a\n+0    longer() = 0  /* b */ // c\n+0    f() = 0\n"
                   "+0    f() = 0  //d\n");
}

static void the_authors_column_of_comments_stays(void **state)
{
    static const char script[] = "0     f() = 0            // a\n"
                                 "                         // goes on\n"
                                 "+0    longer() = 0       // b\n";
    assert_formats(state, script, script);
}

static void a_column_that_leads_over_the_edge_is_given_up(void **state)
{
    char script[200] = "0     f() = 0";
    memset(script + 13, ' ', 80);
    strcpy(script + 93, "// too far\n");
    assert_formats(state, script, "0     f() = 0  // too far\n");
}

static void comments_move_as_a_block(void **state)
{
    assert_formats(state,
                   "  // head   \n"
                   "    /* a block\n     *   with stars\n     */\n0 f() = 0\n   // tail",
                   "// head\n/* a block\n *   with stars\n */\n0     f() = 0\n// tail\n");
}

static void comments_inside_a_statement_stay_there(void **state)
{
    assert_formats(state, "0 f(1,/* two */2) /* r */ = 0\n",
                   "0     f(1, /* two */ 2) /* r */ = 0\n");
    assert_formats(state, "0 /* early */ f(1, // one\n 2) = 0\n",
                   "0     /* early */ f(1, // one\n                    2) = 0\n");
    assert_formats(state, "+ /* t */ 0 /* u */ f() = 0\n", "+0    /* t */ /* u */ f() = 0\n");
    assert_formats(state, "+// t\n 0 f() = 0\n", "+0    // t\n      f() = 0\n");
    assert_formats(state, "+ /* t */ 0 // u\nbatch {\n< . 1:1(0)\n}\n",
                   "+0    /* t */ // u\n      batch {\n          < . 1:1(0)\n      }\n");
    assert_formats(state,
                   "0 batch { // why\n// first\n< . 1:1(0) // x\n/* y */ < . 2:2(0)\n// last\n}\n",
                   "0     batch {  // why\n          // first\n          < . 1:1(0)  // x\n"
                   "          /* y */\n          < . 2:2(0)\n          // last\n      }\n");
}

static void what_fits_is_one_line(void **state)
{
    assert_formats(state, "0 f(1,\n  2,\n  [3,\n 4]) = 0\n", "0     f(1, 2, [3, 4]) = 0\n");
}

#define LONG_WORD "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"

static void what_does_not_fit_keeps_the_authors_breaks(void **state)
{
    assert_formats(state, "0 f(" LONG_WORD ",\n{a=" LONG_WORD ",\n b=[\n{c=1,\n d=2}\n]}) = 0\n",
                   "0     f(" LONG_WORD ",\n        {a=" LONG_WORD ",\n         b=[\n"
                   "             {c=1,\n              d=2}\n         ]}) = 0\n");
}

static void line_ends_of_other_systems_become_ours(void **state)
{
    assert_layout(state, "// a\r\n0 f() = 0 // b\r\n\r\n+0 f() = 0\r\n",
                  "// a\n0     f() = 0  // b\n\n+0    f() = 0\n");
}

static void another_meaning_is_noticed(void **state)
{
    struct parse_result result = parse_any(state, "0 f() = 0 // a\n");
    static const char *const wrong[] = {"0 f() = 1 // a\n", "0 f() = 0 // b\n", "0 f() = 0\n",
                                        "0 f(\n", "0 f() = 0 // a\n// c\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct text text = TEXT_EMPTY;
        text_string(&text, wrong[i]);
        assert_false(scenario_format_is_faithful(&result, &text, *state));
        text_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANGUAGE_TEST(actions_stand_below_each_other),
        LANGUAGE_TEST(every_spelling_stays),
        LANGUAGE_TEST(packets_have_single_spaces),
        LANGUAGE_TEST(fields_of_a_header_are_spaced_alike),
        LANGUAGE_TEST(calls_are_spaced_like_c),
        LANGUAGE_TEST(statements_of_ours_have_their_layout),
        LANGUAGE_TEST(headers_keep_their_lines),
        LANGUAGE_TEST(blank_lines_separate_paragraphs_and_nothing_else),
        LANGUAGE_TEST(each_event_has_its_line),
        LANGUAGE_TEST(comments_at_line_ends_stand_below_each_other),
        LANGUAGE_TEST(the_authors_column_of_comments_stays),
        LANGUAGE_TEST(a_column_that_leads_over_the_edge_is_given_up),
        LANGUAGE_TEST(comments_move_as_a_block),
        LANGUAGE_TEST(comments_inside_a_statement_stay_there),
        LANGUAGE_TEST(what_fits_is_one_line),
        LANGUAGE_TEST(what_does_not_fit_keeps_the_authors_breaks),
        LANGUAGE_TEST(line_ends_of_other_systems_become_ours),
        LANGUAGE_TEST(another_meaning_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
