-- A slot row is made at its first hold; what is free is computed from the working plan.
CREATE TABLE slot (
  id $pk,
  service_place_id BIGINT NOT NULL REFERENCES service_place(id) ON DELETE RESTRICT,
  starts_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  capacity INTEGER NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0,
  UNIQUE (service_place_id, starts_at),
  CHECK (taken >= 0 AND taken <= capacity),
  CHECK (ends_at > starts_at)
);

-- Busy from the start to the buffer after the end; counted only while its slot has somebody in it.
CREATE TABLE slot_resource (
  slot_id BIGINT NOT NULL REFERENCES slot(id) ON DELETE RESTRICT,
  resource_id BIGINT NOT NULL REFERENCES resource(id) ON DELETE RESTRICT,
  busy_from TIMESTAMPTZ NOT NULL,
  busy_until TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (slot_id, resource_id)
);

CREATE INDEX slot_resource_busy ON slot_resource(resource_id, busy_from);

CREATE TABLE slot_hold (
  id $pk,
  slot_id BIGINT NOT NULL REFERENCES slot(id) ON DELETE RESTRICT,
  session_id BIGINT NOT NULL REFERENCES session(id) ON DELETE RESTRICT,
  address_hash TEXT NOT NULL DEFAULT '',
  seats INTEGER NOT NULL CHECK (seats > 0),
  quantity INTEGER NOT NULL DEFAULT 1,
  held_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  booked_by BIGINT REFERENCES person(id) ON DELETE RESTRICT,
  receiver_id BIGINT REFERENCES person(id) ON DELETE RESTRICT,
  payer_id BIGINT REFERENCES person(id) ON DELETE RESTRICT,
  chosen_purses TEXT NOT NULL DEFAULT 'all',
  ended_at TIMESTAMPTZ,
  ended_by TEXT NOT NULL DEFAULT '' CHECK (ended_by IN ('', 'booked', 'expired', 'released'))
);

CREATE INDEX slot_hold_slot ON slot_hold(slot_id) WHERE ended_at IS NULL;

CREATE INDEX slot_hold_session ON slot_hold(session_id) WHERE ended_at IS NULL;

-- What was answered so far, until the booking is made or the hold ends; then it is deleted.
CREATE TABLE hold_detail (
  hold_id BIGINT NOT NULL REFERENCES slot_hold(id) ON DELETE RESTRICT,
  name TEXT NOT NULL,
  text_encrypted TEXT NOT NULL,
  PRIMARY KEY (hold_id, name)
);

-- Four parties: who books, who receives, whose purse pays, which staff member acted.
-- delivered: what really happened where it was less than booked; in minutes where the unit is the hour.
CREATE TABLE booking (
  id BIGINT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  territory_id BIGINT NOT NULL REFERENCES territory(id) ON DELETE RESTRICT,
  service_id BIGINT NOT NULL REFERENCES service(id) ON DELETE RESTRICT,
  service_place_id BIGINT REFERENCES service_place(id) ON DELETE RESTRICT,
  provider_id BIGINT NOT NULL REFERENCES provider(id) ON DELETE RESTRICT,
  slot_id BIGINT REFERENCES slot(id) ON DELETE RESTRICT,
  booked_by BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  receiver_id BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  payer_id BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  staff_id BIGINT REFERENCES staff(id) ON DELETE RESTRICT,
  state TEXT NOT NULL CHECK (state IN ('requested', 'awaiting', 'confirmed', 'cancelled', 'refused', 'arrived',
    'absent')),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  delivered INTEGER,
  seats INTEGER NOT NULL DEFAULT 1 CHECK (seats > 0),
  unit_price $cents,
  price $cents,
  own $cents,
  sequence INTEGER NOT NULL DEFAULT 0,
  answer_by DATE,
  booked_at TIMESTAMPTZ NOT NULL,
  closed_at TIMESTAMPTZ,
  address_encrypted TEXT NOT NULL DEFAULT '',
  day_phone_encrypted TEXT NOT NULL DEFAULT ''
);

CREATE INDEX booking_slot ON booking(slot_id);

-- One person has one time once, more of the same is its quantity: the last word after what the verbs ask.
CREATE UNIQUE INDEX booking_once ON booking(slot_id, receiver_id)
  WHERE state IN ('requested', 'awaiting', 'confirmed', 'arrived');

