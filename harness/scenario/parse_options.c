/* TCP options between angle brackets. */
#include <string.h>

#include "scenario/characters.h"
#include "scenario/names.h"
#include "scenario/parser.h"
#include "tcp/segment.h"

static const char *const option_words[] = {"nop", "eol", "mss",   "wscale", "sackOK", "sack",
                                           "TS",  "FO",  "FOEXP", "md5",    "ECN",    "octets"};
#define OPTION_WORD_COUNT (sizeof option_words / sizeof option_words[0])
#define ECN_COUNT_MAX     0xffffff

static bool at_blob(const struct parser *parser)
{
    const enum token_kind kind = parser->token.kind;
    return kind == TOKEN_INTEGER || kind == TOKEN_HEX || kind == TOKEN_WORD;
}

/* A capitalized word may be a name that waits for a definition. */
static bool at_symbol(const struct parser *parser)
{
    return parser->token.kind == TOKEN_WORD && parser->token.text[0] >= 'A' &&
           parser->token.text[0] <= 'Z';
}

static bool is_hex_text(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (hex_digit(text[i]) < 0) {
            return false;
        }
    }
    return length % 2 == 0;
}

/* Octets as hexadecimal digits. */
static bool parse_blob(struct parser *parser, struct scenario_option *out, size_t bytes_max,
                       bool may_be_symbol)
{
    const struct token token = parser->token;
    const size_t skip = token.kind == TOKEN_HEX ? 2 : 0;
    const char *text = token.text + skip;
    const size_t length = token.length - skip;
    if (!is_hex_text(text, length)) {
        if (!may_be_symbol || !at_symbol(parser)) {
            return parser_fail(parser, token.span, "these are not pairs of hexadecimal digits",
                               "octets such as 3021b9d889017eeb");
        }
        out->symbol = token_copy(parser->arena, &token);
        parser_advance(parser);
        return true;
    }
    if (length / 2 > bytes_max) {
        return parser_fail(parser, token.span, "more octets than the option can hold", NULL);
    }
    for (size_t i = 0; i < length; i += 2) {
        out->bytes[i / 2] = (uint8_t)(hex_digit(text[i]) * 16 + hex_digit(text[i + 1]));
    }
    out->byte_count = (uint8_t)(length / 2);
    parser_advance(parser);
    return true;
}

static bool parse_sack(struct parser *parser, struct scenario_option *out)
{
    while (parser_at_number(parser)) {
        if (out->sack_count == TCP_SACK_BLOCKS_MAX) {
            return parser_fail(parser, parser->token.span, "a fifth SACK block", "at most four");
        }
        struct scenario_sack_block *block = &out->sack[out->sack_count++];
        if (!parse_number(parser, &block->left) || !parser_expect(parser, ":") ||
            !parse_number(parser, &block->right)) {
            return false;
        }
    }
    return true;
}

