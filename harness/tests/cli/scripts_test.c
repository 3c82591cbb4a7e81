/* Finding scripts, in a folder made for the purpose. */
#include "cli/scripts.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
    struct arena *arena;
    char start[256];
    char folder[64];
};

static void make_file(const char *path, const char *bytes)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(bytes, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* b.pkt a.pkt notes.txt .hidden.pkt deep/deeper/c.pkt empty/, as the current folder. */
static int enter_place(void **state)
{
    static struct place place;
    place.arena = arena_create();
    assert_non_null(getcwd(place.start, sizeof place.start));
    (void)snprintf(place.folder, sizeof place.folder, "/tmp/finwait-scripts-XXXXXX");
    assert_non_null(mkdtemp(place.folder));
    assert_int_equal(chdir(place.folder), 0);
    assert_int_equal(mkdir("deep", 0777) + mkdir("deep/deeper", 0777) + mkdir("empty", 0777), 0);
    make_file("b.pkt", "b");
    make_file("a.pkt", "a");
    make_file("notes.txt", "n");
    make_file(".hidden.pkt", "h");
    make_file(".pkt", "h");
    make_file("deep/deeper/c.pkt", "c");
    *state = &place;
    return 0;
}

static int leave_place(void **state)
{
    struct place *place = *state;
    static const char *const files[] = {"a.pkt",       "b.pkt", "notes.txt",
                                        ".hidden.pkt", ".pkt",  "deep/deeper/c.pkt"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)unlink(files[i]);
    }
    (void)unlink("deep/loop");
    (void)rmdir("deep/deeper");
    (void)rmdir("deep");
    (void)rmdir("empty");
    arena_destroy(place->arena);
    assert_int_equal(chdir(place->start), 0);
    return rmdir(place->folder);
}

static enum scripts_result find(struct place *place, const char *first, const char *second,
                                struct script_list *out, const char *expected_complaint)
{
    const char *const paths[] = {first, second};
    struct text complaint = TEXT_EMPTY;
    const enum scripts_result result =
        scripts_find(paths, second == NULL ? 1 : 2, place->arena, out, &complaint);
    assert_string_equal(text_read(&complaint), expected_complaint);
    text_free(&complaint);
    return result;
}

static void a_folder_gives_its_scripts_sorted_and_no_other_file(void **state)
{
    struct script_list list;
    assert_int_equal(find(*state, ".", NULL, &list, ""), SCRIPTS_FOUND);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.paths[0], "./a.pkt");
    assert_string_equal(list.paths[1], "./b.pkt");
    assert_string_equal(list.paths[2], "./deep/deeper/c.pkt");
    assert_string_equal(list.names[2], "deep/deeper/c.pkt");
}

static void a_file_that_is_named_needs_no_suffix(void **state)
{
    struct script_list list;
    assert_int_equal(find(*state, "notes.txt", NULL, &list, ""), SCRIPTS_FOUND);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.paths[0], "notes.txt");
}

static void several_paths_keep_their_order_and_their_names_apart(void **state)
{
    struct script_list list;
    assert_int_equal(find(*state, "deep/", "./a.pkt", &list, ""), SCRIPTS_FOUND);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.paths[0], "deep/deeper/c.pkt");
    assert_string_equal(list.names[0], "deep/deeper/c.pkt");
    assert_string_equal(list.paths[1], "./a.pkt");
    assert_string_equal(list.names[1], "a.pkt");
}

static void what_is_not_there_is_told(void **state)
{
    struct script_list list;
    assert_int_equal(find(*state, "a.pkt", "gone", &list, "gone: No such file or directory"),
                     SCRIPTS_MISSING);
}

static void a_folder_without_scripts_is_told(void **state)
{
    struct script_list list;
    assert_int_equal(find(*state, "empty", NULL, &list, "empty holds no scripts (*.pkt)"),
                     SCRIPTS_NONE);
}

static void a_loop_of_links_ends(void **state)
{
    struct script_list list;
    assert_int_equal(symlink("..", "deep/loop"), 0);
    assert_int_equal(find(*state, "deep/deeper", NULL, &list, ""), SCRIPTS_FOUND);
    assert_int_equal(find(*state, "deep", NULL, &list, ""), SCRIPTS_FOUND);
    assert_int_equal(list.count, 3); /* deeper/c.pkt, and a.pkt and b.pkt through the link */
}

static void reading_replaces_what_was_read_before(void **state)
{
    (void)state;
    struct text bytes = TEXT_EMPTY;
    assert_null(file_read("a.pkt", &bytes));
    assert_null(file_read("b.pkt", &bytes));
    assert_string_equal(text_read(&bytes), "b");
    assert_string_equal(file_read("gone", &bytes), strerror(ENOENT));
    assert_string_equal(file_read("deep", &bytes), strerror(EISDIR));
    text_free(&bytes);
}

static void what_is_no_regular_file_is_read_within_bounds_or_refused(void **state)
{
    (void)state;
    struct text bytes = TEXT_EMPTY;
    assert_int_equal(mkfifo("pipe.pkt", 0600), 0);
    assert_string_equal(file_read_regular("pipe.pkt", &bytes), "it is no regular file");
    assert_string_equal(file_read_regular("/dev/zero", &bytes), "it is no regular file");
    assert_string_equal(file_read_regular("deep", &bytes), strerror(EISDIR));
    assert_string_equal(file_read_regular("gone", &bytes), strerror(ENOENT));
    assert_null(file_read_regular("b.pkt", &bytes));
    assert_string_equal(text_read(&bytes), "b");
    assert_string_equal(file_read("/dev/zero", &bytes),
                        "it is no regular file and has more than 64 MiB");
    assert_null(file_read("/dev/null", &bytes));
    assert_int_equal(bytes.length, 0);
    assert_int_equal(unlink("pipe.pkt"), 0);
    text_free(&bytes);
}

static void a_pipe_is_read_to_its_end(void **state)
{
    (void)state;
    struct text bytes = TEXT_EMPTY;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "words", 5), 5);
    (void)close(ends[1]);
    char path[32];
    (void)snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_null(file_read(path, &bytes));
    assert_string_equal(text_read(&bytes), "words");
    (void)close(ends[0]);
    text_free(&bytes);
}

int main(void)
{
#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, enter_place, leave_place)
    const struct CMUnitTest tests[] = {
        IN_PLACE(a_folder_gives_its_scripts_sorted_and_no_other_file),
        IN_PLACE(a_file_that_is_named_needs_no_suffix),
        IN_PLACE(several_paths_keep_their_order_and_their_names_apart),
        IN_PLACE(what_is_not_there_is_told),
        IN_PLACE(a_folder_without_scripts_is_told),
        IN_PLACE(a_loop_of_links_ends),
        IN_PLACE(reading_replaces_what_was_read_before),
        IN_PLACE(what_is_no_regular_file_is_read_within_bounds_or_refused),
        IN_PLACE(a_pipe_is_read_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