CREATE INDEX booking_receiver ON booking(receiver_id);

CREATE INDEX booking_booked_by ON booking(booked_by);

CREATE INDEX booking_payer ON booking(payer_id);

CREATE INDEX booking_provider ON booking(provider_id, state);

CREATE INDEX booking_territory ON booking(territory_id, state);

CREATE TABLE answer (
  id $pk,
  booking_id BIGINT NOT NULL REFERENCES booking(id) ON DELETE RESTRICT,
  question_id BIGINT NOT NULL REFERENCES question(id) ON DELETE RESTRICT,
  text_encrypted TEXT NOT NULL,
  delete_after TIMESTAMPTZ NOT NULL,
  UNIQUE (booking_id, question_id)
);

CREATE TABLE cancellation (
  id $pk,
  booking_id BIGINT NOT NULL UNIQUE REFERENCES booking(id) ON DELETE RESTRICT,
  by_kind TEXT NOT NULL CHECK (by_kind IN ('person', 'provider', 'staff')),
  by_id BIGINT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  is_late BOOLEAN NOT NULL,
  at TIMESTAMPTZ NOT NULL
);

CREATE TABLE move (
  id $pk,
  booking_id BIGINT NOT NULL REFERENCES booking(id) ON DELETE RESTRICT,
  from_slot_id BIGINT NOT NULL REFERENCES slot(id) ON DELETE RESTRICT,
  to_slot_id BIGINT NOT NULL REFERENCES slot(id) ON DELETE RESTRICT,
  by_kind TEXT NOT NULL,
  by_id BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL
);

CREATE INDEX move_booking ON move(booking_id);

-- What happened at the door, in order; an undone event keeps its row.
CREATE TABLE check_in (
  id $pk,
  booking_id BIGINT NOT NULL REFERENCES booking(id) ON DELETE RESTRICT,
  kind TEXT NOT NULL CHECK (kind IN ('arrived', 'absent', 'undone', 'provider_cancelled')),
  delivered INTEGER,
  reason TEXT NOT NULL DEFAULT '',
  staff_id BIGINT NOT NULL REFERENCES staff(id) ON DELETE RESTRICT,
  at TIMESTAMPTZ NOT NULL,
  device_at TIMESTAMPTZ NOT NULL,
  nonce TEXT NOT NULL UNIQUE
);

CREATE INDEX check_in_booking ON check_in(booking_id);

-- A person's own share is never a balance we keep: an amount due on one booking, paid to the provider.
CREATE TABLE collection (
  id $pk,
  booking_id BIGINT NOT NULL REFERENCES booking(id) ON DELETE RESTRICT,
  amount $cents,
  method TEXT NOT NULL CHECK (method IN ('cash', 'card', 'not_paid')),
  staff_id BIGINT NOT NULL REFERENCES staff(id) ON DELETE RESTRICT,
  at TIMESTAMPTZ NOT NULL,
  undone_at TIMESTAMPTZ
);

CREATE INDEX collection_booking ON collection(booking_id);

CREATE TABLE callback (
  id $pk,
  territory_id BIGINT NOT NULL REFERENCES territory(id) ON DELETE RESTRICT,
  service_id BIGINT REFERENCES service(id) ON DELETE RESTRICT,
  person_id BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  wished TEXT NOT NULL DEFAULT '',
  asked_at TIMESTAMPTZ NOT NULL,
  call_by DATE NOT NULL,
  staff_id BIGINT REFERENCES staff(id) ON DELETE RESTRICT,
  outcome TEXT NOT NULL DEFAULT '',
  done_at TIMESTAMPTZ
);

CREATE INDEX callback_territory ON callback(territory_id, done_at);

CREATE TABLE waiting_entry (
  id $pk,
  service_id BIGINT NOT NULL REFERENCES service(id) ON DELETE RESTRICT,
  slot_id BIGINT REFERENCES slot(id) ON DELETE RESTRICT,
  person_id BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  asked_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ,
  UNIQUE (service_id, person_id, asked_at)
);

CREATE INDEX waiting_entry_service ON waiting_entry(service_id, ended_at);
