-- What coordinators and curators write to those below them (S1.30): a message sent, and one passed on.
CREATE TABLE reminder (
    account_id uuid        NOT NULL,
    message_id uuid        NOT NULL,
    at         timestamptz NOT NULL,
    addressees integer     NOT NULL,
    PRIMARY KEY (account_id, message_id, at)
);
CREATE INDEX reminder_at ON reminder (account_id, at);
