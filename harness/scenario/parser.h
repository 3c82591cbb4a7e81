/* What the files of the parser share. Each parse_* function reads one form from the current token
 * on and returns true; or it reports one error and returns false, and the statement is given up:
 * reading goes on at the next one. */
#ifndef FINWAIT_SCENARIO_PARSER_H
#define FINWAIT_SCENARIO_PARSER_H

#include "scenario/lexer.h"

/* Values inside values: deeper nesting is an error, so that the stack is bounded. */
#define PARSE_DEPTH_MAX 32

/* Text of one header around a packet. */
#define PARSE_HEADER_TEXT_MAX 512

/* A growing array in the arena. */
struct list {
    void *items;
    size_t count;
    size_t capacity;
};

struct parser {
    struct lexer lexer;
    struct token token;          /* the current one, not yet consumed */
    uint32_t previous_end;       /* offset behind the last consumed token */
    struct source_span previous; /* that token */
    uint32_t statement_start;    /* offset of the current statement */
    struct arena *arena;
    struct list diagnostics;
    bool stopped;  /* PARSE_DIAGNOSTICS_MAX errors: no more */
    bool in_group; /* between the braces of batch, any order, one of */
    struct list options, notes, events, statements, definitions;
    const char *start;
    struct source_span start_span;
    const char *init_command;
    const char *cleanup_command;
};

/* ---- parser.c ---------------------------------------------------------------------------------- */

void *list_add(struct arena *arena, struct list *list, size_t item_bytes);

void parser_advance(struct parser *parser);
bool parser_at(const struct parser *parser, const char *text);
/* Consumes the token if it is `text`. */
bool parser_take(struct parser *parser, const char *text);
/* Consumes it or reports that `text` was expected. */
bool parser_expect(struct parser *parser, const char *text);

/* From `start` to the end of the last consumed token. */
struct source_span parser_span(const struct parser *parser, struct source_span start);

/* Report an error and return false. */
bool parser_fail(struct parser *parser, struct source_span span, const char *message,
                 const char *expected);
/* At the current token, which is not what was expected. */
bool parser_unexpected(struct parser *parser, const char *expected);
/* A name that is none of `names`: says "unknown <what> 'x'", with did-you-mean. */
bool parser_unknown(struct parser *parser, const char *what, const struct token *token,
                    const char *const *names, size_t count);

/* If a form of README.md's section "Reserved" begins here with one of `words`: says so, true. */
bool parser_reserved(struct parser *parser, const char *const *words, size_t count);

/* A decimal or hexadecimal number from 0 to `max`; `what` names it in errors. */
bool parser_integer(struct parser *parser, const char *what, int64_t max, int64_t *out);

/* ---- one idea each ------------------------------------------------------------------------------- */

bool parse_option_line(struct parser *parser);
bool parse_note(struct parser *parser);
bool parser_at_note(const struct parser *parser);

bool parser_at_time(const struct parser *parser);
bool parse_time(struct parser *parser, struct scenario_time *out);
bool parse_time_end(struct parser *parser, struct scenario_time *out);
/* "60s", "200ms", "1.5": `bare_us` is what a number without unit counts. */
bool parse_duration(struct parser *parser, int64_t bare_us, int64_t *us);

bool parser_at_number(const struct parser *parser);
bool parse_number(struct parser *parser, struct scenario_number *out);

bool parse_packet(struct parser *parser, struct scenario_packet *out);
bool parse_ip_info(struct parser *parser, struct scenario_ip_info *out);
bool parse_encapsulations(struct parser *parser, struct list *list);
bool parse_psp(struct parser *parser, struct list *list);
bool parse_tcp(struct parser *parser, enum scenario_direction direction, struct scenario_tcp *out);
/* "1:1001(1000)" and its other spellings. */
bool parse_sequence(struct parser *parser, struct scenario_tcp *out);
bool parse_tcp_options(struct parser *parser, enum scenario_direction direction,
                       struct scenario_tcp *out);
/* From the type on. */
bool parse_icmp(struct parser *parser, struct scenario_icmp *out);
/* "from 192.0.2.9 to multicast", both optional. */
bool parse_places(struct parser *parser, struct scenario_packet *out);
/* raw(checksum=0x1234, offset=3): header fields that only malformed packets set. */
bool parse_raw(struct parser *parser, enum scenario_direction direction,
               struct scenario_raw_field **raw, size_t *count);

bool parse_value(struct parser *parser, struct scenario_value *out, unsigned depth);
/* Adjacent string literals, unescaped and joined. */
bool parse_strings(struct parser *parser, const char **text, size_t *count);
bool parse_call(struct parser *parser, struct scenario_call *out);

bool parser_at_edit(const struct parser *parser);
bool parse_edit(struct parser *parser, struct scenario_event *out);

/* `start established`, which stands before the first event. */
bool parse_start(struct parser *parser);

bool parser_at_own_statement(const struct parser *parser);
bool parse_own_statement(struct parser *parser, struct scenario_event *out);

#endif
