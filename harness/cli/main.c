/* finwait: finds the verb and lets it do the rest. */
#include "cli/verb_table.h"
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define VERBS_MAX 32

static int complain_of_verb(const char *word)
{
    const char *names[VERBS_MAX];
    size_t count = 0;
    const struct verb_row *rows = verb_rows(&count);
    for (size_t i = 0; i < count && i < VERBS_MAX; i++) {
        names[i] = rows[i].name;
    }
    (void)fprintf(stderr, "finwait: unknown verb \"%s\"", word);
    const char *near = diagnostic_nearest(word, names, count < VERBS_MAX ? count : VERBS_MAX);
    if (word[0] == '-') {
        (void)fputs(": the verb comes first, then its options", stderr);
    } else if (near != NULL) {
        (void)fprintf(stderr, "; did you mean \"%s\"?", near);
    } else if (access(word, F_OK) == 0) {
        (void)fprintf(stderr, "; did you mean \"finwait run %s\"?", word);
    }
    (void)fputs("\nTry \"finwait help\".\n", stderr);
    return EXIT_USAGE;
}

/* Verbs that are written like options, too. */
static const char *verb_of_option(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        return "help";
    }
    return strcmp(word, "--version") == 0 ? "version" : word;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fputs("finwait: no verb\nTry \"finwait help\".\n", stderr);
        return EXIT_USAGE;
    }
    const struct verb_row *verb = verb_find(verb_of_option(argv[1]));
    return verb != NULL ? verb->run(argc - 1, argv + 1) : complain_of_verb(argv[1]);
}
