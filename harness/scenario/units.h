/* Times, durations and settings as text: exact, in integers. */
#ifndef FINWAIT_SCENARIO_UNITS_H
#define FINWAIT_SCENARIO_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest time a script can speak of, about 31 years. */
#define SCENARIO_TIME_US_MAX ((int64_t)1000000000 * 1000000)

/* "1.5" (seconds) -> microseconds. NULL, or a static sentence saying what is wrong. */
const char *units_seconds(const char *text, size_t length, int64_t *us);

/* "200ms" "2min" "1.5s" "60" -> microseconds. Units: us ms s min h. A number without a unit counts
 * `bare_us` microseconds. NULL, or a static sentence saying what is wrong. */
const char *units_duration(const char *text, size_t length, int64_t bare_us, int64_t *us);

/* A setting's value: an integer (decimal or 0x hexadecimal), true, false, on or off; with a unit when
 * the setting's name ends in _us; of congestion_control the name of one. NULL, or a static sentence saying what is wrong. */
const char *units_setting(const char *name, size_t name_length, const char *text, size_t length,
                          uint64_t *value);

#endif
