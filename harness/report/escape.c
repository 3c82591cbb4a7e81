/* One loop over the characters of a string for all formats; what differs is how a character that
 * means something is written. */
#include "report/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

size_t utf8_length(const char *at)
{
    const unsigned char *octets = (const unsigned char *)at;
    const unsigned char first = octets[0];
    if (first < 0x80) {
        return first != 0;
    }
    const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) { /* a terminating zero ends this, too */
        if ((octets[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    const bool is_overlong =
        (first == 0xe0 && octets[1] < 0xa0) || (first == 0xf0 && octets[1] < 0x90);
    const bool is_surrogate = first == 0xed && octets[1] >= 0xa0;
    const bool is_beyond = first == 0xf4 && octets[1] >= 0x90;
    return is_overlong || is_surrogate || is_beyond ? 0 : length;
}

/* Adds one octet that means something to the format; false: it may stand as it is. */
typedef bool (*special)(struct text *out, unsigned char octet);

static void escape(struct text *out, const char *words, special is_special, const char *backslash)
{
    for (const char *at = words; *at != '\0';) {
        const size_t length = utf8_length(at);
        if (length == 0) {
            text_format(out, "%sx%02x", backslash, (unsigned char)*at);
            at += 1;
            continue;
        }
        if (length > 1 || !is_special(out, (unsigned char)*at)) {
            text_add(out, at, length);
        }
        at += length;
    }
}

/* ---- JSON and YAML --------------------------------------------------------------------------------- */

static bool add_json(struct text *out, unsigned char octet)
{
    switch (octet) {
    case '"':
    case '\\':
        text_format(out, "\\%c", octet);
        return true;
    case '\n':
        text_string(out, "\\n");
        return true;
    case '\t':
        text_string(out, "\\t");
        return true;
    case '\r':
        text_string(out, "\\r");
        return true;
    default:
        if (octet < ' ' || octet == 0x7f) {
            text_format(out, "\\u%04x", octet);
            return true;
        }
        return false;
    }
}

void escape_json(struct text *out, const char *words)
{
    text_string(out, "\"");
    escape(out, words, add_json, "\\\\");
    text_string(out, "\"");
}

void escape_yaml(struct text *out, const char *words)
{
    escape_json(out, words); /* a JSON string is a YAML string */
}

/* ---- XML ------------------------------------------------------------------------------------------- */

static bool add_xml_text(struct text *out, unsigned char octet)
{
    switch (octet) {
    case '<':
        text_string(out, "&lt;");
        return true;
    case '>':
        text_string(out, "&gt;"); /* as in "]]>" */
        return true;
    case '&':
        text_string(out, "&amp;");
        return true;
    case '"':
        text_string(out, "&quot;");
        return true;
    case '\r':
        text_string(out, "&#13;");
        return true;
    default:
        if ((octet < ' ' && octet != '\n' && octet != '\t') || octet == 0x7f) {
            text_format(out, "\\x%02x", octet); /* XML has no way to say them */
            return true;
        }
        return false;
    }
}

static bool add_xml_attribute(struct text *out, unsigned char octet)
{
    if (octet == '\n' || octet == '\t') {
        text_format(out, "&#%d;", octet);
        return true;
    }
    return add_xml_text(out, octet);
}

/* U+FFFE and U+FFFF are UTF-8, and no XML. */
static void escape_xml(struct text *out, const char *words, special is_special)
{
    const size_t start = out->length;
    escape(out, words, is_special, "\\");
    for (size_t i = start; i + 2 < out->length; i++) {
        unsigned char *at = (unsigned char *)out->bytes + i;
        if (at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe) {
            at[2] = 0xbd; /* the replacement character */
        }
    }
}

void escape_xml_attribute(struct text *out, const char *words)
{
    escape_xml(out, words, add_xml_attribute);
}

void escape_xml_text(struct text *out, const char *words)
{
    escape_xml(out, words, add_xml_text);
}

/* ---- GitHub ---------------------------------------------------------------------------------------- */

static bool add_github_message(struct text *out, unsigned char octet)
{
    if (octet == '%' || octet == '\n' || octet == '\r') {
        text_format(out, "%%%02X", octet);
        return true;
    }
    if ((octet < ' ' && octet != '\t') || octet == 0x7f) {
        text_format(out, "\\x%02x", octet);
        return true;
    }
    return false;
}

static bool add_github_property(struct text *out, unsigned char octet)
{
    if (octet == ':' || octet == ',') {
        text_format(out, "%%%02X", octet);
        return true;
    }
    return add_github_message(out, octet);
}

void escape_github_message(struct text *out, const char *words)
{
    escape(out, words, add_github_message, "\\");
}

void escape_github_property(struct text *out, const char *words)
{
    escape(out, words, add_github_property, "\\");
}

/* ---- a line ---------------------------------------------------------------------------------------- */

static bool add_line(struct text *out, unsigned char octet)
{
    if (octet < ' ' || octet == 0x7f) {
        text_format(out, "\\x%02x", octet);
        return true;
    }
    return false;
}

void escape_line(struct text *out, const char *words)
{
    escape(out, words, add_line, "\\");
}
