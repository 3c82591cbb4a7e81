/* Completion scripts. Nothing in them runs finwait: what there is to be completed is written into
 * them. */
#include "cli/completion.h"

#include "cli/option_table.h"
#include "cli/verb_table.h"
#include "tcp/config.h"

#include <string.h>

/* "a|b|c" with something else between. */
static void add_choices(struct text *out, const char *choices)
{
    for (const char *at = choices; *at != '\0'; at++) {
        text_add(out, *at == '|' ? " " : at, 1);
    }
}

static void add_settings(struct text *out)
{
    size_t count = 0;
    const struct tcp_config_field *fields = tcp_config_fields(&count);
    for (size_t i = 0; i < count; i++) {
        text_format(out, "%s%s=", i == 0 ? "" : " ", fields[i].name);
    }
}

static void add_verb_names(struct text *out)
{
    size_t count = 0;
    const struct verb_row *rows = verb_rows(&count);
    for (size_t i = 0; i < count; i++) {
        text_format(out, "%s%s", i == 0 ? "" : " ", rows[i].name);
    }
}

/* What may follow a verb besides options and paths: "bash|zsh", the verbs after help, else NULL. */
static bool takes_paths(const struct verb_row *verb)
{
    return strcmp(verb->arguments, "PATH...") == 0;
}

/* Files of any name: captures, inputs. What a verb takes is a word in capitals, or choices. */
static bool takes_files(const struct verb_row *verb)
{
    return verb->arguments[0] >= 'A' && verb->arguments[0] <= 'Z' && !takes_paths(verb);
}

/* ---- bash ------------------------------------------------------------------------------------------ */

static void add_bash_values(struct text *out)
{
    text_string(out, "    case $previous in\n");
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        if (row->value == OPTION_VALUE_NONE) {
            continue;
        }
        text_format(out, "    --%s", row->name);
        if (row->letter != 0) {
            text_format(out, "|-%c", row->letter);
        }
        text_string(out, ")\n");
        if (row->choices != NULL) {
            text_string(out, "        COMPREPLY=($(compgen -W '");
            add_choices(out, row->choices);
            text_string(out, "' -- \"$word\"))\n");
        } else if (row->value == OPTION_VALUE_FILE) {
            text_string(out, "        compopt -o filenames 2>/dev/null\n"
                             "        COMPREPLY=($(compgen -f -- \"$word\"))\n");
        } else if (row->value == OPTION_VALUE_SETTING) {
            text_string(out, "        compopt -o nospace 2>/dev/null\n"
                             "        COMPREPLY=($(compgen -W '");
            add_settings(out);
            text_string(out, "' -- \"$word\"))\n");
        }
        text_string(out, "        return ;;\n");
    }
    text_string(out, "    esac\n");
}

static void add_bash_verb(struct text *out, const struct verb_row *verb)
{
    text_format(out, "    %s)\n        options='", verb->name);
    const char *between = "";
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if ((option_rows[i].verbs & verb->bit) != 0) {
            text_format(out, "%s--%s", between, option_rows[i].name);
            between = " ";
        }
    }
    text_string(out, "'\n");
    if (verb->bit == VERB_HELP) {
        text_string(out, "        words='");
        add_verb_names(out);
        text_string(out, "'\n");
    } else if (takes_paths(verb)) {
        text_string(out, "        paths='!*.pkt'\n");
    } else if (takes_files(verb)) {
        text_string(out, "        paths='!*'\n");
    } else {
        text_string(out, "        words='");
        add_choices(out, verb->arguments);
        text_string(out, "'\n");
    }
    text_string(out, "        ;;\n");
}

