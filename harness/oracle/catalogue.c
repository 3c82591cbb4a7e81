/* The catalogue of oracles as people read it. */
#include "base/text.h"
#include "oracle/oracle_table.h"

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

const char *oracle_cost_name(enum oracle_cost cost)
{
    switch (cost) {
    case ORACLE_COST_CONSTANT:
        return "constant";
    case ORACLE_COST_OCTETS:
        return "octets";
    case ORACLE_COST_RANGES:
        return "ranges";
    case ORACLE_COST_BATCH:
        return "batch";
    case ORACLE_COST_LIVES:
        return "connections";
    case ORACLE_COST_HOST:
        return "host";
    case ORACLE_COST_RUN:
        return "run";
    }
    return "?";
}

/* Which records it is shown, in the order of enum oracle_sees. */
static void print_sees(uint32_t sees, struct text *out)
{
    static const char *const names[ORACLE_SEES_COUNT] = {
        "sent", "sent", "sent", "sent", "sent", "given", "call", "result", "state", "step", "drain",
    };
    const char *last = "";
    for (size_t i = 0; i < ORACLE_SEES_COUNT; i++) {
        if ((sees & 1u << i) != 0 && names[i] != last) {
            text_format(out, "%s%s", last[0] == '\0' ? "" : " ", names[i]);
            last = names[i];
        }
    }
    text_string(out, sees == 0 ? "reported" : "");
}

/* What no record shows, and one host does not either, a script of one host cannot tell. */
static const char *where_judged(const struct oracle *oracle)
{
    const bool is_for_both = oracle->sees == 0 && oracle->description.needs_both;
    return is_for_both ? "simulation" : "scripts, simulation";
}

void oracle_catalogue_print(struct text *out)
{
#define ORACLE_POINTER(name) &oracle_##name,
    static const struct oracle *const oracles[] = {ORACLE_TABLE(ORACLE_POINTER)};
#undef ORACLE_POINTER
    text_string(
        out,
        "| id | name | level | reference | what must hold | reads | sees | judged in | cost |\n");
    text_string(out, "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof oracles / sizeof *oracles; i++) {
        const struct oracle_description *row = &oracles[i]->description;
        text_format(out, "| %s | %s | %s | %s | %s | %s | ", row->id, row->name,
                    oracle_level_name(row->level), row->reference, row->statement,
                    row->reads == NULL ? "" : row->reads);
        print_sees(oracles[i]->sees, out);
        text_format(out, " | %s | %s |\n", where_judged(oracles[i]), oracle_cost_name(row->cost));
    }
}
