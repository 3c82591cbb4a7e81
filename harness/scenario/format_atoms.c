/* Source -> atoms, and the rules for spaces: one function for each kind of statement. */
#include "scenario/format_atoms.h"

#include <string.h>

#include "scenario/characters.h"

/* ---- splitting ------------------------------------------------------------------------------------ */

static char peek(const struct atom_walk *walk, uint32_t distance)
{
    const uint32_t at = walk->at + distance;
    return at < walk->source->to ? walk->source->text[at] : '\0';
}

static bool at_comment(const struct atom_walk *walk)
{
    return walk->comment < walk->source->comment_count &&
           walk->source->comments[walk->comment].span.offset == walk->at;
}

static bool is_bracket(char c)
{
    return c != '\0' && strchr("()[]{}", c) != NULL;
}

static bool is_mark(const struct atom_walk *walk)
{
    const char c = peek(walk, 0);
    if (c == '!') {
        return walk->context == ATOMS_OWN && peek(walk, 1) == '=';
    }
    if (c == ':') {
        return walk->context == ATOMS_NOTE;
    }
    return is_bracket(c) || (c != '\0' && strchr(",<>=|", c) != NULL);
}

/* Bytes of a string at the reading point, 0 when it does not end on its line. */
static uint32_t string_length(const struct atom_walk *walk)
{
    for (uint32_t length = 1; peek(walk, length) != '\0'; length++) {
        const char c = peek(walk, length);
        if (c == '"') {
            return length + 1;
        }
        if (c == '\n') {
            return 0;
        }
        length += c == '\\' ? 1 : 0;
    }
    return 0;
}

/* Up to and including `end`, which the parser has seen. */
static uint32_t verbatim_length(const struct atom_walk *walk, const char *end)
{
    const bool is_command = end[0] == '`';
    uint32_t length = is_command ? 1 : 2;
    while (walk->at + length < walk->source->to) {
        const char c = peek(walk, length);
        if (c == end[0] && (is_command || peek(walk, length + 1) == end[1])) {
            return length + (is_command ? 1 : 2);
        }
        length += is_command && c == '\\' ? 2 : 1;
    }
    return walk->source->to - walk->at;
}

static bool ends_run(const struct atom_walk *walk)
{
    const char c = peek(walk, 0);
    return c == '\0' || is_space(c) || c == '\n' || c == '"' || c == '`' || is_mark(walk) ||
           at_comment(walk);
}

static void take_comment(struct atom_walk *walk, struct atom *atom)
{
    const struct script_comment *comment = &walk->source->comments[walk->comment++];
    atom->kind = ATOM_COMMENT;
    atom->length = comment->span.length;
    atom->ends_line = !comment->is_block || memchr(atom->text, '\n', comment->span.length) != NULL;
}

static void take_atom(struct atom_walk *walk, struct atom *atom)
{
    const char c = peek(walk, 0);
    const uint32_t string = c == '"' ? string_length(walk) : 0;
    const uint32_t start = walk->at;
    atom->text = walk->source->text + start;
    if (at_comment(walk)) {
        take_comment(walk, atom);
    } else if (string > 0) {
        atom->kind = ATOM_STRING;
        atom->length = string;
    } else if (c == '`' || (c == '%' && peek(walk, 1) == '{')) {
        atom->kind = ATOM_VERBATIM;
        atom->length = verbatim_length(walk, c == '`' ? "`" : "}%");
    } else if (is_mark(walk)) {
        const bool is_comparison =
            walk->context == ATOMS_OWN && !is_bracket(c) && c != ',' && peek(walk, 1) == '=';
        atom->kind = ATOM_MARK;
        atom->length = is_comparison ? 2 : 1;
    } else {
        atom->kind = ATOM_RUN;
        do {
            walk->at++;
        } while (!ends_run(walk));
        atom->length = walk->at - start;
    }
    walk->at = start + (uint32_t)atom->length;
}

static void skip_space(struct atom_walk *walk, struct atom *atom)
{
    while (is_space(peek(walk, 0)) || peek(walk, 0) == '\n') {
        atom->has_gap = true;
        atom->has_break = atom->has_break || peek(walk, 0) == '\n';
        walk->at++;
    }
}

/* ---- spaces --------------------------------------------------------------------------------------- */

static bool is(const struct atom *atom, char mark)
{
    return atom->kind == ATOM_MARK && atom->length == 1 && atom->text[0] == mark;
}

static bool is_one_of(const struct atom *atom, const char *marks)
{
    return atom->kind == ATOM_MARK && atom->length == 1 && strchr(marks, atom->text[0]) != NULL;
}

static bool is_run(const struct atom *atom, const char *text)
{
    return atom->kind == ATOM_RUN && atom->length == strlen(text) &&
           memcmp(atom->text, text, atom->length) == 0;
}

/* A sequence range, which its length in parentheses touches. */
static bool is_range(const struct atom *atom)
{
    const char *colon = atom->kind == ATOM_RUN ? memchr(atom->text, ':', atom->length) : NULL;
    return is_run(atom, "...") || (colon != NULL && colon != atom->text + atom->length - 1);
}

