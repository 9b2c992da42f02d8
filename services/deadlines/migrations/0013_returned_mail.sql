-- Letters that came back: reports of mail servers, read from the sender's mailbox.

-- The reports that have counted for a letter: a mailbox may have to be read again from its beginning.
ALTER TABLE mail ADD COLUMN reports text[] NOT NULL DEFAULT '{}';

-- Up to which message the mailbox has been read, by its own numbers (RFC 3501, 2.3.1.1).
CREATE TABLE mailbox (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    validity bigint  NOT NULL,
    number   bigint  NOT NULL
);
