/* Time, action; one line when it fits, else the author's breaks with what goes on indented to the
 * bracket that it stands in. Groups have a line for each packet. */
#include "scenario/format_statement.h"

#include <string.h>

#include "scenario/characters.h"
#include "scenario/format_atoms.h"

#define BRACKETS_MAX 48 /* deeper ones count as the last: values nest at most 32 deep */

struct layout {
    const struct scenario *scenario;
    struct atom_source source; /* of the whole statement */
    struct text *out;
    size_t column; /* where what is written next stands */
};

static void add(struct layout *layout, const char *text, size_t count)
{
    const char *newline = memrchr(text, '\n', count);
    text_add(layout->out, text, count);
    if (newline == NULL) {
        layout->column += atoms_width(text, count);
    } else {
        layout->column = atoms_width(newline + 1, (size_t)(text + count - newline - 1));
    }
}

static void add_string(struct layout *layout, const char *text)
{
    add(layout, text, strlen(text));
}

static void break_line(struct layout *layout, size_t column)
{
    text_string(layout->out, "\n");
    format_indent(layout->out, column);
    layout->column = column;
}

/* ---- atoms in lines ------------------------------------------------------------------------------- */

/* What a bracket that is open does to lines that go on inside it. */
struct bracket {
    size_t column;   /* they begin here */
    bool is_hanging; /* nothing stood behind it on its line, so its partner goes back */
};

struct brackets {
    struct bracket open[BRACKETS_MAX];
    size_t depth;
    size_t line_column; /* where the current line begins */
};

static struct bracket *innermost(struct brackets *brackets)
{
    const size_t depth = brackets->depth < BRACKETS_MAX ? brackets->depth : BRACKETS_MAX - 1;
    return &brackets->open[depth];
}

/* Does the statement need more than one line? */
static bool needs_breaks(const struct atom_source *source, enum atom_context context, size_t column)
{
    struct atom_walk walk;
    struct atom atom;
    bool has_break = false;
    atom_walk_start(&walk, source, context);
    while (atom_walk_next(&walk, &atom)) {
        has_break = has_break || (walk.count > 1 && atom.has_break);
        if (atom.ends_line) {
            return true;
        }
        if (atom.kind == ATOM_VERBATIM && memchr(atom.text, '\n', atom.length) != NULL) {
            return false; /* it has its lines already */
        }
        column += atoms_width(atom.text, atom.length) + (atom.needs_space ? 1 : 0);
    }
    return has_break && column > FORMAT_WIDTH;
}

static void begin_line(struct layout *layout, struct brackets *brackets, const struct atom *atom)
{
    const struct bracket *bracket = innermost(brackets);
    const bool goes_back = atom->closes && bracket->is_hanging;
    brackets->line_column = bracket->column - (goes_back ? FORMAT_INDENT : 0);
    break_line(layout, brackets->line_column);
}

/* What the parser strips code of. */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void add_code(struct layout *layout, const struct atom *atom)
{
    const char *text = atom->text + 2;
    size_t length = atom->length - 4;
    if (atom->text[0] == '`' || memchr(atom->text, '\n', atom->length) != NULL) {
        add(layout, atom->text, atom->length);
        return;
    }
    for (; length > 0 && is_blank(text[0]); length--) {
        text++;
    }
    while (length > 0 && is_blank(text[length - 1])) {
        length--;
    }
    add_string(layout, "%{ ");
    add(layout, text, length);
    add_string(layout, length > 0 ? " }%" : "}%");
}

static void add_atom(struct layout *layout, const struct atom *atom)
{
    if (atom->kind == ATOM_VERBATIM) {
        add_code(layout, atom);
    } else {
        add(layout, atom->text, format_trimmed(atom->text, atom->length));
    }
}

static void pass_bracket(struct layout *layout, struct brackets *brackets, const struct atom *atom,
                         bool has_breaks)
{
    if (atom->opens) {
        const bool is_hanging = has_breaks && atom->breaks_after;
        brackets->depth++;
        *innermost(brackets) = (struct bracket){
            .column = is_hanging ? brackets->line_column + FORMAT_INDENT : layout->column,
            .is_hanging = is_hanging};
    } else if (atom->closes && brackets->depth > 0) {
        brackets->depth--;
    }
}

