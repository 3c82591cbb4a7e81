/* Scripts: lexer, parser, printer, formatter, linter, on any text.
 *
 * Laws: what is wrong is said, within the text and in one printable line each; what parses is printed
 * to something that parses to the same scenario and prints to the same text; its canonical layout is
 * faithful and stays as it is when it is laid out again; nothing takes more memory than in proportion
 * to the text. */
#include <string.h>

#include "finding.h"
#include "scenario/format.h"
#include "scenario/lint.h"
#include "scenario/print.h"
#include "scenario/same.h"
#include "target.h"

#define NAME "fuzz.pkt"

/* What one octet of script may cost in memory: the shortest statement, with its diagnostics. */
#define BYTES_PER_OCTET 16384u
#define BYTES_AT_LEAST  (1u << 20)

static void parse(const char *text, size_t count, struct arena *arena, struct parse_result *out)
{
    scenario_parse(NAME, text, count, NULL, 0, arena, out);
    law(arena_bytes(arena) <= BYTES_AT_LEAST + count * BYTES_PER_OCTET, "script",
        "memory is in proportion to the text");
}

static bool is_within(const struct source_span *span, size_t count)
{
    return span->offset <= count && span->length <= count - span->offset;
}

static void check_diagnostics(const char *text, size_t count, const struct parse_result *result)
{
    law(result->diagnostic_count > 0 && result->diagnostic_count <= PARSE_DIAGNOSTICS_MAX, "script",
        "what does not parse is said to be wrong");
    struct text report = TEXT_EMPTY;
    for (size_t index = 0; index < result->diagnostic_count; index++) {
        const struct diagnostic *diagnostic = &result->diagnostics[index];
        law(is_within(&diagnostic->span, count), "script", "a diagnostic stands within the text");
        diagnostic_render(diagnostic, NAME, text, count, &report);
    }
    for (size_t at = 0; at < report.length; at++) {
        const char c = report.bytes[at];
        law(c == '\n' || c == '\t' || (unsigned char)c >= ' ', "script", "a report can be printed");
    }
    text_free(&report);
}

static void must_parse(const struct text *text, const char *what, struct arena *arena,
                       struct parse_result *out)
{
    parse(text_read(text), text->length, arena, out);
    if (out->scenario == NULL) {
        finding(what, out->diagnostics[0].message);
    }
}

static void check_printing(const struct parse_result *script, struct arena *arena)
{
    struct text first = TEXT_EMPTY, second = TEXT_EMPTY;
    scenario_print(&first, script->scenario);
    struct parse_result again;
    must_parse(&first, "script: what is printed parses", arena, &again);
    law(scenario_same(script->scenario, again.scenario), "script",
        "what is printed means the same");
    scenario_print(&second, again.scenario);
    law(strcmp(text_read(&first), text_read(&second)) == 0, "script",
        "printing what was printed changes nothing");
    text_free(&first);
    text_free(&second);
}

static void check_layout(const struct parse_result *script, struct arena *arena)
{
    struct text first = TEXT_EMPTY, second = TEXT_EMPTY;
    scenario_format(script, &first);
    law(scenario_format_is_faithful(script, &first, arena), "script",
        "the layout keeps meaning and comments");
    struct parse_result again;
    must_parse(&first, "script: the layout parses", arena, &again);
    scenario_format(&again, &second);
    law(strcmp(text_read(&first), text_read(&second)) == 0, "script",
        "laying out what was laid out changes nothing");
    text_free(&first);
    text_free(&second);
}

static void check_lint(const struct parse_result *script, size_t count, struct arena *arena)
{
    const struct lint_knowledge all_names_are_good = {0};
    struct lint_result lint;
    scenario_lint(script->scenario, &all_names_are_good, arena, &lint);
    for (size_t index = 0; index < lint.count; index++) {
        law(is_within(&lint.findings[index].diagnostic.span, count), "script",
            "the linter points into the text");
    }
}

int fuzz_one_input(const uint8_t *bytes, size_t count)
{
    static struct arena *script_arena, *again_arena; /* memory is kept from input to input */
    if (script_arena == NULL) {
        script_arena = arena_create();
        again_arena = arena_create();
    }
    arena_reset(script_arena);
    arena_reset(again_arena);
    const char *text = (const char *)bytes;
    struct parse_result result;
    parse(text, count, script_arena, &result);
    if (result.scenario == NULL) {
        check_diagnostics(text, count, &result);
        return 0;
    }
    check_lint(&result, count, script_arena);
    check_printing(&result, again_arena);
    arena_reset(again_arena);
    check_layout(&result, again_arena);
    return 0;
}
