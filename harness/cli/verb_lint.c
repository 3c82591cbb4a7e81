/* finwait lint: what is wrong with scripts that could be run. */
#include "cli/job.h"
#include "cli/verbs.h"
#include "report/escape.h"
#include "scenario/lint.h"

#include <stdio.h>

#define EXIT_FINDINGS 1

struct linting {
    const struct request *request;
    struct arena *arena; /* for one script */
    struct text file, words;
    size_t findings;
};

static void show(struct linting *linting, const char *path, const struct lint_finding *finding)
{
    struct text *out = &linting->words;
    struct diagnostic diagnostic = finding->diagnostic;
    diagnostic.message = arena_format(linting->arena, "%s [%s]", finding->diagnostic.message,
                                      lint_rule_id(finding->rule));
    diagnostic_render_at("warning", &diagnostic, path, text_read(&linting->file),
                         linting->file.length, out);
    text_format(out, "    because %s\n", lint_rule_reason(finding->rule));
}

static void add_member(struct text *out, const char *name, const char *value)
{
    if (value != NULL) {
        text_format(out, ",\"%s\":", name);
        escape_json(out, value);
    }
}

static void show_json(struct linting *linting, const char *path, const struct lint_finding *finding)
{
    struct text *out = &linting->words;
    const struct diagnostic *diagnostic = &finding->diagnostic;
    text_string(out, "{\"type\":\"finding\"");
    add_member(out, "script", path);
    text_format(out, ",\"line\":%u,\"column\":%u,\"length\":%u", diagnostic->span.line,
                diagnostic->span.column, diagnostic->span.length);
    add_member(out, "id", lint_rule_id(finding->rule));
    add_member(out, "message", diagnostic->message);
    add_member(out, "reason", lint_rule_reason(finding->rule));
    add_member(out, "expected", diagnostic->expected);
    add_member(out, "suggestion", diagnostic->suggestion);
    text_string(out, "}\n");
}

static void report(struct linting *linting, const char *path, const struct lint_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        if (linting->request->wants_json) {
            show_json(linting, path, &result->findings[i]);
        } else {
            show(linting, path, &result->findings[i]);
        }
    }
    if (result->stopped_early && !linting->request->wants_json) {
        text_format(&linting->words, "%s: too many findings, the rest is not shown\n", path);
    }
    linting->findings += result->count;
}

/* Lints one script. Returns 0 or the exit code. */
static int lint_one(struct linting *linting, const char *path)
{
    const struct request *request = linting->request;
    const struct lint_knowledge knowledge = {.knows_field = run_knows_field,
                                             .knows_counter = run_knows_counter};
    const char *error = file_read(path, &linting->file);
    if (error != NULL) {
        (void)fprintf(stderr, "%s: cannot be read: %s\n", path, error);
        return EXIT_BROKEN;
    }
    struct parse_result parsed;
    arena_reset(linting->arena);
    scenario_parse(path, text_read(&linting->file), linting->file.length, request->definitions,
                   request->definition_count, linting->arena, &parsed);
    if (parsed.scenario == NULL) {
        struct text words = TEXT_EMPTY;
        job_diagnostics(path, &linting->file, &parsed, &words);
        (void)fputs(text_read(&words), stderr);
        text_free(&words);
        return EXIT_USAGE;
    }
    struct lint_result result;
    scenario_lint(parsed.scenario, &knowledge, linting->arena, &result);
    report(linting, path, &result);
    return result.count > 0 ? EXIT_FINDINGS : 0;
}

static int lint_all(const struct request *request, const struct script_list *scripts)
{
    struct linting linting = {.request = request, .arena = arena_create()};
    int code = 0;
    for (size_t i = 0; i < scripts->count; i++) {
        const int one = lint_one(&linting, scripts->paths[i]);
        code = one > code ? one : code;
    }
    if (linting.findings > 0 && !request->wants_json) {
        text_format(&linting.words, "%zu %s in %zu %s\n", linting.findings,
                    linting.findings == 1 ? "finding" : "findings", scripts->count,
                    scripts->count == 1 ? "script" : "scripts");
    }
    const int written = write_out("lint", &linting.words);
    arena_destroy(linting.arena);
    text_free(&linting.file);
    text_free(&linting.words);
    return written > code ? written : code;
}

int verb_lint(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    struct script_list scripts;
    int code = 0;
    if (verb_begin(VERB_LINT, argc, argv, arena, &request, &scripts, &code)) {
        code = lint_all(&request, &scripts);
    }
    arena_destroy(arena);
    return code;
}
