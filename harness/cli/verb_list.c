/* finwait list: what scripts say of themselves, without running them. */
#include "cli/job.h"
#include "cli/verbs.h"
#include "report/escape.h"

#include <stdio.h>
#include <string.h>

/* One script that is being listed. */
struct listing {
    const struct request *request;
    const char *path;
    size_t path_columns;
    const struct scenario *scenario;
    struct text *out;
};

/* The options that a script sets, but for the IP version, which has its own column. */
static bool is_shown_option(const struct scenario_option_line *option)
{
    return strcmp(option->name, "ip_version") != 0;
}

static void list_row(const struct listing *listing)
{
    const struct scenario *scenario = listing->scenario;
    struct text *out = listing->out;
    text_format(out, "%-*s  %-4s", (int)listing->path_columns, listing->path,
                !job_allows(scenario, 6)   ? "4"
                : !job_allows(scenario, 4) ? "6"
                                           : "4 6");
    for (size_t i = 0; i < scenario->option_count; i++) {
        const struct scenario_option_line *option = &scenario->options[i];
        if (is_shown_option(option)) {
            text_format(out, " --%s%s%s", option->name, option->value[0] != '\0' ? "=" : "",
                        option->value);
        }
    }
    const char *kind = "";
    for (size_t i = 0; i < scenario->note_count; i++) {
        const struct scenario_note *note = &scenario->notes[i];
        if (strcmp(kind, note->kind) != 0) {
            text_format(out, " %s", note->kind);
            kind = note->kind;
        }
        text_format(out, " %s", note->subject == NULL ? "" : note->subject);
    }
    while (out->length > 0 && out->bytes[out->length - 1] == ' ') {
        out->length--;
    }
    text_string(out, "\n");
}

static void list_object(const struct listing *listing)
{
    const struct scenario *scenario = listing->scenario;
    struct text *out = listing->out;
    text_string(out, "{\"type\":\"script\",\"script\":");
    escape_json(out, listing->path);
    text_format(out, ",\"ip_versions\":[%s],\"options\":[",
                !job_allows(scenario, 6)   ? "4"
                : !job_allows(scenario, 4) ? "6"
                                           : "4,6");
    const char *between = "";
    for (size_t i = 0; i < scenario->option_count; i++) {
        text_format(out, "%s{\"name\":", between);
        escape_json(out, scenario->options[i].name);
        text_string(out, ",\"value\":");
        escape_json(out, scenario->options[i].value);
        text_string(out, "}");
        between = ",";
    }
    text_string(out, "],\"notes\":[");
    between = "";
    for (size_t i = 0; i < scenario->note_count; i++) {
        const struct scenario_note *note = &scenario->notes[i];
        text_format(out, "%s{\"kind\":", between);
        escape_json(out, note->kind);
        text_string(out, ",\"subject\":");
        escape_json(out, note->subject == NULL ? "" : note->subject);
        if (note->reason != NULL) {
            text_string(out, ",\"reason\":");
            escape_json(out, note->reason);
        }
        text_string(out, "}");
        between = ",";
    }
    text_string(out, "]}\n");
}

/* Lists one script; a complaint goes to standard error. Returns 0 or the exit code. */
static int list_one(struct listing *listing, struct text *file, struct arena *arena)
{
    const struct request *request = listing->request;
    const char *error = file_read(listing->path, file);
    if (error != NULL) {
        (void)fprintf(stderr, "%s: cannot be read: %s\n", listing->path, error);
        return EXIT_BROKEN;
    }
    struct parse_result parsed = {0};
    scenario_parse(listing->path, text_read(file), file->length, request->definitions,
                   request->definition_count, arena, &parsed);
    if (parsed.scenario == NULL) {
        struct text words = TEXT_EMPTY;
        job_diagnostics(listing->path, file, &parsed, &words);
        (void)fputs(text_read(&words), stderr);
        text_free(&words);
        return EXIT_USAGE;
    }
    listing->scenario = parsed.scenario;
    if (request->wants_json) {
        list_object(listing);
    } else {
        list_row(listing);
    }
    return 0;
}

static int list_all(const struct request *request, const struct script_list *scripts)
{
    struct text words = TEXT_EMPTY;
    struct text file = TEXT_EMPTY;
    struct arena *arena = arena_create();
    struct listing listing = {.request = request, .out = &words};
    int code = 0;
    for (size_t i = 0; i < scripts->count; i++) {
        const size_t length = strlen(scripts->paths[i]);
        listing.path_columns = length > listing.path_columns ? length : listing.path_columns;
    }
    for (size_t i = 0; i < scripts->count; i++) {
        arena_reset(arena);
        listing.path = scripts->paths[i];
        const int one = list_one(&listing, &file, arena);
        code = one > code ? one : code;
    }
    const int written = write_out("list", &words);
    arena_destroy(arena);
    text_free(&file);
    text_free(&words);
    return written > code ? written : code;
}

int verb_list(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    struct script_list scripts;
    int code = 0;
    if (verb_begin(VERB_LIST, argc, argv, arena, &request, &scripts, &code)) {
        code = list_all(&request, &scripts);
    }
    arena_destroy(arena);
    return code;
}
