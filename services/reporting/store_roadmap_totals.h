// The totals of the base report, from the report itself and from a slice of it: what they are called and how they sum.
#pragma once

// Of `sums`, a row per organisation.
#define ROADMAP_TOTALS                                                                                                 \
    " totals AS (SELECT count(*) AS organisations, sum(chosen) AS chosen, sum(activated) AS activated,"                \
    " sum(templates_total) AS templates_total, sum(templates_activated) AS templates_activated,"                       \
    " count(*) FILTER (WHERE measures_started = 0) AS not_started, sum(measures_total) AS measures_total,"             \
    " sum(measures_started) AS measures_started, sum(measures_finished) AS measures_finished, sum(placed) AS placed,"  \
    " sum(accepted) AS accepted, sum(returned) AS returned, sum(waiting) AS waiting,"                                  \
    " min(waiting_since) AS waiting_since, sum(overdue) AS overdue,"                                                   \
    " count(*) FILTER (WHERE overdue > 0) AS overdue_organisations FROM sums),"
