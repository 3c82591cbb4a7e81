/* Arguments of a script's calls. */
#include <string.h>

#include "causes/reader.h"
#include "causes/words.h"

bool reader_is_word(const struct scenario_value *value, const char *word)
{
    return value->kind == SCENARIO_VALUE_WORD && strcmp(value->text, word) == 0;
}

bool reader_mentions(const struct scenario_value *value, const char *word)
{
    for (size_t i = 0; value->kind == SCENARIO_VALUE_OR && i < value->child_count; i++) {
        if (reader_is_word(&value->children[i], word)) {
            return true;
        }
    }
    return reader_is_word(value, word);
}

bool reader_no_cause(struct reader *reader, const struct scenario_call *call)
{
    return reader_refuse(reader, call->name_span, "no cause says this call of %s()", call->name);
}

/* ---- arguments ------------------------------------------------------------------------------------- */

bool reader_name_index(struct reader *reader, const char *word, struct source_span span,
                       uint8_t *out)
{
    uint8_t index;
    for (index = 0; index < CAUSE_NAMES; index++) {
        if (reader->names[index].word != NULL && strcmp(reader->names[index].word, word) == 0) {
            *out = index;
            return true;
        }
    }
    if (word[0] != 'c' || !cause_label_index(word, &index) || reader->names[index].word != NULL) {
        for (index = 0; index < CAUSE_NAMES && reader->names[index].word != NULL;) {
            index++;
        }
    }
    if (index == CAUSE_NAMES) {
        return reader_refuse(reader, span, "more names than the %d of causes", CAUSE_NAMES);
    }
    reader->names[index].word = word;
    *out = index;
    return true;
}

bool reader_name_of(struct reader *reader, const struct scenario_value *value, uint8_t *out)
{
    return value->kind == SCENARIO_VALUE_WORD
               ? reader_name_index(reader, value->text, value->span, out)
               : reader_refuse(reader, value->span, "a connection's name is expected here");
}

bool reader_descriptor_of(struct reader *reader, const struct scenario_value *value, uint8_t *out)
{
    for (uint8_t i = 0; value->kind == SCENARIO_VALUE_INTEGER && i < CAUSE_DESCRIPTORS; i++) {
        const struct reader_socket *const socket = &reader->sockets[i];
        if (socket->is_bound ? socket->name == value->integer : value->integer == i) {
            *out = i;
            return true;
        }
    }
    return reader_refuse(reader, value->span, "no cause has this descriptor");
}

/* A descriptor of a script keeps its number where there is room, and else takes one that is free. */
bool reader_bind_descriptor(struct reader *reader, const struct scenario_value *value, uint8_t *out)
{
    uint8_t index = 0;
    if (value->kind != SCENARIO_VALUE_INTEGER || value->integer < 0) {
        return reader_refuse(reader, value->span, "a descriptor is expected here");
    }
    while (index < CAUSE_DESCRIPTORS &&
           !(reader->sockets[index].is_bound && reader->sockets[index].name == value->integer)) {
        index++;
    }
    if (index == CAUSE_DESCRIPTORS && value->integer < CAUSE_DESCRIPTORS &&
        !reader->sockets[value->integer].is_bound) {
        index = (uint8_t)value->integer;
    }
    if (index == CAUSE_DESCRIPTORS) {
        for (index = 0; index < CAUSE_DESCRIPTORS && reader->sockets[index].is_bound;) {
            index++;
        }
    }
    if (index == CAUSE_DESCRIPTORS) {
        return reader_refuse(reader, value->span, "more descriptors than the %d of causes",
                             CAUSE_DESCRIPTORS);
    }
    reader->sockets[index] =
        (struct reader_socket){.is_bound = true, .name = value->integer, .life = READER_NO_LIFE};
    *out = index;
    return true;
}

/* The port of `...`, a number, htons(number) or {sin_port=...}. */
bool reader_port_of(struct reader *reader, const struct scenario_value *value, uint32_t usual,
                    uint32_t *out)
{
    *out = usual;
    if (value->kind == SCENARIO_VALUE_ELLIPSIS) {
        return true;
    }
    for (size_t i = 0; value->kind == SCENARIO_VALUE_STRUCT && i < value->child_count; i++) {
        const struct scenario_value *const field = &value->children[i];
        if (field->kind == SCENARIO_VALUE_FIELD && field->child_count > 0 &&
            strstr(field->text, "port") != NULL) {
            value = &field->children[field->child_count - 1];
            break;
        }
    }
    if (value->kind == SCENARIO_VALUE_STRUCT) {
        return true;
    }
    if (value->kind == SCENARIO_VALUE_CALL && value->child_count == 1) {
        value = &value->children[0];
    }
    if (value->kind != SCENARIO_VALUE_INTEGER || value->integer < 0 ||
        value->integer > UINT16_MAX) {
        return reader_refuse(reader, value->span, "a port is expected here");
    }
    *out = (uint32_t)value->integer;
    return true;
}

bool reader_count_of(struct reader *reader, const struct scenario_value *value, int64_t *out)
{
    if (value->kind != SCENARIO_VALUE_INTEGER || value->integer < 0 ||
        value->integer > CAUSE_WRITE_MAX) {
        return reader_refuse(reader, value->span, "0 to %d octets can be encoded", CAUSE_WRITE_MAX);
    }
    *out = value->integer;
    return true;
}

bool reader_flags_of(struct reader *reader, const struct scenario_value *value,
                     const struct cause_word *words, size_t count, uint32_t *out)
{
    static const char *const ignored[] = {"0", "PUSH", "MSG_NOSIGNAL"};
    const bool is_list = value->kind == SCENARIO_VALUE_OR;
    const size_t given = is_list ? value->child_count : 1;
    for (size_t i = 0; i < given; i++) {
        const struct scenario_value *const one = is_list ? &value->children[i] : value;
        bool is_known = one->kind == SCENARIO_VALUE_INTEGER && one->integer == 0;
        for (size_t j = 0; j < sizeof ignored / sizeof ignored[0]; j++) {
            is_known = is_known || reader_is_word(one, ignored[j]);
        }
        for (size_t j = 0; j < count; j++) {
            if (reader_is_word(one, words[j].word)) {
                *out |= words[j].value;
                is_known = true;
            }
        }
        if (!is_known) {
            return reader_refuse(reader, one->span, "no cause has this flag");
        }
    }
    return true;
}

struct cause_call *reader_add_call(struct reader *reader, enum cause_call_kind kind)
{
    struct cause_call *const call = &reader_add(reader, CAUSE_CALL)->as.call;
    call->kind = (uint8_t)kind;
    return call;
}
