/* Classes of characters, the same in every locale. */
#ifndef FINWAIT_SCENARIO_CHARACTERS_H
#define FINWAIT_SCENARIO_CHARACTERS_H

#include <stdbool.h>

static inline bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* Part of a word: a letter, a digit or an underscore. */
static inline bool is_word(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26 || is_digit(c) || c == '_';
}

static inline bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The value of a hexadecimal digit, or -1. */
static inline int hex_digit(char c)
{
    if (is_digit(c)) {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

#endif
