/* The fixed tables that causes name by index: four-tuples and prologues. */
#include "causes/encoding.h"

#include <string.h>

static const struct cause_ports pairs[CAUSE_PAIRS] = {
    {80, 8000}, {80, 8001}, {80, 8002}, {80, 8003}, {81, 8000}, {82, 8000}, {83, 8000}, {84, 8000},
};

static const char *const prologues[CAUSE_PROLOGUE_COUNT] = {
    "",        "established", "syn-received", "fin-wait-1", "fin-wait-2", "close-wait",
    "closing", "last-ack",    "time-wait",    "listen",     "syn-sent",
};

struct cause_ports cause_pair_ports(uint8_t pair)
{
    return pairs[pair % CAUSE_PAIRS];
}

const char *cause_prologue_name(uint8_t prologue)
{
    return prologue < CAUSE_PROLOGUE_COUNT ? prologues[prologue] : NULL;
}

bool cause_label_index(const char *label, uint8_t *out)
{
    const char *const digit = label[0] == 'c' ? label + 1 : label + 2;
    if ((label[0] != 'c' && strncmp(label, "fd", 2) != 0) || *digit < '0' ||
        *digit >= '0' + CAUSE_NAMES || digit[1] != '\0') {
        return false;
    }
    *out = (uint8_t)(*digit - '0');
    return true;
}
