-- Whether a programme stands on an act that its current version keeps word for word (S3.1).
ALTER TABLE programme ADD COLUMN has_document boolean NOT NULL DEFAULT false;
