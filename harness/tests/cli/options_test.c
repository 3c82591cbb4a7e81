/* The command line: what is taken, what is refused and how. */
#include "cli/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define WORDS_MAX 16

/* Splits at blanks; "run" stands before. */
static bool parse(struct arena *arena, const char *line, struct request *out,
                  struct text *complaint)
{
    char **argv = arena_take(arena, (WORDS_MAX + 1) * sizeof *argv);
    int argc = 0;
    argv[argc++] = arena_format(arena, "run");
    char *rest = arena_copy_text(arena, line, strlen(line));
    for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL && argc < WORDS_MAX;) {
        argv[argc++] = word;
    }
    text_clear(complaint);
    return options_parse(VERB_RUN, argc, argv, arena, out, complaint);
}

static void expect_refused(const char *line, const char *words)
{
    struct arena *arena = arena_create();
    struct request request;
    struct text complaint = TEXT_EMPTY;
    assert_false(parse(arena, line, &request, &complaint));
    assert_string_equal(text_read(&complaint), words);
    text_free(&complaint);
    arena_destroy(arena);
}

static void a_report_is_not_written_where_a_script_or_another_report_stands(void **state)
{
    (void)state;
    expect_refused("--trace a.pkt b.pkt", "--trace a.pkt: that is the name of a script (.pkt)");
    expect_refused("--junit .pkt b.pkt", "--junit .pkt: that is the name of a script (.pkt)");
    expect_refused("--trace nowhere/x --junit nowhere/x a.pkt",
                   "--trace and --junit both want nowhere/x");
}

static void reports_may_share_a_device(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct request request;
    struct text complaint = TEXT_EMPTY;
    assert_true(parse(arena, "--trace /dev/null --junit /dev/null a.pkt", &request, &complaint));
    assert_true(parse(arena, "--trace - --quiet a.pkt", &request, &complaint));
    assert_true(parse(arena, "--trace x --junit - a.pkt", &request, &complaint));
    assert_true(parse(arena, "--trace a.pktx a.pkt", &request, &complaint));
    text_free(&complaint);
    arena_destroy(arena);
}

static void one_format_alone_gets_standard_output(void **state)
{
    (void)state;
    expect_refused("--tap --json a.pkt", "--tap and --json both want standard output: choose one");
    expect_refused("--tap --junit - a.pkt",
                   "--tap and --junit - both want standard output: choose one");
    expect_refused("--junit /dev/stdout --json a.pkt",
                   "--json and --junit - both want standard output: choose one");
    expect_refused("--trace - --junit - a.pkt",
                   "--junit - and --trace - both want standard output: choose one");
    expect_refused("--trace - --json a.pkt",
                   "--json and --trace - both want standard output: choose one");
}

static void without_options_scripts_run_strictly_over_both_versions(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct request request;
    struct text complaint = TEXT_EMPTY;
    assert_true(parse(arena, "a.pkt", &request, &complaint));
    assert_true(request.runs_ipv4 && request.runs_ipv6);
    assert_false(request.has_mode || request.has_jobs || request.has_tolerance);
    assert_int_equal(request.mode, RUN_STRICT);
    assert_int_equal(request.repeat, 1);
    assert_int_equal(request.timeout_s, 60);
    assert_int_equal(request.path_count, 1);
    text_free(&complaint);
    arena_destroy(arena);
}

static void options_may_stand_behind_paths_and_be_repeated(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct request request;
    struct text complaint = TEXT_EMPTY;
    assert_true(parse(arena,
                      "a.pkt --set mtu=1280 b.pkt -j3 -D A=1 --define=B=x=y --set=nagle=0 --ip 6"
                      " --mode portable -- --c.pkt",
                      &request, &complaint));
    assert_int_equal(request.path_count, 3);
    assert_string_equal(request.paths[2], "--c.pkt");
    assert_int_equal(request.jobs, 3);
    assert_int_equal(request.setting_count, 2);
    assert_string_equal(request.settings[1], "nagle=0");
    assert_int_equal(request.definition_count, 2);
    assert_string_equal(request.definitions[1].name, "B");
    assert_string_equal(request.definitions[1].value, "x=y");
    assert_true(request.runs_ipv6 && !request.runs_ipv4);
    struct text replay = TEXT_EMPTY;
    options_replay(&request, &replay);
    assert_string_equal(text_read(&replay),
                        " --mode portable --set mtu=1280 --set nagle=0 -D A=1 -D B=x=y");
    text_free(&replay);
    text_free(&complaint);
    arena_destroy(arena);
}

