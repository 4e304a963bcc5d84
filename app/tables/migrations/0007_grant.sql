-- A booking opened by its code and a second fact: this session may see, move and cancel that one booking.
CREATE TABLE booking_grant (
  id $pk,
  session_id BIGINT NOT NULL REFERENCES session(id) ON DELETE RESTRICT,
  booking_id BIGINT NOT NULL REFERENCES booking(id) ON DELETE RESTRICT,
  granted_at TIMESTAMPTZ NOT NULL,
  UNIQUE (session_id, booking_id)
);
