// What organisations and owners of schedules decided, each decision with its moment; and who answers for whom.
#include "moment.h"
#include "store.h"

enum status
store_section_plan(struct call *call, const Events__SectionPlanned *event)
{
    return db_run(call->db,
                  "INSERT INTO section_plan (round_id, organisation_id, path, section_code, state, planned_on,"
                  " previous_on, reason, moves, at, event_number)"
                  " VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6::date, $7::date, $8, $9::integer, $10::timestamptz,"
                  " $11::bigint)",
                  DB_PARAMS(db_text(event->round_id), db_text(event->organisation_id),
                            db_string(event->organisation_path), db_string(event->section_code),
                            db_string(event->state), db_text(event->planned_on), db_text(event->previous_on),
                            db_text(event->reason), db_integer(event->moves), db_text(event->at),
                            db_integer(event_number(call))));
}

enum status
store_item_plan(struct call *call, const Events__AssignmentPlanned *event)
{
    return db_run(call->db,
                  "INSERT INTO item_plan (round_id, assignment_id, organisation_id, path, planned_on, previous_on,"
                  " reason, moves, at, event_number)"
                  " VALUES ($1::uuid, $2::uuid, $3::uuid, $4, $5::date, $6::date, $7, $8::integer, $9::timestamptz,"
                  " $10::bigint)",
                  DB_PARAMS(db_text(event->round_id), db_text(event->assignment_id), db_text(event->organisation_id),
                            db_string(event->organisation_path), db_text(event->planned_on),
                            db_text(event->previous_on), db_text(event->reason), db_integer(event->moves),
                            db_text(event->at), db_integer(event_number(call))));
}

enum status
store_schedule(struct call *call, const Events__ScheduleSet *event)
{
    return db_run(call->db,
                  "INSERT INTO schedule (round_id, section_code, due_on, previous_on, reason, at)"
                  " VALUES ($1::uuid, $2, $3::date, $4::date, $5, $6::timestamptz)",
                  DB_PARAMS(db_text(event->round_id), db_string(event->section_code), db_text(event->due_on),
                            db_text(event->previous_on), db_text(event->reason), db_text(event->at)));
}

enum status
store_dues(struct call *call, const Events__DueSet *event)
{
    return db_run(
        call->db,
        "INSERT INTO assignment_due (round_id, assignment_id, organisation_id, path, due_at, at,"
        " event_number) SELECT $1::uuid, a, $2::uuid, $3, $5::timestamptz, $6::timestamptz, $7::bigint FROM "
        "unnest($4::uuid[]) a",
        DB_PARAMS(db_text(event->round_id), db_text(event->organisation_id), db_string(event->organisation_path),
                  db_text(db_text_array(call->arena, (char *const *)event->assignment_ids, event->n_assignment_ids)),
                  db_text(event->due_at), db_text(event->at), db_integer(event_number(call))));
}

enum status
store_curator(struct call *call, const Events__CuratorBound *event)
{
    return db_run(call->db,
                  "INSERT INTO curator_binding (account_id, organisation_id, path, bound, at)"
                  " VALUES ($1::uuid, $2::uuid, $3, $4::boolean, $5::timestamptz)",
                  DB_PARAMS(db_text(event->account_id), db_text(event->organisation_id),
                            db_string(event->organisation_path), db_boolean(event->bound), db_text(event->at)));
}

enum status
store_bound_schools(struct call *call, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT b.organisation_id FROM (SELECT DISTINCT ON (organisation_id) organisation_id, bound"
        " FROM curator_binding WHERE account_id = $1::uuid ORDER BY organisation_id, at DESC, number DESC) b"
        " WHERE b.bound";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_text(call->principal->account_id)));
}
