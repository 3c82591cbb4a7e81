/* The catalogue of oracles as people read it. */
#include "base/text.h"
#include "oracle/oracle.h"

const char *oracle_level_name(enum oracle_level level)
{
    switch (level) {
    case ORACLE_MUST:
        return "MUST";
    case ORACLE_SHOULD:
        return "SHOULD";
    case ORACLE_PRACTICE:
        return "practice";
    case ORACLE_OURS:
        return "ours";
    }
    return "?";
}

void oracle_catalogue_print(struct text *out)
{
    size_t count;
    const struct oracle_description *const *catalogue = oracle_catalogue(&count);
    text_string(out, "| id | name | level | reference | what must hold |\n");
    text_string(out, "| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < count; i++) {
        const struct oracle_description *row = catalogue[i];
        text_format(out, "| %s | %s | %s | %s | %s |\n", row->id, row->name,
                    oracle_level_name(row->level), row->reference, row->statement);
    }
}
