-- What a device at the door wrote down without a line, as it came: one row a nonce, whatever became of it.
CREATE TABLE door_note (
  id $pk,
  nonce TEXT NOT NULL UNIQUE,
  territory_id BIGINT NOT NULL REFERENCES territory(id) ON DELETE RESTRICT,
  booking_id BIGINT REFERENCES booking(id) ON DELETE RESTRICT,
  code TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('arrived', 'left')),
  delivered INTEGER,
  written_by BIGINT REFERENCES staff(id) ON DELETE RESTRICT,
  sent_by BIGINT NOT NULL REFERENCES staff(id) ON DELETE RESTRICT,
  device_ms BIGINT NOT NULL,
  happened_at TIMESTAMPTZ NOT NULL,
  received_at TIMESTAMPTZ NOT NULL,
  outcome TEXT NOT NULL,
  decision TEXT NOT NULL DEFAULT '' CHECK (decision IN ('', 'arrived', 'kept')),
  reason TEXT NOT NULL DEFAULT '',
  decided_by BIGINT REFERENCES staff(id) ON DELETE RESTRICT,
  decided_at TIMESTAMPTZ
);

CREATE INDEX door_note_booking ON door_note(booking_id);

CREATE INDEX door_note_open ON door_note(territory_id, decided_at);
