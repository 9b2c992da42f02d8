-- Whether an answer's due date is its own, which a move of the round's leaves alone.
ALTER TABLE entry ADD COLUMN due_is_own boolean NOT NULL DEFAULT false;
