-- Whose rows these are is looked up by key: a look at a report is written down without reading through all who watch.
ALTER POLICY territory ON watcher USING (
    CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
         ELSE path = (SELECT current_setting('vekha.scope', true))
           OR starts_with(path, (SELECT current_setting('vekha.scope', true) || '.'))
           OR EXISTS (SELECT FROM curator_binding b WHERE b.account_id = watcher.account_id) END);
ALTER POLICY territory ON watcher_name USING (
    CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
         ELSE EXISTS (SELECT FROM watcher w WHERE w.account_id = watcher_name.account_id) END);
ALTER POLICY territory ON visit USING (
    CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
         ELSE EXISTS (SELECT FROM watcher w WHERE w.account_id = visit.account_id) END);
ALTER POLICY territory ON report_view USING (
    CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
         ELSE EXISTS (SELECT FROM watcher w WHERE w.account_id = report_view.account_id) END);

-- The same answer as before (0005) without keeping all cells of a round aside: only those that have changed since the
-- moment are looked up in the history, the others are read straight.
CREATE OR REPLACE FUNCTION cells_on(asked_round uuid, moment timestamptz, scope text, curator uuid)
RETURNS TABLE (assignment_id uuid, organisation_id uuid, path text, item_id uuid, stands text, sent_at timestamptz,
               changed_at timestamptz)
LANGUAGE sql STABLE AS $$
    WITH before AS (
        SELECT h.assignment_id, (array_agg(h.state ORDER BY h.at DESC, h.number DESC))[1] AS state,
               max(h.at) FILTER (WHERE h.state = 'in_review') AS sent_at,
               max(h.at) FILTER (WHERE h.state = 'accepted') AS accepted_at,
               max(h.at) FILTER (WHERE h.state = 'rejected') AS rejected_at, max(h.at) AS changed_at
          FROM cell a
          JOIN history h ON h.assignment_id = a.assignment_id AND h.at < moment
         WHERE a.round_id = asked_round
           AND greatest(a.draft_at, a.sent_at, a.accepted_at, a.rejected_at) >= moment
         GROUP BY h.assignment_id
    )
    SELECT c.assignment_id, c.organisation_id, c.path, c.item_id,
           CASE k.state WHEN 'in_review' THEN 'waiting' WHEN 'accepted' THEN 'accepted' WHEN 'rejected' THEN 'returned'
                ELSE CASE WHEN k.rejected_at > coalesce(k.accepted_at, '-infinity') THEN 'returned'
                          WHEN k.state = 'draft' THEN 'in_work' ELSE 'not_started' END END,
           CASE WHEN k.state = 'in_review' THEN k.sent_at END, k.changed_at
      FROM cell c
      LEFT JOIN before b ON b.assignment_id = c.assignment_id
     CROSS JOIN LATERAL
           (SELECT greatest(c.draft_at, c.sent_at, c.accepted_at, c.rejected_at) >= moment AS is_later) l
     CROSS JOIN LATERAL
           (SELECT CASE WHEN l.is_later THEN coalesce(b.state, 'empty') ELSE c.state END AS state,
                   CASE WHEN l.is_later THEN b.sent_at ELSE c.sent_at END AS sent_at,
                   CASE WHEN l.is_later THEN b.accepted_at ELSE c.accepted_at END AS accepted_at,
                   CASE WHEN l.is_later THEN b.rejected_at ELSE c.rejected_at END AS rejected_at,
                   CASE WHEN l.is_later THEN b.changed_at
                        ELSE greatest(c.draft_at, c.sent_at, c.accepted_at, c.rejected_at) END AS changed_at) k
     WHERE c.round_id = asked_round AND in_territory(c.path, scope)
       AND CASE WHEN c.assigned_at IS NULL THEN true ELSE c.assigned_at < moment END
       AND CASE WHEN curator IS NULL THEN true ELSE c.organisation_id IN (SELECT curated_by(curator)) END
$$;
