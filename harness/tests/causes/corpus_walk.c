/* See corpus_walk.h. */
#include "corpus_walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void visit_file(struct arena *arena, const char *path, corpus_visit *visit, void *context)
{
    char *script = NULL;
    size_t bytes = 0;
    FILE *const file = fopen(path, "r");
    assert_non_null(file);
    (void)getdelim(&script, &bytes, EOF, file);
    (void)fclose(file);
    visit(context, arena, path, script);
    free(script);
}

void corpus_walk(struct arena *arena, const char *folder, corpus_visit *visit, void *context)
{
    struct dirent **entries;
    const int entry_count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < entry_count; i++) {
        const char *const name = entries[i]->d_name;
        const char *const path = arena_format(arena, "%s/%s", folder, name);
        const size_t length = strlen(name);
        if (entries[i]->d_type == DT_DIR && name[0] != '.') {
            corpus_walk(arena, path, visit, context);
        } else if (length > 4 && strcmp(name + length - 4, ".pkt") == 0) {
            visit_file(arena, path, visit, context);
        }
        free(entries[i]);
    }
    free(entries);
}
