/* Calls and values as canonical text. */
#include <inttypes.h>
#include <string.h>

#include "scenario/print.h"

void scenario_print_string(struct text *out, const char *bytes, size_t count)
{
    static const char plain[] = "\n\r\t\"\\";
    static const char letters[] = "nrt\"\\";
    text_string(out, "\"");
    for (size_t i = 0; i < count; i++) {
        const unsigned char c = (unsigned char)bytes[i];
        const char *escape = c == 0 ? NULL : strchr(plain, c);
        if (escape != NULL) {
            text_format(out, "\\%c", letters[escape - plain]);
        } else if (c < ' ' || c > '~') {
            text_format(out, "\\x%02x", c);
        } else {
            text_add(out, &bytes[i], 1);
        }
    }
    text_string(out, "\"");
}

static void print_children(struct text *out, const struct scenario_value *children, size_t count,
                           const char *separator)
{
    for (size_t i = 0; i < count; i++) {
        text_string(out, i == 0 ? "" : separator);
        scenario_print_value(out, &children[i]);
    }
}

/* name=value, or name(arguments)=value. */
static void print_field(struct text *out, const struct scenario_value *field)
{
    const size_t arguments = field->child_count - 1;
    text_string(out, field->text);
    if (arguments > 0) {
        text_string(out, "(");
        print_children(out, field->children, arguments, ", ");
        text_string(out, ")");
    }
    text_string(out, "=");
    scenario_print_value(out, &field->children[arguments]);
}

void scenario_print_value(struct text *out, const struct scenario_value *value)
{
    switch (value->kind) {
    case SCENARIO_VALUE_ELLIPSIS:
        text_string(out, "...");
        return;
    case SCENARIO_VALUE_INTEGER:
        if (value->is_hex && value->integer < 0) {
            text_format(out, "-0x%" PRIx64, (uint64_t)-value->integer);
        } else if (value->is_hex) {
            text_format(out, "0x%" PRIx64, (uint64_t)value->integer);
        } else {
            text_format(out, "%" PRId64, value->integer);
        }
        return;
    case SCENARIO_VALUE_WORD:
        text_string(out, value->text);
        return;
    case SCENARIO_VALUE_STRING:
        scenario_print_string(out, value->text, value->text_bytes);
        text_string(out, value->is_cut ? "..." : "");
        return;
    case SCENARIO_VALUE_OR:
        print_children(out, value->children, value->child_count, "|");
        return;
    case SCENARIO_VALUE_LIST:
        text_string(out, "[");
        print_children(out, value->children, value->child_count, ", ");
        text_string(out, "]");
        return;
    case SCENARIO_VALUE_STRUCT:
        text_string(out, "{");
        print_children(out, value->children, value->child_count, ", ");
        text_string(out, "}");
        return;
    case SCENARIO_VALUE_FIELD:
        print_field(out, value);
        return;
    case SCENARIO_VALUE_CALL:
        text_format(out, "%s(", value->text);
        print_children(out, value->children, value->child_count, ", ");
        text_string(out, ")");
        return;
    }
}

void scenario_print_call(struct text *out, const struct scenario_call *call)
{
    text_format(out, "%s(", call->name);
    print_children(out, call->arguments, call->argument_count, ", ");
    text_string(out, ") = ");
    scenario_print_value(out, &call->result);
    if (call->error != NULL) {
        text_format(out, " %s", call->error);
    }
    if (call->error_text != NULL) {
        text_format(out, " (%s)", call->error_text);
    }
    if (call->note != NULL) {
        text_format(out, " (%s)", call->note);
    }
}
