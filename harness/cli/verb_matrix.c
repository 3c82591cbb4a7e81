/* finwait matrix: which requirement is covered by which script, and which transitions are taken. */
#include "cli/job.h"
#include "cli/permutations.h"
#include "cli/verbs.h"
#include "matrix/decisions.h"
#include "matrix/edges.h"
#include "matrix/matrix.h"
#include "report/result.h"
#include "sut/sut.h"

#include <stdio.h>
#include <string.h>

#define TABLE_COUNT 4

/* A matrix being made. The arena holds tables and scripts, so that tags and paths stay. */
struct making {
    const struct request *request;
    struct arena *arena;
    struct matrix matrix;
    struct tsv edges;
    struct edge_counts counts;
    struct decision_list decisions;
    size_t runs, failures;
};

/* A table as text in the arena, or NULL when it cannot be read; then, unless `may_lack`, *code tells
 * and standard error says why. */
static const char *read_table(struct making *making, const char *name, bool may_lack, int *code)
{
    const char *folder = making->request->requirements;
    const char *path = arena_format(making->arena, "%s/%s", folder, name);
    struct text file = TEXT_EMPTY;
    const char *error = file_read(path, &file);
    const char *copy =
        error == NULL ? arena_copy_text(making->arena, text_read(&file), file.length) : NULL;
    text_free(&file);
    if (error != NULL && !may_lack) {
        (void)fprintf(stderr, "finwait matrix: %s cannot be read: %s\n", path, error);
        *code = unreadable(folder);
    }
    return copy;
}

static int read_tables(struct making *making)
{
    static const char *const names[TABLE_COUNT] = {"rfc9293.tsv", "rfc9293-untagged.tsv",
                                                   "companions.tsv", "section-3.10.tsv"};
    const char *tables[TABLE_COUNT];
    int code = 0;
    for (int i = 0; i < TABLE_COUNT; i++) {
        tables[i] = read_table(making, names[i], false, &code);
    }
    const char *edges = read_table(making, "state-edges.tsv", false, &code);
    if (code != 0) {
        return complain(
            "matrix", "--requirements names the folder of the tables (corpus/requirements)", code);
    }
    const char *declared = read_table(making, "declared.tsv", true, &code);
    const char *covered = read_table(making, "covered.tsv", true, &code);
    const char *knock_outs = read_table(making, "../mutants/results.tsv", true, &code);
    const char *decisions = read_table(making, "decisions.tsv", true, &code);
    const char *error =
        matrix_create(&making->matrix, tables, TABLE_COUNT, declared, covered, making->arena);
    if (error == NULL && knock_outs != NULL) {
        error = matrix_add_knock_outs(&making->matrix, knock_outs);
    }
    if (decisions != NULL) {
        decisions_read(&making->decisions, decisions, making->arena);
    }
    tsv_read(edges, making->arena, &making->edges);
    making->counts.edges =
        arena_take(making->arena, (making->edges.row_count + 1) * sizeof *making->counts.edges);
    return error == NULL ? 0 : complain("matrix", error, EXIT_BROKEN);
}

static void run_once(struct making *making, const char *path, const struct scenario *scenario,
                     uint8_t ip_version, struct arena *arena)
{
    const struct request *request = making->request;
    const struct run_options options = {
        .mode = request->mode,
        .mode_wins = request->has_mode,
        .profile = request->profile,
        .ip_version = ip_version,
        .settings = request->settings,
        .setting_count = request->setting_count,
        .command = "finwait run",
    };
    struct run_outcome outcome = {0};
    run_scenario(scenario, &sut_core, &options, arena, &outcome);
    const bool has_passed = outcome.verdict == RUN_PASSED;
    struct occurrence_list occurrences = {0};
    if (outcome.trace != NULL) {
        occurrences_add(&occurrences, outcome.trace, has_passed ? scenario : NULL, arena);
    }
    if (!has_passed) {
        (void)fprintf(stderr, "%s: %s over IPv%u: %s\n", path, report_verdict_name(outcome.verdict),
                      ip_version, text_read(&outcome.summary));
    }
    making->runs++;
    making->failures += !has_passed;
    matrix_add(&making->matrix, path, scenario, has_passed, &occurrences);
    decisions_note_run(&making->decisions, path, has_passed);
    edges_count(&making->counts, &making->edges, &occurrences);
    run_outcome_free(&outcome);
}

static void run_versions(struct making *making, const char *path, const struct scenario *scenario,
                         struct arena *arena)
{
    for (uint8_t version = 4; scenario != NULL && version <= 6; version += 2) {
        const bool is_wanted =
            version == 4 ? making->request->runs_ipv4 : making->request->runs_ipv6;
        if (is_wanted && job_allows(scenario, version)) {
            arena_reset(arena);
            run_once(making, path, scenario, version, arena);
        }
    }
}