/* Adds the source between two offsets. */
static void add_atoms(struct layout *layout, uint32_t from, uint32_t to, enum atom_context context)
{
    struct atom_source source = layout->source;
    struct brackets brackets = {.line_column = layout->column};
    struct atom_walk walk;
    struct atom atom;
    bool must_break = false;
    source.from = from;
    source.to = to;
    brackets.open[0].column = layout->column + FORMAT_INDENT;
    const bool has_breaks = needs_breaks(&source, context, layout->column);
    atom_walk_start(&walk, &source, context);
    while (atom_walk_next(&walk, &atom)) {
        if (must_break || (has_breaks && walk.count > 1 && atom.has_break)) {
            begin_line(layout, &brackets, &atom);
        } else if (atom.needs_space) {
            add_string(layout, " ");
        }
        add_atom(layout, &atom);
        pass_bracket(layout, &brackets, &atom, has_breaks);
        must_break = atom.ends_line;
    }
}

/* ---- groups --------------------------------------------------------------------------------------- */

/* How far a group has been written. */
struct group {
    struct layout *layout;
    size_t comment; /* the next one */
    uint32_t line;  /* of the source, where the last thing ended */
};

static uint32_t end_of(const struct source_span *span)
{
    return span->offset + span->length;
}

static uint32_t last_line(struct layout *layout, const struct source_span *span)
{
    uint32_t line = span->line;
    for (uint32_t i = span->offset; i < end_of(span); i++) {
        line += layout->source.text[i] == '\n';
    }
    return line;
}

/* The comments that stand before `offset`: behind what they follow on its line, or on their own. */
static void add_comments(struct group *group, uint32_t offset)
{
    struct layout *layout = group->layout;
    const struct atom_source *source = &layout->source;
    const size_t column = FORMAT_ACTION_COLUMN + FORMAT_INDENT;
    for (; group->comment < source->comment_count &&
           source->comments[group->comment].span.offset < offset;
         group->comment++) {
        const struct script_comment *comment = &source->comments[group->comment];
        if (comment->span.line == group->line) {
            add_string(layout, "  ");
            add(layout, source->text + comment->span.offset,
                format_trimmed(source->text + comment->span.offset, comment->span.length));
        } else {
            break_line(layout, column);
            format_comment(source->text, comment, comment->span.column - 1, column, layout->out);
        }
        group->line = last_line(layout, &comment->span);
    }
}

static void add_packets(struct group *group, const struct scenario_event *event)
{
    struct layout *layout = group->layout;
    add_string(layout, "{");
    for (size_t i = 0; i < event->as.group.count; i++) {
        const struct source_span *span = &event->as.group.items[i].span;
        add_comments(group, span->offset);
        break_line(layout, FORMAT_ACTION_COLUMN + FORMAT_INDENT);
        add_atoms(layout, span->offset, end_of(span), ATOMS_PACKET);
        while (group->comment < layout->source.comment_count &&
               layout->source.comments[group->comment].span.offset < end_of(span)) {
            group->comment++;
        }
        group->line = last_line(layout, span);
    }
    const uint32_t end = event->kind == SCENARIO_ALTERNATIVE ? end_of(&event->span) : UINT32_MAX;
    add_comments(group, end);
    break_line(layout, FORMAT_ACTION_COLUMN);
    add_string(layout, "}");
}

/* The comments before `from` are written. */
static void add_group(struct layout *layout, const struct scenario_event *event, uint32_t from)
{
    struct group group = {.layout = layout, .line = event->span.line};
    while (group.comment < layout->source.comment_count &&
           layout->source.comments[group.comment].span.offset < from) {
        group.comment++;
    }
    if (event->kind == SCENARIO_BATCH || event->kind == SCENARIO_ANY_ORDER) {
        add_string(layout, event->kind == SCENARIO_BATCH ? "batch " : "in any order ");
        add_packets(&group, event);
        return;
    }
    add_string(layout, "one of ");
    for (size_t i = 0; i < event->as.group.count; i++) {
        const struct scenario_event *alternative = &event->as.group.items[i];
        add_string(layout, i == 0 ? "" : " or ");
        if (alternative->as.group.count == 0) {
            add_string(layout, "nothing");
        } else {
            add_packets(&group, alternative);
        }
    }
    add_comments(&group, UINT32_MAX); /* between the last } and nothing */
}

/* ---- statements ----------------------------------------------------------------------------------- */

/* The author's spelling, without the spaces that may stand between its parts; comments among them
 * come behind it. */
