// The assignment as the cabinet shows it, for every statement that answers with one.
#pragma once

// The organisation has to set its date first (S1.12).
#define NEEDS_PLAN "(i.due_kind = 'by_executor' AND a.own_due_at = 'infinity')"

// From its own row and the tables it stands on. a: assignment, i: round_item, r: round, t: item_text;
// now: the parameter with the moment.
#define ASSIGNMENT_COLUMNS(now)                                                                                        \
    "a.assignment_id, i.round_id, t.item_code, t.section_code, t.section_title, t.question, t.second_question, "       \
    "i.value_kind, t.unit, i.decimals, t.evidence, i.evidence_required, a.state, a.version, a.value, "                 \
    "a.second_value, a.percent, a.document_count, vekha_time(due_moment(a.own_due_at, r.due_at)) AS due_at, "          \
    "(due_moment(a.own_due_at, r.due_at) < " now " AND a.state NOT IN ('in_review', 'accepted')) AS overdue, "         \
    "to_char(r.closed_until, 'YYYY-MM-DD') AS closed_until, "                                                          \
    "(a.state = 'accepted' OR r.state <> 'open' OR r.next_opens_at <= " now " OR " NEEDS_PLAN ") AS input_closed, "    \
    "vekha_time(a.saved_at) AS saved_at, vekha_time(a.sent_at) AS sent_at, a.comment, r.name AS round_name, "          \
    "to_char(coalesce((nullif(a.own_due_at, 'infinity') AT TIME ZONE r.zone)::date, r.due_on), 'YYYY-MM-DD') AS "      \
    "due_on, "                                                                                                         \
    "r.zone, nullif(i.due_kind, 'round') AS due_kind, i.due_text, " NEEDS_PLAN " AS needs_plan, t.stage, "             \
    "i.checkpoint, t.column_titles, t.column_kinds"

// The form of its evidence in the order of the fields of Form, for present_form(); NULL for none. A row of item_form,
// and of form_document.
#define STORE_FORM_CELLS(form, document)                                                                               \
    "CASE WHEN " form ".item_id IS NOT NULL THEN ARRAY[" form ".title, " form ".owner, " form                          \
    ".organisation_code, " form ".basis, " form ".address, coalesce(" form                                             \
    ".document_id::text, ''), coalesce(" document ".file_name, '')] END AS form_cells"

// What the joins below need of it.
#define ASSIGNMENT_KEYS "a.organisation_id, a.organisation_path, a.acts, a.rejected_act, i.item_id"

#define ASSIGNMENT_TABLES                                                                                              \
    "round_item i JOIN round r ON r.round_id = i.round_id JOIN item_text t ON t.item_text_id = i.item_text_id"

// From elsewhere: the rejection that still stands (S2.40), the values accepted last in any round (S2.44), and the
// documents in hand. c: a row with ASSIGNMENT_COLUMNS and ASSIGNMENT_KEYS.
#define CABINET_COLUMNS                                                                                                \
    "c.*, j.resolution, answer_text(j.value, j.second_value) AS rejected_value, vekha_time(j.at) AS rejected_at, "     \
    "answer_text(l.value, l.second_value) AS accepted_value, vekha_time(l.accepted_at) AS accepted_at, "               \
    "d.document_ids, d.document_names, d.document_sizes, d.document_pages, " STORE_FORM_CELLS("o", "e")
#define CABINET_JOINS                                                                                                  \
    " LEFT JOIN history j ON j.assignment_id = c.assignment_id AND j.act_number = c.rejected_act"                      \
    " LEFT JOIN item_form o ON o.item_id = c.item_id"                                                                  \
    " LEFT JOIN form_document e ON e.document_id = o.document_id"                                                      \
    " LEFT JOIN accepted l ON l.organisation_id = c.organisation_id AND l.item_id = c.item_id"                         \
    " LEFT JOIN LATERAL (SELECT array_agg(f.document_id::text ORDER BY f.stored_at, f.document_id) AS document_ids,"   \
    "     array_agg(f.file_name ORDER BY f.stored_at, f.document_id) AS document_names,"                               \
    "     array_agg(f.size_bytes::text ORDER BY f.stored_at, f.document_id) AS document_sizes,"                        \
    "     array_agg(f.pages::text ORDER BY f.stored_at, f.document_id) AS document_pages"                              \
    "   FROM document f WHERE c.document_count > 0 AND f.assignment_id = c.assignment_id AND f.attached) d ON true"

// New assignments, for assign_tell(). d: ADDED_COLUMNS, i: round_item.
#define ADDED_COLUMNS "assignment_id, round_item_id, organisation_id, organisation_path, own_due_at"
#define ADDED_LISTS                                                                                                    \
    "array_agg(d.assignment_id::text ORDER BY d.round_item_id) AS assignment_ids,"                                     \
    " array_agg(i.item_id::text ORDER BY d.round_item_id) AS item_ids,"                                                \
    " array_agg(coalesce(vekha_time(nullif(d.own_due_at, 'infinity')), '') ORDER BY d.round_item_id) AS due_ats,"      \
    " array_agg((d.own_due_at IS NOT DISTINCT FROM 'infinity')::text ORDER BY d.round_item_id) AS dues_unknown"
#define NO_LISTS "'{}'::text[], '{}'::text[], '{}'::text[], '{}'::text[]"
