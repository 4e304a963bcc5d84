-- The day's list of a desk: what begins on that day, not what any booking ever was.
CREATE INDEX slot_starts ON slot(starts_at);
