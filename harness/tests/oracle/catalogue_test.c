/* The catalogue: ids are unique and ordered, every row says what it is, and README.md shows the same
 * table. The framework: findings are kept up to a limit, records are looked at once. */
#include "build_trace.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void every_row_has_a_unique_id_and_says_what_it_is(void **state)
{
    (void)state;
    size_t count = 0;
    const struct oracle_description *const *catalogue = oracle_catalogue(&count);
    assert_true(count >= 25);
    for (size_t i = 0; i < count; i++) {
        const struct oracle_description *row = catalogue[i];
        assert_non_null(strchr("WTSLR", row->id[0]));
        assert_true(strlen(row->id) == 3 && isdigit((unsigned char)row->id[1]));
        assert_true(strlen(row->reference) > 0);
        assert_int_equal(row->statement[strlen(row->statement) - 1], '.');
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(row->id, catalogue[j]->id);
            assert_string_not_equal(row->name, catalogue[j]->name);
        }
    }
}

static void what_a_row_reads_are_fields_of_the_configuration(void **state)
{
    (void)state;
    size_t count = 0, fields = 0;
    const struct oracle_description *const *catalogue = oracle_catalogue(&count);
    const struct tcp_config_field *const known = tcp_config_fields(&fields);
    for (size_t i = 0; i < count; i++) {
        for (const char *at = catalogue[i]->reads; at != NULL && *at != '\0';) {
            const size_t length = strcspn(at, " ");
            size_t found = 0;
            for (size_t j = 0; j < fields; j++) {
                found += strlen(known[j].name) == length && memcmp(known[j].name, at, length) == 0;
            }
            assert_int_equal(found, 1);
            at += length + (at[length] == ' ');
        }
    }
}

/* Run from the top of the tree, as ctest does. */
static void read_file(const char *path, struct text *out)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char piece[4096];
    for (size_t count; (count = fread(piece, 1, sizeof piece, file)) > 0;) {
        text_add(out, piece, count);
    }
    assert_int_equal(fclose(file), 0);
}

static void the_readme_shows_the_catalogue(void **state)
{
    (void)state;
    struct text readme = TEXT_EMPTY;
    struct text table = TEXT_EMPTY;
    read_file("harness/oracle/README.md", &readme);
    oracle_catalogue_print(&table);
    if (strstr(text_read(&readme), text_read(&table)) == NULL) {
        (void)fprintf(stderr, "harness/oracle/README.md must contain:\n\n%s\n", text_read(&table));
        fail();
    }
    text_free(&readme);
    text_free(&table);
}

static void records_are_looked_at_once_and_findings_are_limited(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    for (size_t i = 0; i < 100; i++) {
        changed_state(scene, TCB_LISTEN, TCB_TIME_WAIT);
        oracle_set_observe(scene->set);
    }
    oracle_set_observe(scene->set);
    size_t count = 0;
    const struct oracle_finding *findings = oracle_set_findings(scene->set, &count);
    assert_int_equal(count, ORACLE_FINDINGS_MAX);
    assert_int_equal(findings[0].record, 0);
    assert_int_equal(findings[ORACLE_FINDINGS_MAX - 1].record, ORACLE_FINDINGS_MAX - 1);
    assert_string_equal(findings[0].detail, "LISTEN to TIME-WAIT");
    scene_close(scene);
}

static void an_empty_trace_has_nothing_to_judge(void **state)
{
    (void)state;
    struct scene *scene = scene_open(6);
    oracle_set_finish(scene->set);
    size_t count = 1;
    (void)oracle_set_findings(scene->set, &count);
    assert_int_equal(count, 0);
    size_t rows = 0;
    (void)oracle_catalogue(&rows);
    for (size_t i = 0; i <= rows; i++) {
        assert_int_equal(oracle_set_evaluations(scene->set, i), 0);
    }
    scene_close(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_a_unique_id_and_says_what_it_is),
        cmocka_unit_test(what_a_row_reads_are_fields_of_the_configuration),
        cmocka_unit_test(the_readme_shows_the_catalogue),
        cmocka_unit_test(records_are_looked_at_once_and_findings_are_limited),
        cmocka_unit_test(an_empty_trace_has_nothing_to_judge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
