#!/usr/bin/python3
"""Fills the demonstration's queue: one answer of every organisation waits, as if each had been sent: fill_queue.py STACK

By SQL into the queue's own table, as bench does: 2,316 people would log in and type for an hour. Every third answer has a
previous value, every tenth of those has grown threefold. Nothing happens when the queue is full already.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from stack import Stack  # noqa: E402

ANSWERS = """
    SELECT DISTINCT ON (a.organisation_id) a.assignment_id::text AS id, a.organisation_id::text AS organisation,
      a.organisation_path AS path, i.round_id::text AS round, i.item_id::text AS item, t.section_title, t.question,
      nullif(t.second_question, '') AS second_question, t.value_kind, nullif(t.unit, '') AS unit, r.due_at::text AS due
    FROM assignment a JOIN round_item i USING (round_item_id) JOIN item_text t ON t.item_text_id = i.item_text_id
      JOIN round r ON r.round_id = i.round_id JOIN programme p USING (programme_id)
    WHERE p.code = 'natproekt-2020' ORDER BY a.organisation_id, md5(a.assignment_id::text)"""
ENTRIES = """
    INSERT INTO entry (assignment_id, version, state, programme_code, round_id, item_id, section_title, question,
      second_question, value_kind, unit, value, second_value, percent, previous_value, document_ids, document_names,
      document_sizes, document_pages, organisation_id, organisation_path, sent_at, due_at)
    SELECT id, 2, 'waiting', 'natproekt-2020', round, item, section, question, second_question, kind, unit,
      CASE kind WHEN 'yes_no' THEN 'yes' ELSE number::text END,
      CASE kind WHEN 'percent' THEN '400' END, CASE kind WHEN 'percent' THEN round(number / 4.0, 2)::text END,
      CASE WHEN kind = 'number' AND n %% 3 = 0 THEN (CASE WHEN n %% 30 = 0 THEN number / 3 ELSE number - 7 END)::text END,
      '{}', '{}', '{}', '{}', organisation, path, %s - n * interval '50 seconds', due
    FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[],
      %s::text[], %s::text[], %s::timestamptz[]) WITH ORDINALITY
      AS answer (id, organisation, path, round, item, section, question, second_question, kind, unit, due, n),
      LATERAL (SELECT 30 + n * 37 %% 340 AS number) AS made
    ON CONFLICT DO NOTHING"""


def main():
    stack = Stack(sys.argv[1])
    answers = stack.rows("submissions", ANSWERS)
    columns = [[row[name] for row in answers] for name in answers[0]]
    stack.rows("review", ENTRIES, stack.now(), *columns)
    print(f"the queue: {stack.value('review', 'SELECT count(*) FROM entry')} answers wait")
    stack.close()


if __name__ == "__main__":
    main()
