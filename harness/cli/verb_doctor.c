/* finwait doctor: what is there, what is not, and what to do about it. */
#include "cli/doctor.h"
#include "cli/verbs.h"
#include "report/escape.h"

#include <stdlib.h>

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value == NULL ? "" : value;
}

/* The locale for characters, as setlocale() finds it. */
static const char *locale_words(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (variable(names[i])[0] != '\0') {
            return variable(names[i]);
        }
    }
    return "";
}

static const char *level_name(enum doctor_level level)
{
    switch (level) {
    case DOCTOR_OK:
        return "ok";
    case DOCTOR_NOTE:
        return "note";
    case DOCTOR_WRONG:
        return "wrong";
    }
    return "?";
}

static void add_json(const struct doctor_finding *finding, struct text *out)
{
    text_format(out,
                "{\"type\":\"finding\",\"level\":\"%s\",\"what\":", level_name(finding->level));
    escape_json(out, finding->what);
    text_string(out, ",\"mend\":");
    if (finding->mend == NULL) {
        text_string(out, "null");
    } else {
        escape_json(out, finding->mend);
    }
    text_string(out, "}\n");
}

static void add_row(const struct doctor_finding *finding, struct text *out)
{
    text_format(out, "%-5s  %s\n", level_name(finding->level), finding->what);
    if (finding->mend != NULL) {
        text_format(out, "         %s\n", finding->mend);
    }
}

static int tell(const struct request *request, const struct doctor_findings *findings)
{
    struct text words = TEXT_EMPTY;
    unsigned counts[DOCTOR_WRONG + 1] = {0};
    for (size_t i = 0; i < findings->count; i++) {
        counts[findings->items[i].level]++;
        (request->wants_json ? add_json : add_row)(&findings->items[i], &words);
    }
    if (!request->wants_json) {
        text_format(&words, "\n%u ok, %u notes, %u wrong: %s\n", counts[DOCTOR_OK],
                    counts[DOCTOR_NOTE], counts[DOCTOR_WRONG],
                    counts[DOCTOR_WRONG] == 0 ? "nothing that is needed is missing"
                                              : "mend that first");
    }
    const int written = write_out("doctor", &words);
    text_free(&words);
    return written != 0 || counts[DOCTOR_WRONG] > 0 ? EXIT_BROKEN : 0;
}

int verb_doctor(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    int code = 0;
    if (verb_begin(VERB_DOCTOR, argc, argv, arena, &request, NULL, &code)) {
        struct doctor_findings findings;
        const struct doctor_place place = {
            .root = "", .path = variable("PATH"), .locale = locale_words()};
        doctor_look(&place, arena, &findings);
        code = tell(&request, &findings);
    }
    arena_destroy(arena);
    return code;
}
