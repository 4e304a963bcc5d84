-- A message is what we have to tell a person; a delivery is one try on one channel.
-- Rows written in the booking's transaction are the queue.
CREATE TABLE message (
  id $pk,
  person_id BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  booking_id BIGINT REFERENCES booking(id) ON DELETE RESTRICT,
  kind TEXT NOT NULL CHECK (kind IN ('confirmed', 'reminder', 'moved', 'cancelled', 'answered', 'new_device',
    'credit_given', 'credit_expiring', 'place_free', 'week_asked', 'week')),
  lead_hours INTEGER NOT NULL DEFAULT 0,
  due_at TIMESTAMPTZ NOT NULL,
  useless_after TIMESTAMPTZ NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('due', 'sent', 'received', 'cancelled', 'failed', 'to_call')),
  lease_until TIMESTAMPTZ,
  lease_holder TEXT NOT NULL DEFAULT '',
  tries INTEGER NOT NULL DEFAULT 0,
  created_at TIMESTAMPTZ NOT NULL,
  closed_at TIMESTAMPTZ
);

CREATE INDEX message_due ON message(due_at) WHERE state = 'due';

CREATE INDEX message_person ON message(person_id, due_at);

CREATE INDEX message_booking ON message(booking_id);

CREATE UNIQUE INDEX message_reminder ON message(booking_id, person_id, kind, lead_hours, due_at) WHERE kind = 'reminder';

CREATE TABLE delivery (
  id $pk,
  message_id BIGINT NOT NULL REFERENCES message(id) ON DELETE RESTRICT,
  channel TEXT NOT NULL CHECK (channel IN ('push', 'email', 'sms', 'call')),
  state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'received', 'failed')),
  reference TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '',
  staff_id BIGINT REFERENCES staff(id) ON DELETE RESTRICT,
  tried_at TIMESTAMPTZ NOT NULL,
  received_at TIMESTAMPTZ
);

CREATE INDEX delivery_message ON delivery(message_id);

-- What the console gateways "sent": the demo shows SMS, mail, push and letters as each person got them.
CREATE TABLE outbox_copy (
  id $pk,
  channel TEXT NOT NULL,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL,
  message_id BIGINT,
  sent_at TIMESTAMPTZ NOT NULL
);
