-- Logging in with an account of another system (OpenID Connect).

-- Which account there is whose here. subject is the provider's name for it and never changes; shown_name is for people.
CREATE TABLE provider_link (
    account_id uuid PRIMARY KEY REFERENCES account,
    issuer     text COLLATE "C" NOT NULL,
    subject    text COLLATE "C" NOT NULL,
    shown_name text NOT NULL,
    linked_at  timestamptz NOT NULL,
    UNIQUE (issuer, subject)
);

-- Who has been sent to the provider and is not back yet. account_id: who links; NULL: who enters.
CREATE TABLE provider_errand (
    state_hash    text PRIMARY KEY,
    secret_hash   text NOT NULL,
    account_id    uuid REFERENCES account,
    address_range text NOT NULL,
    expires_at    timestamptz NOT NULL
);
CREATE INDEX provider_errand_address ON provider_errand (address_range, expires_at);

-- provider_logout_address: where the session ends that was begun there.
ALTER TABLE session
    ADD COLUMN by_provider boolean NOT NULL DEFAULT false,
    ADD COLUMN provider_logout_address text;
