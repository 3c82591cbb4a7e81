/* finwait(1): what help says, in the order of manual pages. */
#include "cli/manual.h"

#include "cli/option_table.h"
#include "cli/verb_table.h"

#include <stdbool.h>
#include <string.h>

/* Words as roff must have them: a backslash, a hyphen that is one, and no request at the begin of a
 * line. */
static void add_words(struct text *out, const char *words, size_t count)
{
    bool is_line_start = true;
    for (size_t i = 0; i < count; i++) {
        if (is_line_start && (words[i] == '.' || words[i] == '\'')) {
            text_string(out, "\\&");
        }
        if (words[i] == '\\') {
            text_string(out, "\\e");
        } else if (words[i] == '-') {
            text_string(out, "\\-");
        } else {
            text_add(out, words + i, 1);
        }
        is_line_start = words[i] == '\n';
    }
}

static void add_string(struct text *out, const char *words)
{
    add_words(out, words, strlen(words));
}

/* A paragraph, an empty line between it and the next becoming .PP. */
static void add_description(struct text *out, const char *words)
{
    while (*words != '\0') {
        const size_t length = strcspn(words, "\n");
        if (length == 0) {
            text_string(out, ".PP\n");
        } else {
            add_words(out, words, length);
            text_string(out, "\n");
        }
        words += length;
        words += *words == '\n';
    }
}

/* "  KEY  words" lines, those that go on indented further, as a list. */
static void add_list(struct text *out, const char *lines)
{
    for (const char *at = lines; *at != '\0';) {
        const size_t length = strcspn(at, "\n");
        const size_t indent = strspn(at, " ");
        if (indent == 0) {
            text_string(out, ".PP\n");
            add_words(out, at, length);
        } else if (indent == 2) {
            const size_t key = strcspn(at + indent, " ");
            const char *rest = at + indent + key;
            text_string(out, ".TP\n.B ");
            add_words(out, at + indent, key);
            text_string(out, "\n");
            const size_t gap = strspn(rest, " ");
            add_words(out, rest + gap, length - indent - key - gap);
        } else {
            add_words(out, at + indent, length - indent);
        }
        text_string(out, "\n");
        at += length;
        at += *at == '\n';
    }
}

static void add_option(struct text *out, const struct option_row *row)
{
    text_string(out, ".TP\n");
    if (row->letter != 0) {
        text_format(out, "\\fB\\-%c\\fR, ", row->letter);
    }
    text_string(out, "\\fB\\-\\-");
    add_string(out, row->name);
    text_string(out, "\\fR");
    if (row->argument != NULL) {
        text_string(out, " \\fI");
        add_string(out, row->argument);
        text_string(out, "\\fR");
    }
    text_string(out, "\n");
    add_string(out, row->text);
    text_string(out, "\n");
}

static void add_verb(struct text *out, const struct verb_row *verb)
{
    text_string(out, ".SS \"finwait ");
    add_string(out, verb->name);
    text_format(out, " [OPTION]...%s", verb->arguments[0] == '\0' ? "" : " ");
    add_string(out, verb->arguments);
    text_string(out, "\"\n");
    add_description(out, verb->description);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if ((option_rows[i].verbs & verb->bit) != 0 && option_rows[i].id != OPTION_HELP) {
            add_option(out, &option_rows[i]);
        }
    }
}

void manual_print(const char *version, struct text *out)
{
    size_t count = 0;
    const struct verb_row *verbs = verb_rows(&count);
    text_format(out, ".TH FINWAIT 1 \"\" \"finwait %s\" \"User Commands\"\n", version);
    text_string(out, ".SH NAME\nfinwait \\- run TCP scripts against a stack in virtual time\n"
                     ".SH SYNOPSIS\n.B finwait\n.I VERB\n[\\fIOPTION\\fR]... [\\fIPATH\\fR]...\n"
                     ".SH DESCRIPTION\n"
                     "A script says what the network sends, what the application calls and what "
                     "must come out.\n.B finwait\n"
                     "runs it in virtual time against a TCP stack that does nothing by itself: "
                     "without\nroot, without a network, and twice with the same result.\n"
                     ".SH VERBS\n");
    for (size_t i = 0; i < count; i++) {
        add_verb(out, &verbs[i]);
    }
    text_string(out, ".PP\nEvery verb knows\n.BR \\-h ,\n.BR \\-\\-help .\n");
    struct text lines = TEXT_EMPTY;
    verb_exit_codes(&lines);
    text_string(out, ".SH EXIT STATUS\n");
    add_list(out, text_read(&lines));
    text_clear(&lines);
    verb_environment(&lines);
    text_string(out, ".SH ENVIRONMENT\n");
    add_list(out, text_read(&lines));
    text_free(&lines);
    text_string(out, ".SH EXAMPLES\n.nf\nfinwait run corpus\n"
                     "finwait run \\-\\-filter time\\-wait \\-\\-ladder corpus\n"
                     "finwait run \\-\\-rerun\\-failed\n"
                     "finwait states \\-\\-svg states.svg corpus\n.fi\n");
}
