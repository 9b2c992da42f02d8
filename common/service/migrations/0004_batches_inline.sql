-- A commit's packed events are of a few kilobytes: compressing them and putting them aside, once into the outbox and again
-- into the stream, cost more than all else that is done with them.
ALTER TABLE outbox SET (toast_tuple_target = 8160);
ALTER TABLE stream SET (toast_tuple_target = 8160);
