/* Decimal text to microseconds and back to integers, without floating point. */
#include "scenario/units.h"

#include <string.h>

#include "scenario/characters.h"
#include "tcp/config.h"

struct unit {
    const char *name;
    int64_t us;
};

static const struct unit units[] = {
    {"us", 1}, {"ms", 1000}, {"s", 1000000}, {"min", 60000000}, {"h", (int64_t)3600000000},
};

static const char too_long[] = "a time beyond 1000000000 seconds";
static const char too_fine[] = "a time finer than a microsecond";

#define FRACTION_DIGITS_MAX 9 /* an hour's 3600000000 times 10^9 still fits */

/* The part behind the point, as microseconds. */
static const char *read_fraction(const char *digits, size_t count, int64_t scale, int64_t *us)
{
    while (count > 0 && digits[count - 1] == '0') {
        count--;
    }
    if (count > FRACTION_DIGITS_MAX) {
        return too_fine;
    }
    int64_t numerator = 0;
    int64_t denominator = 1;
    for (size_t i = 0; i < count; i++) {
        numerator = numerator * 10 + (digits[i] - '0');
        denominator *= 10;
    }
    if (numerator * scale % denominator != 0) {
        return too_fine;
    }
    *us = numerator * scale / denominator;
    return NULL;
}

/* Reads digits[.digits], each whole one `scale` microseconds. */
static const char *read_scaled(const char *text, size_t length, int64_t scale, int64_t *us)
{
    int64_t whole = 0;
    size_t i = 0;
    for (; i < length && text[i] != '.'; i++) {
        whole = whole * 10 + (text[i] - '0');
        if (whole > SCENARIO_TIME_US_MAX / scale) {
            return too_long;
        }
    }
    int64_t part = 0;
    if (i < length) {
        const char *wrong = read_fraction(text + i + 1, length - i - 1, scale, &part);
        if (wrong != NULL) {
            return wrong;
        }
    }
    if (whole * scale > SCENARIO_TIME_US_MAX - part) {
        return too_long;
    }
    *us = whole * scale + part;
    return NULL;
}

/* Length of the number in front: digits, or digits with one point between or before digits. */
static size_t number_length(const char *text, size_t length)
{
    size_t i = 0;
    while (i < length && is_digit(text[i])) {
        i++;
    }
    if (i + 1 < length && text[i] == '.' && is_digit(text[i + 1])) {
        i++;
        while (i < length && is_digit(text[i])) {
            i++;
        }
    }
    return i;
}

const char *units_seconds(const char *text, size_t length, int64_t *us)
{
    if (length == 0 || number_length(text, length) != length) {
        return "not a time in seconds";
    }
    return read_scaled(text, length, 1000000, us);
}

const char *units_duration(const char *text, size_t length, int64_t bare_us, int64_t *us)
{
    const size_t digits = number_length(text, length);
    if (digits == 0) {
        return "not a duration";
    }
    if (digits == length) {
        return read_scaled(text, digits, bare_us, us);
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strlen(units[i].name) == length - digits &&
            memcmp(units[i].name, text + digits, length - digits) == 0) {
            return read_scaled(text, digits, units[i].us, us);
        }
    }
    return "not a unit of time: us, ms, s, min or h";
}

static bool is_text(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

/* A plain integer of either base. False when it is none or too large. */
static bool read_integer(const char *text, size_t length, uint64_t *value)
{
    const bool is_hex = length > 2 && text[0] == '0' && text[1] == 'x';
    const uint64_t base = is_hex ? 16 : 10;
    uint64_t total = 0;
    if (length == 0) {
        return false;
    }
    for (size_t i = is_hex ? 2 : 0; i < length; i++) {
        const char c = text[i];
        const int digit = is_hex || is_digit(c) ? hex_digit(c) : -1;
        if (digit < 0 || total > (UINT64_MAX - (uint64_t)digit) / base) {
            return false;
        }
        total = total * base + (uint64_t)digit;
    }
    *value = total;
    return true;
}

/* Controllers go by their names, too. */
static const char *read_congestion_control(const char *text, size_t length, uint64_t *value)
{
    enum tcp_congestion_control control;
    if (!tcp_congestion_control_find(text, length, &control)) {
        return "there is no such congestion control: reno or cubic";
    }
    *value = control;
    return NULL;
}

const char *units_setting(const char *name, size_t name_length, const char *text, size_t length,
                          uint64_t *value)
{
    if (read_integer(text, length, value)) {
        return NULL;
    }
    if (is_text(text, length, "true") || is_text(text, length, "on")) {
        *value = 1;
        return NULL;
    }
    if (is_text(text, length, "false") || is_text(text, length, "off")) {
        *value = 0;
        return NULL;
    }
    if (is_text(name, name_length, "congestion_control")) {
        return read_congestion_control(text, length, value);
    }
    if (name_length < 3 || memcmp(name + name_length - 3, "_us", 3) != 0) {
        return "not a whole number";
    }
    int64_t us = 0;
    const char *wrong = units_duration(text, length, 1, &us);
    if (wrong == NULL) {
        *value = (uint64_t)us;
    }
    return wrong;
}