static void add_time(struct layout *layout, const struct source_span *span)
{
    const struct atom_source *source = &layout->source;
    size_t comment = 0;
    for (uint32_t i = span->offset; i < end_of(span);) {
        if (comment < source->comment_count && source->comments[comment].span.offset == i) {
            i += source->comments[comment++].span.length;
            continue;
        }
        if (!is_space(source->text[i])) {
            add(layout, source->text + i, 1);
        }
        i++;
    }
}

/* Where the next word begins, behind spaces and comments. */
static uint32_t next_word(const struct atom_source *source, uint32_t at)
{
    for (size_t i = 0;; at = end_of(&source->comments[i - 1].span)) {
        while (at < source->to && is_space(source->text[at])) {
            at++;
        }
        while (i < source->comment_count && source->comments[i].span.offset < at) {
            i++;
        }
        if (i == source->comment_count || source->comments[i++].span.offset != at) {
            return at;
        }
    }
}

/* Comments that stand before the action: in its time, behind it, and around its host. */
static void add_early_comments(struct layout *layout, uint32_t action)
{
    const struct atom_source *source = &layout->source;
    for (size_t i = 0; i < source->comment_count && source->comments[i].span.offset < action; i++) {
        const struct script_comment *comment = &source->comments[i];
        const char *text = source->text + comment->span.offset;
        add(layout, text, format_trimmed(text, comment->span.length));
        if (comment->is_block && memchr(text, '\n', comment->span.length) == NULL) {
            add_string(layout, " ");
        } else {
            break_line(layout, FORMAT_ACTION_COLUMN);
        }
    }
}

static enum atom_context context_of(const struct scenario_event *event)
{
    switch (event->kind) {
    case SCENARIO_PACKET:
        return ATOMS_PACKET;
    case SCENARIO_CALL:
    case SCENARIO_COMMAND:
    case SCENARIO_CODE:
    case SCENARIO_EDIT: /* a>b stays as it is */
        return ATOMS_CALL;
    case SCENARIO_ASSERT:
    case SCENARIO_SET:
    case SCENARIO_QUIET:
    case SCENARIO_BATCH:
    case SCENARIO_ANY_ORDER:
    case SCENARIO_ONE_OF:
    case SCENARIO_ALTERNATIVE:
    case SCENARIO_WAIT:
        break;
    }
    return ATOMS_OWN;
}

static bool is_group(const struct scenario_event *event)
{
    return event->kind == SCENARIO_BATCH || event->kind == SCENARIO_ANY_ORDER ||
           event->kind == SCENARIO_ONE_OF;
}

static void add_event(struct layout *layout, const struct scenario_event *event)
{
    const struct atom_source *source = &layout->source;
    uint32_t from = event->span.offset;
    if (event->time.span.length > 0) {
        add_time(layout, &event->time.span);
        from = next_word(source, end_of(&event->time.span));
    }
    do {
        add_string(layout, " ");
    } while (layout->column < FORMAT_ACTION_COLUMN);
    if (event->host != NULL) {
        const char *colon = memchr(source->text + from, ':', source->to - from);
        from = colon == NULL ? from : next_word(source, (uint32_t)(colon - source->text) + 1);
    }
    add_early_comments(layout, from);
    if (event->host != NULL) {
        add_string(layout, event->host);
        add_string(layout, ": ");
    }
    if (is_group(event)) {
        add_group(layout, event, from);
    } else {
        add_atoms(layout, from, end_of(&event->span), context_of(event));
    }
}

void format_statement(const struct scenario *scenario, const struct script_tree *tree,
                      const struct script_statement *statement, struct text *out)
{
    const struct source_span *span = &statement->span;
    struct layout layout = {
        .scenario = scenario,
        .source = {.text = scenario->source,
                   .from = span->offset,
                   .to = end_of(span),
                   .comments =
                       tree->comments + statement->first_comment + statement->comments_before,
                   .comment_count = statement->comments_inside},
        .out = out,
    };
    switch (statement->kind) {
    case SCRIPT_EVENT:
        add_event(&layout, &scenario->events[statement->index]);
        return;
    case SCRIPT_START:
    case SCRIPT_NOTE:
        add_atoms(&layout, span->offset, end_of(span), ATOMS_NOTE);
        return;
    case SCRIPT_OPTION:
    case SCRIPT_INIT:
    case SCRIPT_CLEANUP:
        text_add(out, scenario->source + span->offset, span->length);
        return;
    }
}
