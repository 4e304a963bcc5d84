-- What somebody adds in their own words when they book, for who receives them that day; encrypted, and short-lived.
ALTER TABLE booking ADD COLUMN note_encrypted TEXT NOT NULL DEFAULT '';

CREATE INDEX booking_note ON booking(id) WHERE note_encrypted <> '';