void completion_bash(struct text *out)
{
    text_string(out,
                "# Completion of finwait for bash.\n"
                "_finwait() {\n"
                "    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
                "    local options='' words='' paths=''\n"
                "    COMPREPLY=()\n"
                "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                "        COMPREPLY=($(compgen -W '");
    add_verb_names(out);
    text_string(out, "' -- \"$word\"))\n        return\n    fi\n");
    add_bash_values(out);
    text_string(out, "    case ${COMP_WORDS[1]} in\n");
    size_t count = 0;
    const struct verb_row *rows = verb_rows(&count);
    for (size_t i = 0; i < count; i++) {
        add_bash_verb(out, &rows[i]);
    }
    text_string(out, "    esac\n"
                     "    if [[ $word == -* ]]; then\n"
                     "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
                     "    elif [ -n \"$paths\" ]; then\n"
                     "        compopt -o filenames 2>/dev/null\n"
                     "        COMPREPLY=($(compgen -d -- \"$word\")"
                     " $(compgen -f -X \"$paths\" -- \"$word\"))\n"
                     "    else\n"
                     "        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                     "    fi\n"
                     "}\n"
                     "complete -F _finwait finwait\n");
}

/* ---- zsh ------------------------------------------------------------------------------------------- */

/* Words within single quotes, where zsh gives brackets and colons a meaning. */
static void add_zsh_words(struct text *out, const char *words)
{
    for (const char *at = words; *at != '\0'; at++) {
        if (*at == '\'') {
            text_string(out, "'\\''");
            continue;
        }
        if (strchr("[]:\\", *at) != NULL) {
            text_string(out, "\\");
        }
        text_add(out, at, 1);
    }
}

static void add_zsh_option(struct text *out, const struct option_row *row)
{
    text_format(out, "            '*--%s%s[", row->name,
                row->value == OPTION_VALUE_NONE ? "" : "=");
    add_zsh_words(out, row->text);
    text_string(out, "]");
    if (row->value != OPTION_VALUE_NONE) {
        text_format(out, ":%s:", row->argument[0] >= 'A' ? row->argument : "value");
    }
    if (row->choices != NULL) {
        text_string(out, "(");
        add_choices(out, row->choices);
        text_string(out, ")");
    } else if (row->value == OPTION_VALUE_FILE) {
        text_string(out, "_files");
    } else if (row->value == OPTION_VALUE_SETTING) {
        text_string(out, "(");
        add_settings(out);
        text_string(out, ")");
    }
    text_string(out, "' \\\n");
}

static void add_zsh_verb(struct text *out, const struct verb_row *verb)
{
    text_format(out, "    %s)\n        _arguments -s \\\n", verb->name);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if ((option_rows[i].verbs & verb->bit) != 0) {
            add_zsh_option(out, &option_rows[i]);
        }
    }
    if (takes_paths(verb)) {
        text_string(out, "            '*:script or folder:_files -g \"*.pkt\"'\n");
    } else if (takes_files(verb)) {
        text_string(out, "            '*:file:_files'\n");
    } else {
        text_string(out, "            '*:word:(");
        if (verb->bit == VERB_HELP) {
            add_verb_names(out);
        } else {
            add_choices(out, verb->arguments);
        }
        text_string(out, ")'\n");
    }
    text_string(out, "        ;;\n");
}

void completion_zsh(struct text *out)
{
    text_string(out, "#compdef finwait\n# Completion of finwait for zsh.\n_finwait() {\n"
                     "    local -a verbs\n    verbs=(\n");
    size_t count = 0;
    const struct verb_row *rows = verb_rows(&count);
    for (size_t i = 0; i < count; i++) {
        text_format(out, "        '%s:", rows[i].name);
        add_zsh_words(out, rows[i].summary);
        text_string(out, "'\n");
    }
    text_string(out, "    )\n    if (( CURRENT == 2 )); then\n        _describe verb verbs\n"
                     "        return\n    fi\n"
                     "    shift words\n    (( CURRENT-- ))\n    case $words[1] in\n");
    for (size_t i = 0; i < count; i++) {
        add_zsh_verb(out, &rows[i]);
    }
    text_string(out, "    esac\n}\n"
                     "if [ \"$funcstack[1]\" = _finwait ]; then\n    _finwait \"$@\"\n"
                     "else\n    compdef _finwait finwait\nfi\n");
}