static bool space_in_packet(const struct atom_walk *walk, const struct atom *before,
                            const struct atom *next)
{
    if (walk->in_options) {
        if (before->opens || is(before, ',') || is(next, '>') || is(next, ',')) {
            return false;
        }
        return next->has_gap || next->kind == ATOM_COMMENT || before->kind == ATOM_COMMENT;
    }
    if (is_one_of(before, "<>") || is_one_of(next, "<>")) {
        return true;
    }
    if (is_one_of(before, "([") || is_one_of(next, ")],") || is(before, '=') || is(next, '=')) {
        return false;
    }
    if (is(next, '(') && (is_range(before) || (walk->depth == 0 && is_run(before, "raw")))) {
        return false;
    }
    const bool is_behind_bracket =
        walk->depth == 0 && is_one_of(before, ")]") && next->text[0] != ':';
    return is(before, ',') || is_behind_bracket || is(next, '[') || next->kind == ATOM_STRING ||
           next->has_gap || next->kind == ATOM_COMMENT;
}

static bool space_in_call(const struct atom_walk *walk, const struct atom *before,
                          const struct atom *next)
{
    if (walk->in_words) { /* (Resource temporarily unavailable) */
        return next->has_gap && !walk->begins_words && !is(next, ')');
    }
    if (walk->depth == 0 && (is(before, '=') || is(next, '='))) {
        return true;
    }
    if (is_one_of(before, "([{") || is_one_of(next, ")]}")) {
        return false;
    }
    if (walk->after_result) {
        return next->has_gap || is(next, '(') || next->kind == ATOM_COMMENT ||
               before->kind == ATOM_COMMENT;
    }
    if (is(next, ',') || is_one_of(before, "=|") || is_one_of(next, "=|")) {
        return false;
    }
    if (is(next, '(') && before->kind == ATOM_RUN) {
        return false;
    }
    if (before->kind == ATOM_STRING && next->kind == ATOM_RUN && next->text[0] == '.') {
        return false; /* "abc"... */
    }
    return is(before, ',') || next->has_gap || next->kind == ATOM_STRING ||
           next->kind == ATOM_COMMENT || before->kind == ATOM_COMMENT;
}

static bool space_in_own(const struct atom *before, const struct atom *next)
{
    if (is(next, ',') || is(before, '=') || is(next, '=')) {
        return false;
    }
    return is(before, ',') || before->kind == ATOM_MARK || next->kind == ATOM_MARK ||
           next->has_gap || next->kind == ATOM_COMMENT || before->kind == ATOM_COMMENT;
}

static bool space_in_note(const struct atom *before, const struct atom *next)
{
    if (is_one_of(next, ",():") || is(before, '(')) {
        return false;
    }
    return is_one_of(before, ",:") || next->has_gap || next->kind == ATOM_STRING ||
           next->kind == ATOM_COMMENT || before->kind == ATOM_COMMENT;
}

static bool space_between(const struct atom_walk *walk, const struct atom *before,
                          const struct atom *next)
{
    switch (walk->context) {
    case ATOMS_PACKET:
        return space_in_packet(walk, before, next);
    case ATOMS_CALL:
        return space_in_call(walk, before, next);
    case ATOMS_OWN:
        return space_in_own(before, next);
    case ATOMS_NOTE:
        return space_in_note(before, next);
    }
    return next->has_gap;
}

/* Takes note of brackets. */
static void pass(struct atom_walk *walk, struct atom *atom)
{
    const bool is_packet = walk->context == ATOMS_PACKET;
    walk->begins_words = walk->after_result && !walk->in_words && is(atom, '(');
    if (walk->begins_words || walk->in_words) {
        walk->in_words = !is(atom, ')');
        return;
    }
    if (is_packet && is(atom, '<') && walk->count > 0) {
        walk->in_options = atom->opens = true;
    } else if (is_packet && is(atom, '>') && walk->in_options) {
        walk->in_options = false;
        atom->closes = true;
    } else if (is_one_of(atom, "([{")) {
        atom->opens = true;
        walk->depth++;
    } else if (is_one_of(atom, ")]}")) {
        atom->closes = true;
        walk->depth -= walk->depth > 0 ? 1 : 0;
    } else if (walk->context == ATOMS_CALL && is(atom, '=') && walk->depth == 0) {
        walk->after_result = true;
    }
}

void atom_walk_start(struct atom_walk *walk, const struct atom_source *source,
                     enum atom_context context)
{
    *walk = (struct atom_walk){.source = source, .context = context, .at = source->from};
    while (walk->comment < source->comment_count &&
           source->comments[walk->comment].span.offset < source->from) {
        walk->comment++;
    }
}

static bool is_before_break(const struct atom_walk *walk)
{
    uint32_t distance = 0;
    while (peek(walk, distance) != '\n' && is_space(peek(walk, distance))) {
        distance++;
    }
    return peek(walk, distance) == '\n';
}

bool atom_walk_next(struct atom_walk *walk, struct atom *out)
{
    *out = (struct atom){0};
    skip_space(walk, out);
    if (walk->at >= walk->source->to) {
        return false;
    }
    take_atom(walk, out);
    out->needs_space = walk->count > 0 && space_between(walk, &walk->last, out);
    out->breaks_after = is_before_break(walk);
    pass(walk, out);
    walk->last = *out;
    walk->count++;
    return true;
}

size_t atoms_width(const char *text, size_t count)
{
    size_t width = 0;
    for (size_t i = 0; i < count; i++) {
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return width;
}
