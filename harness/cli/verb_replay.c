/* finwait replay: what was found once, played again. */
#include "cli/replay_file.h"
#include "cli/verbs.h"
#include "report/github.h"
#include "report/junit.h"
#include "report/tap.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- telling ------------------------------------------------------------------------------------- */

struct telling {
    const struct request *request;
    struct text words, cases, notes; /* the report, JUnit's test cases, GitHub's annotations */
    struct report_counts counts;
    uint64_t of[4]; /* by enum replay_state */
    uint64_t number;
    int worst; /* the exit code of what was no input */
};

static enum run_verdict verdict_of(const struct replay_outcome *outcome)
{
    switch (outcome->state) {
    case REPLAY_FIXED:
        return RUN_PASSED;
    case REPLAY_REPRODUCED:
    case REPLAY_FLAKY:
        return RUN_FAILED;
    case REPLAY_REFUSED:
        return outcome->code == EXIT_USAGE ? RUN_INVALID : RUN_BROKEN;
    }
    return RUN_BROKEN;
}

static void tell(struct telling *telling, const char *path, const struct replay_outcome *outcome)
{
    struct text summary = TEXT_EMPTY;
    text_format(&summary, "%s%s%s", replay_state_name(outcome->state),
                outcome->words[0] == '\0' ? "" : ": ", outcome->words);
    const struct report_result result = {
        .name = path, .verdict = verdict_of(outcome), .summary = text_read(&summary), .report = ""};
    telling->of[outcome->state]++;
    telling->counts.of[result.verdict]++;
    if (outcome->state == REPLAY_REFUSED && outcome->code > telling->worst) {
        telling->worst = outcome->code;
    }
    if (telling->request->wants_tap) {
        tap_point(&telling->words, ++telling->number, &result);
    } else {
        text_format(&telling->words, "%s: %s\n", path, text_read(&summary));
    }
    junit_case(&telling->cases, &result);
    github_annotation(&telling->notes, &result);
    text_free(&summary);
}

static void tell_sum(struct telling *telling)
{
    if (telling->request->wants_tap) {
        tap_plan(&telling->words, telling->number);
        return;
    }
    text_format(&telling->words,
                "%" PRIu64 " reproduced, %" PRIu64 " fixed, %" PRIu64 " flaky, %" PRIu64
                " refused\n",
                telling->of[REPLAY_REPRODUCED], telling->of[REPLAY_FIXED],
                telling->of[REPLAY_FLAKY], telling->of[REPLAY_REFUSED]);
}

/* Everything that was asked for. 0, or EXIT_BROKEN. */
static int write_reports(struct telling *telling)
{
    const struct request *const request = telling->request;
    int code = 0;
    if (request->wants_github && request->wants_tap) {
        (void)fputs(text_read(&telling->notes), stderr);
    } else if (request->wants_github) {
        text_string(&telling->words, text_read(&telling->notes));
    }
    if (request->junit != NULL) {
        struct text file = TEXT_EMPTY;
        junit_file(&file, &telling->cases, &telling->counts);
        code = write_file("replay", request->junit, &file);
        text_free(&file);
    }
    const int written = write_report("replay", request, &telling->words);
    return code == 0 ? written : code;
}

static int exit_code(const struct telling *telling)
{
    if (telling->worst != 0) {
        return telling->worst;
    }
    return telling->of[REPLAY_REPRODUCED] + telling->of[REPLAY_FLAKY] > 0 ? EXIT_FOUND
                                                                          : EXIT_NOT_REPRODUCED;
}

static int replay(const struct request *request)
{
    struct telling telling = {.request = request};
    if (request->path_count == 0) {
        return complain("replay", "no input is named", EXIT_USAGE);
    }
    if (request->wants_tap) {
        tap_heading(&telling.words);
    }
    for (size_t index = 0; index < request->path_count; index++) {
        struct replay_outcome outcome;
        replay_file(request->paths[index], replay_play, request->timeout_s, &outcome);
        tell(&telling, request->paths[index], &outcome);
    }
    tell_sum(&telling);
    const int code = write_reports(&telling);
    text_free(&telling.words);
    text_free(&telling.cases);
    text_free(&telling.notes);
    return code != 0 ? code : exit_code(&telling);
}

int verb_replay(int argc, char **argv)
{
    struct arena *const arena = arena_create();
    struct request request;
    int code = 0;
    if (verb_begin(VERB_REPLAY, argc, argv, arena, &request, NULL, &code)) {
        code = replay(&request);
    }
    arena_destroy(arena);
    return code;
}
