/* Times and settings as text, at the edges of what a script can say. */
#include "scenario/units.h"
#include "support.h"

#include "scenario/print.h"

static int64_t seconds(const char *text)
{
    int64_t us = -1;
    assert_null(units_seconds(text, strlen(text), &us));
    return us;
}

static int64_t duration(const char *text, int64_t bare_us)
{
    int64_t us = -1;
    assert_null(units_duration(text, strlen(text), bare_us, &us));
    return us;
}

static void seconds_are_read_to_the_microsecond(void **state)
{
    (void)state;
    assert_int_equal(seconds("0"), 0);
    assert_int_equal(seconds(".1"), 100000);
    assert_int_equal(seconds("0.000001"), 1);
    assert_int_equal(seconds("1.5000000000000000000000"), 1500000);
    assert_int_equal(seconds("1000000000"), SCENARIO_TIME_US_MAX);
    assert_int_equal(seconds("0.29"), 290000); /* 289999 with binary fractions */
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        ".",
                                        "1.",
                                        "1.2.3",
                                        "-1",
                                        "0.0000001",
                                        "1000000000.000001",
                                        "99999999999999999999999999"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t us = -1;
        assert_non_null(units_seconds(texts[i], strlen(texts[i]), &us));
        assert_int_equal(us, -1);
    }
}

static void durations_have_units(void **state)
{
    (void)state;
    assert_int_equal(duration("7us", 1), 7);
    assert_int_equal(duration("200ms", 1), 200000);
    assert_int_equal(duration("1.5s", 1), 1500000);
    assert_int_equal(duration("2min", 1), 120000000);
    assert_int_equal(duration("1h", 1), 3600000000);
    assert_int_equal(duration("0.00000001h", 1), 36);
    assert_int_equal(duration("60", 1000000), 60000000);
    assert_int_equal(duration("60", 1), 60);
}

static void a_duration_that_is_not_exact_is_refused(void **state)
{
    (void)state;
    int64_t us = -1;
    assert_non_null(units_duration("0.5us", 5, 1, &us));
    assert_non_null(units_duration("1.0005us", 8, 1, &us));
    assert_non_null(units_duration("5days", 5, 1, &us));
    assert_non_null(units_duration("ms", 2, 1, &us));
    assert_non_null(units_duration("277778h", 7, 1, &us));
}

static uint64_t setting(const char *name, const char *text)
{
    uint64_t value = 0;
    assert_null(units_setting(name, strlen(name), text, strlen(text), &value));
    return value;
}

static void settings_are_whole_numbers_and_times_for_us_fields(void **state)
{
    (void)state;
    assert_int_equal(setting("iss", "4294967295"), 4294967295);
    assert_int_equal(setting("iss", "0xfffffff0"), 0xfffffff0);
    assert_int_equal(setting("nagle", "off"), 0);
    assert_int_equal(setting("nagle", "true"), 1);
    assert_int_equal(setting("msl_us", "2min"), 120000000);
    assert_int_equal(setting("msl_us", "17"), 17);
    assert_int_equal(setting("congestion_control", "reno"), 0);
    assert_int_equal(setting("congestion_control", "cubic"), 1);
    assert_int_equal(setting("congestion_control", "1"), 1);
    assert_true(setting("big", "18446744073709551615") == UINT64_MAX);
}

static void a_setting_out_of_range_or_with_a_foreign_unit_is_refused(void **state)
{
    (void)state;
    uint64_t value = 7;
    assert_non_null(units_setting("mtu", 3, "2min", 4, &value));
    assert_non_null(units_setting("mtu", 3, "-1", 2, &value));
    assert_non_null(units_setting("mtu", 3, "0xg", 3, &value));
    assert_non_null(units_setting("mtu", 3, "", 0, &value));
    assert_non_null(units_setting("big", 3, "18446744073709551616", 20, &value));
    assert_non_null(units_setting("congestion_control", 18, "vegas", 5, &value));
    assert_non_null(units_setting("mtu", 3, "cubic", 5, &value));
    assert_int_equal(value, 7);
}

static void assert_printed(int64_t us, const char *as_seconds, const char *as_duration)
{
    struct text text = TEXT_EMPTY;
    scenario_print_seconds(&text, us);
    assert_string_equal(text_read(&text), as_seconds);
    text_clear(&text);
    scenario_print_duration(&text, us);
    assert_string_equal(text_read(&text), as_duration);
    text_free(&text);
}

static void times_print_in_the_shortest_exact_form(void **state)
{
    (void)state;
    assert_printed(0, "0", "0s");
    assert_printed(1, "0.000001", "1us");
    assert_printed(200000, "0.2", "200ms");
    assert_printed(1500000, "1.5", "1500ms");
    assert_printed(60000000, "60", "1min");
    assert_printed(90000000, "90", "90s");
    assert_printed(3600000000, "3600", "1h");
    assert_printed(SCENARIO_TIME_US_MAX, "1000000000", "1000000000s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_are_read_to_the_microsecond),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(durations_have_units),
        cmocka_unit_test(a_duration_that_is_not_exact_is_refused),
        cmocka_unit_test(settings_are_whole_numbers_and_times_for_us_fields),
        cmocka_unit_test(a_setting_out_of_range_or_with_a_foreign_unit_is_refused),
        cmocka_unit_test(times_print_in_the_shortest_exact_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
