// A road map's tables month by month: contracting and spending beside its measures (B22).
#include "answer.h"

enum status
handle_get_roadmap_tables(struct call *call, const Reporting__GetRoadmapTablesRequest *request,
                          Reporting__RoadmapTables *reply)
{
    struct report_round round;
    struct db_rows rows;
    enum status status = answer_round(call, request->round_id, request->as_of, &round);
    if (status == STATUS_OK)
        status = store_list_road_tables(call, request, &round, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__roadmap_table_point__descriptor, &reply->n_points, &reply->points);
    if (status != STATUS_OK)
        return status;
    reply->as_of = round.as_of;
    return STATUS_OK;
}
