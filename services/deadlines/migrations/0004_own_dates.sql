-- An assignment's own due moment; NULL: that of its round; infinity: not known yet, so nobody is reminded of it.
ALTER TABLE assignment ADD COLUMN due_at timestamptz;
