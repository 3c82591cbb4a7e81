/* See cause_input.h. */
#include "cli/cause_input.h"

#include "causes/encoding.h"
#include "cli/job.h"
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

bool cause_input_is_script(const char *path)
{
    static const char suffix[] = ".pkt";
    const size_t length = strlen(path);
    return length >= strlen(suffix) && strcmp(path + length - strlen(suffix), suffix) == 0;
}

static int read_script(const char *path, const struct text *file, struct arena *arena,
                       struct cause_list *out)
{
    struct text words = TEXT_EMPTY;
    struct parse_result parsed;
    struct cause_refusal why;
    int code = 0;
    scenario_parse(path, text_read(file), file->length, NULL, 0, arena, &parsed);
    if (parsed.scenario == NULL) {
        job_diagnostics(path, file, &parsed, &words);
        code = EXIT_USAGE;
    } else if (!cause_from_scenario(parsed.scenario, arena, out, &why)) {
        const struct diagnostic diagnostic = {.span = why.span, .message = why.message};
        diagnostic_render(&diagnostic, path, text_read(file), file->length, &words);
        code = EXIT_USAGE;
    }
    (void)fputs(text_read(&words), stderr);
    text_free(&words);
    return code;
}

static int read_input(const char *verb, const char *path, bool is_a_script, file_reader *reads,
                      struct arena *arena, struct cause_list *out)
{
    struct text file = TEXT_EMPTY;
    int code = 0;
    const char *const error = reads(path, &file);
    if (error != NULL) {
        (void)fprintf(stderr, "finwait %s: %s: cannot be read: %s\n", verb, path, error);
        code = unreadable(path);
    } else if (is_a_script) {
        code = read_script(path, &file, arena, out);
    } else {
        const size_t most = file.length / 8 + 1; /* the shortest record */
        cause_decode((const uint8_t *)text_read(&file), file.length,
                     arena_take(arena, most * sizeof(struct cause)), most, out);
    }
    text_free(&file);
    return code;
}

int cause_input_read(const char *verb, const char *path, struct arena *arena,
                     struct cause_list *out)
{
    return read_input(verb, path, cause_input_is_script(path), file_read_regular, arena, out);
}

int cause_input_read_script(const char *verb, const char *path, struct arena *arena,
                            struct cause_list *out)
{
    return read_input(verb, path, true, file_read, arena, out);
}

void cause_input_run(const struct cause_list *list, struct arena *arena,
                     const struct scenario **scenario, struct run_outcome *outcome)
{
    const struct run_options options = {
        .mode = RUN_CAUSES, .ip_version = list->start.ip_version, .command = ""};
    *scenario = cause_to_scenario(list, arena);
    run_scenario(*scenario, &sut_core, &options, arena, outcome);
}
