/* Sums of verdicts, and how they are shown. */
#include "oracle/counts.h"

#include <assert.h>
#include <inttypes.h>

#include "base/text.h"

void oracle_counts_add(struct oracle_counts *counts, const struct oracle_set *set)
{
    size_t rows;
    (void)oracle_catalogue(&rows);
    assert(rows <= ORACLE_COUNTS_MAX);
    for (size_t row = 0; row < rows; row++) {
        counts->of[row] += oracle_set_evaluations(set, row);
    }
}

void oracle_counts_sum(struct oracle_counts *counts, const struct oracle_counts *other)
{
    for (size_t row = 0; row < ORACLE_COUNTS_MAX; row++) {
        counts->of[row] += other->of[row];
    }
}

void oracle_counts_print(const struct oracle_counts *counts, struct text *out)
{
    size_t rows;
    const struct oracle_description *const *const catalogue = oracle_catalogue(&rows);
    text_string(out, "verdicts, by oracle:\n");
    for (size_t row = 0; row < rows; row++) {
        text_format(out, "  %s %-35s %14" PRIu64 "\n", catalogue[row]->id, catalogue[row]->name,
                    counts->of[row]);
    }
}

void oracle_counts_json(const struct oracle_counts *counts, struct text *out)
{
    size_t rows;
    const struct oracle_description *const *const catalogue = oracle_catalogue(&rows);
    text_string(out, "{\"type\":\"oracles\",\"evaluations\":{");
    for (size_t row = 0; row < rows; row++) {
        text_format(out, "%s\"%s\":%" PRIu64, row == 0 ? "" : ",", catalogue[row]->id,
                    counts->of[row]);
    }
    text_string(out, "}}\n");
}