static bool parse_timestamp(struct parser *parser, const char *name, uint32_t *out, bool *is_any)
{
    int64_t value = 0;
    if (!parser_expect(parser, name)) {
        return false;
    }
    if (parser->token.kind == TOKEN_ELLIPSIS) {
        *is_any = true;
        parser_advance(parser);
        return true;
    }
    if (!parser_integer(parser, "a timestamp", (int64_t)UINT32_MAX, &value)) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

static bool parse_timestamps(struct parser *parser, enum scenario_direction direction,
                             struct scenario_option *out)
{
    const struct source_span start = parser->token.span;
    if (!parse_timestamp(parser, "val", &out->number, &out->any_value) ||
        !parse_timestamp(parser, "ecr", &out->echo, &out->any_echo)) {
        return false;
    }
    if (direction == SCENARIO_INBOUND && (out->any_value || out->any_echo)) {
        return parser_fail(parser, parser_span(parser, start),
                           "an inbound packet must say its timestamps", NULL);
    }
    return true;
}

static bool parse_count(struct parser *parser, const char *name, int64_t *out)
{
    return !parser_take(parser, name) ||
           parser_integer(parser, "an ECN byte count", ECN_COUNT_MAX, out);
}

/* ECN e0b N [ceb N [e1b N]], or with e1b first. */
static bool parse_accurate_ecn(struct parser *parser, struct scenario_option *out)
{
    out->ecn_e1b_first = parser_at(parser, "e1b");
    if (!out->ecn_e1b_first && !parser_at(parser, "e0b")) {
        return parser_unexpected(parser, "e0b or e1b");
    }
    int64_t *const first = out->ecn_e1b_first ? &out->ecn_e1b : &out->ecn_e0b;
    int64_t *const last = out->ecn_e1b_first ? &out->ecn_e0b : &out->ecn_e1b;
    if (!parse_count(parser, out->ecn_e1b_first ? "e1b" : "e0b", first) ||
        !parse_count(parser, "ceb", &out->ecn_ceb)) {
        return false;
    }
    return out->ecn_ceb < 0 || parse_count(parser, out->ecn_e1b_first ? "e0b" : "e1b", last);
}

static bool parse_md5(struct parser *parser, struct scenario_option *out)
{
    if (parser_take(parser, "valid")) {
        out->is_valid = true;
        return true;
    }
    return at_blob(parser) ? parse_blob(parser, out, 16, true)
                           : parser_unexpected(parser, "a digest in hexadecimal, or valid");
}

/* A kind by its number: "254 f989abcd", "30", and with a length octet of our choice "2 05b4 length
 * 5". */
static bool parse_raw_option(struct parser *parser, struct scenario_option *out)
{
    int64_t number = 0;
    out->kind = SCENARIO_OPTION_RAW;
    if (!parser_integer(parser, "an option's kind", UINT8_MAX, &number)) {
        return false;
    }
    out->raw_kind = (uint8_t)number;
    if (at_blob(parser) && !parser_at(parser, "length") &&
        !parse_blob(parser, out, sizeof out->bytes - 2, false)) {
        return false;
    }
    out->raw_length = (uint8_t)(out->byte_count + 2);
    if (!parser_take(parser, "length")) {
        return true;
    }
    out->has_raw_length = parser_integer(parser, "a length octet", UINT8_MAX, &number);
    out->raw_length = (uint8_t)number;
    return out->has_raw_length;
}

static bool parse_option_number(struct parser *parser, const char *what, int64_t max,
                                struct scenario_option *out)
{
    int64_t number = 0;
    if (at_symbol(parser)) {
        out->symbol = token_copy(parser->arena, &parser->token);
        parser_advance(parser);
        return true;
    }
    if (!parser_integer(parser, what, max, &number)) {
        return false;
    }
    out->number = (uint32_t)number;
    return true;
}

/* What follows the option's name. */
static bool parse_option_value(struct parser *parser, enum scenario_direction direction,
                               struct scenario_option *out)
{
    switch (out->kind) {
    case SCENARIO_OPTION_NOP:
    case SCENARIO_OPTION_EOL:
    case SCENARIO_OPTION_SACK_PERMITTED:
    case SCENARIO_OPTION_RAW:
        return true;
    case SCENARIO_OPTION_MSS:
        return parse_option_number(parser, "an MSS", UINT16_MAX, out);
    case SCENARIO_OPTION_WINDOW_SCALE:
        return parse_option_number(parser, "a window shift", UINT8_MAX, out);
    case SCENARIO_OPTION_SACK:
        return parse_sack(parser, out);
    case SCENARIO_OPTION_TIMESTAMPS:
        return parse_timestamps(parser, direction, out);
    case SCENARIO_OPTION_FAST_OPEN:
    case SCENARIO_OPTION_FAST_OPEN_EXPERIMENTAL:
        return !at_blob(parser) || parse_blob(parser, out, sizeof out->bytes - 4, true);
    case SCENARIO_OPTION_MD5:
        return parse_md5(parser, out);
    case SCENARIO_OPTION_ACCURATE_ECN:
        return parse_accurate_ecn(parser, out);
    case SCENARIO_OPTION_OCTETS:
        return at_blob(parser) ? parse_blob(parser, out, sizeof out->bytes, false)
                               : parser_unexpected(parser, "octets in hexadecimal");
    }
    return false;
}

static bool parse_option(struct parser *parser, enum scenario_direction direction,
                         struct scenario_option *out)
{
    const struct token name = parser->token;
    out->ecn_e0b = out->ecn_e1b = out->ecn_ceb = -1;
    bool is_good = false;
    static const char *const reserved[] = {"gen", "exp"};
    if (parser_reserved(parser, reserved, sizeof reserved / sizeof reserved[0])) {
        return false;
    }
    if (name.kind == TOKEN_INTEGER) {
        is_good = parse_raw_option(parser, out);
    } else {
        size_t kind = 0;
        while (kind < OPTION_WORD_COUNT && !token_is(&name, option_words[kind])) {
            kind++;
        }
        if (kind == OPTION_WORD_COUNT) {
            return parser_unknown(parser, "TCP option", &name, option_words, OPTION_WORD_COUNT);
        }
        out->kind = (enum scenario_option_kind)kind;
        parser_advance(parser);
        is_good = parse_option_value(parser, direction, out);
    }
    out->span = parser_span(parser, name.span);
    return is_good;
}

/* Octets that an option takes in the header. */
static size_t option_bytes(const struct scenario_option *option)
{
    switch (option->kind) {
    case SCENARIO_OPTION_NOP:
    case SCENARIO_OPTION_EOL:
        return 1;
    case SCENARIO_OPTION_MSS:
        return 4;
    case SCENARIO_OPTION_WINDOW_SCALE:
        return 3;
    case SCENARIO_OPTION_SACK_PERMITTED:
        return 2;
    case SCENARIO_OPTION_SACK:
        return 2 + (size_t)option->sack_count * 8;
    case SCENARIO_OPTION_TIMESTAMPS:
        return 10;
    case SCENARIO_OPTION_FAST_OPEN:
    case SCENARIO_OPTION_RAW:
        return 2 + (size_t)option->byte_count;
    case SCENARIO_OPTION_FAST_OPEN_EXPERIMENTAL:
        return 4 + (size_t)option->byte_count;
    case SCENARIO_OPTION_OCTETS:
        return option->byte_count;
    case SCENARIO_OPTION_MD5:
        return option->is_valid ? 18 : 2 + (size_t)option->byte_count;
    case SCENARIO_OPTION_ACCURATE_ECN:
        return 2 + 3 * ((option->ecn_e0b >= 0 ? 1u : 0u) + (option->ecn_e1b >= 0 ? 1u : 0u) +
                        (option->ecn_ceb >= 0 ? 1u : 0u));
    }
    return 0;
}

static bool parse_option_list(struct parser *parser, enum scenario_direction direction,
                              struct scenario_tcp *out)
{
    struct list options = {0};
    size_t bytes = 0;
    do {
        struct scenario_option *option = list_add(parser->arena, &options, sizeof *option);
        if (!parse_option(parser, direction, option)) {
            return false;
        }
        bytes += option_bytes(option);
        if (bytes > TCP_OPTION_BYTES_MAX) {
            return parser_fail(parser, option->span, "these options do not fit a TCP header",
                               "at most 40 octets of options");
        }
    } while (parser_take(parser, ","));
    out->options = options.items;
    out->option_count = options.count;
    return true;
}

bool parse_tcp_options(struct parser *parser, enum scenario_direction direction,
                       struct scenario_tcp *out)
{
    const struct source_span start = parser->token.span;
    parser_advance(parser);
    out->says_options = true;
    if (parser->token.kind == TOKEN_ELLIPSIS) {
        if (direction == SCENARIO_INBOUND) {
            return parser_fail(parser, parser->token.span,
                               "<...> can only be used with outbound packets", NULL);
        }
        parser_advance(parser);
        out->any_options = true;
    } else if (!parser_at(parser, ">") && !parse_option_list(parser, direction, out)) {
        return false;
    }
    if (!parser_take(parser, ">")) {
        return parser_unexpected(parser, "',' and another option, or '>'");
    }
    out->options_span = parser_span(parser, start);
    return true;
}