static void what_makes_no_sense_is_refused_with_what_was_wanted(void **state)
{
    (void)state;
    expect_refused("--ip 5 a", "--ip wants 4|6|both, not \"5\"");
    expect_refused("-j 1025", "--jobs wants a number from 0 to 1024, not \"1025\"");
    expect_refused("-j -1", "--jobs wants a number from 0 to 1024, not \"-1\"");
    expect_refused("--repeat 0", "--repeat wants a number from 1 to 1000000000, not \"0\"");
    expect_refused("--timeout 1s", "--timeout wants a number from 1 to 86400, not \"1s\"");
    expect_refused("--tolerance_usecs 4294967296",
                   "--tolerance_usecs wants a number from 0 to 4294967295, not \"4294967296\"");
    expect_refused("--oracles W05,S99",
                   "there is no oracle called \"S99\"; \"finwait help oracles\" names all");
    expect_refused("--oracles W05,",
                   "there is no oracle called \"\"; \"finwait help oracles\" names all");
    expect_refused("-D =x", "--define wants SYM=VALUE, not \"=x\"");
    expect_refused("a.pkt --mode", "--mode wants a value: strict|compat|portable");
    expect_refused("--tap=1", "--tap takes no value");
    expect_refused("-z", "unknown option -z");
    expect_refused("a.pkt --zzzzzz=1", "unknown option --zzzzzz");
}

static void a_near_miss_is_told_what_was_probably_meant(void **state)
{
    (void)state;
    expect_refused("--laddr", "unknown option --laddr; did you mean --ladder?");
    expect_refused("--set mtuu=5", "there is no configuration value called \"mtuu\"; did you mean "
                                   "mtu=...?");
    expect_refused("--set mtu", "--set wants NAME=VALUE, not \"mtu\"; did you mean mtu=...?");
}

static void every_option_has_a_line_of_help_within_100_columns(void **state)
{
    (void)state;
    struct text help = TEXT_EMPTY;
    options_help(VERB_RUN, &help);
    for (const char *line = text_read(&help); *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        assert_true(length <= 100);
        line += length + 1;
    }
    assert_non_null(strstr(text_read(&help), "\n  -j, --jobs N "));
    assert_non_null(strstr(text_read(&help), "\n      --pcapng PATH "));
    text_clear(&help);
    options_help(VERB_LADDER, &help);
    assert_null(strstr(text_read(&help), "--jobs"));
    text_free(&help);
}

static void words_are_quoted_for_the_shell_only_when_needed(void **state)
{
    (void)state;
    struct text out = TEXT_EMPTY;
    shell_word("a/b-c.pkt", &out);
    text_string(&out, " ");
    shell_word("it's here", &out);
    text_string(&out, " ");
    shell_word("", &out);
    assert_string_equal(text_read(&out), "a/b-c.pkt 'it'\\''s here' ''");
    text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_options_scripts_run_strictly_over_both_versions),
        cmocka_unit_test(a_report_is_not_written_where_a_script_or_another_report_stands),
        cmocka_unit_test(reports_may_share_a_device),
        cmocka_unit_test(one_format_alone_gets_standard_output),
        cmocka_unit_test(options_may_stand_behind_paths_and_be_repeated),
        cmocka_unit_test(what_makes_no_sense_is_refused_with_what_was_wanted),
        cmocka_unit_test(a_near_miss_is_told_what_was_probably_meant),
        cmocka_unit_test(every_option_has_a_line_of_help_within_100_columns),
        cmocka_unit_test(words_are_quoted_for_the_shell_only_when_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