static int run_script(struct making *making, const char *path, struct arena *arena)
{
    struct text file = TEXT_EMPTY;
    const char *error = file_read(path, &file);
    if (error != NULL) {
        (void)fprintf(stderr, "%s: cannot be read: %s\n", path, error);
        text_free(&file);
        return EXIT_BROKEN;
    }
    struct parse_result parsed = {0};
    scenario_parse(path, text_read(&file), file.length, making->request->definitions,
                   making->request->definition_count, making->arena, &parsed);
    if (parsed.scenario == NULL) {
        struct text words = TEXT_EMPTY;
        job_diagnostics(path, &file, &parsed, &words);
        (void)fputs(text_read(&words), stderr);
        text_free(&words);
    }
    const struct scenario *const first = parsed.scenario;
    const size_t count = first == NULL ? 0
                                       : permutations_of(first, making->request->definitions,
                                                         making->request->definition_count);
    for (size_t i = 0; i < count && i < PERMUTATIONS_MAX && parsed.scenario != NULL; i++) {
        if (i > 0) {
            const struct permutation chosen =
                permutation_at(first, making->request->definitions,
                               making->request->definition_count, i, making->arena);
            scenario_parse(path, text_read(&file), file.length, chosen.definitions, chosen.count,
                           making->arena, &parsed);
        }
        run_versions(making, path, parsed.scenario, arena);
    }
    text_free(&file);
    return parsed.scenario == NULL ? EXIT_USAGE : 0;
}

/* The word for --only that asks for the decisions. */
#define DECISIONS "decisions"

static bool wants_decisions(const struct making *making)
{
    const char *only = making->request->only;
    return only == NULL || strcmp(only, DECISIONS) == 0;
}

static void print_markdown(const struct making *making, struct text *out)
{
    matrix_print_markdown(&making->matrix, making->request->only, out);
    if (wants_decisions(making)) {
        decisions_print_markdown(&making->decisions, out);
    }
}

static void print_html(const struct making *making, struct text *out)
{
    matrix_print_html(&making->matrix, making->request->only, out);
    if (wants_decisions(making)) {
        decisions_print_html(&making->decisions, out);
    }
    matrix_print_html_end(out);
}

static void print_covered(const struct making *making, struct text *out)
{
    matrix_print_covered(&making->matrix, out);
}

static void print_svg(const struct making *making, struct text *out)
{
    edges_print_svg(&making->counts, &making->edges, making->runs, out);
}

/* Writes one form of what was found into the file that was asked for, if any. */
static int save(const struct making *making, const char *path,
                void (*print)(const struct making *, struct text *))
{
    if (path == NULL) {
        return 0;
    }
    struct text words = TEXT_EMPTY;
    print(making, &words);
    const int code = write_file("matrix", path, &words);
    text_free(&words);
    return code;
}

static void print_all(const struct making *making, struct text *out)
{
    const struct request *request = making->request;
    if (request->wants_edges) {
        edges_print(&making->counts, &making->edges, out);
        return;
    }
    if (!request->is_quiet) {
        matrix_print_text(&making->matrix, request->only, out);
        if (request->only != NULL && strcmp(request->only, DECISIONS) == 0) {
            decisions_print_text(&making->decisions, out);
        }
    }
    matrix_print_summary(&making->matrix, out);
    if (making->decisions.count > 0) {
        decisions_print_summary(&making->decisions, out);
    }
}

static int tell(const struct making *making)
{
    const struct request *request = making->request;
    struct text words = TEXT_EMPTY;
    print_all(making, &words);
    int code = write_report("matrix", request, &words);
    text_free(&words);
    const int saved[] = {
        save(making, request->markdown, print_markdown), save(making, request->html, print_html),
        save(making, request->covered, print_covered), save(making, request->svg, print_svg)};
    for (size_t i = 0; i < sizeof saved / sizeof *saved; i++) {
        code = saved[i] > code ? saved[i] : code;
    }
    const bool is_lost = matrix_lost(&making->matrix) > 0 && request->covered == NULL;
    return code == 0 && (is_lost || making->failures > 0 || making->matrix.error_count > 0) ? 1
                                                                                            : code;
}

int verb_matrix(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    struct script_list scripts;
    int code = 0;
    if (verb_begin(VERB_MATRIX, argc, argv, arena, &request, &scripts, &code)) {
        struct making making = {.request = &request, .arena = arena};
        struct arena *run_arena = arena_create();
        code = read_tables(&making);
        int worst = 0;
        for (size_t i = 0; code == 0 && i < scripts.count; i++) {
            const int one = run_script(&making, scripts.paths[i], run_arena);
            worst = one > worst ? one : worst;
        }
        if (code == 0) {
            code = tell(&making);
            code = worst > code ? worst : code;
        }
        matrix_free(&making.matrix);
        arena_destroy(run_arena);
    }
    arena_destroy(arena);
    return code;
}
