-- A person is a random number everywhere; who that is stands in identity alone.

CREATE TABLE person (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('enrolled', 'guest')),
  language TEXT NOT NULL DEFAULT 'it',
  created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE person_key (
  person_id BIGINT PRIMARY KEY REFERENCES person(id) ON DELETE RESTRICT,
  wrapped TEXT NOT NULL
);

CREATE TABLE identity (
  person_id BIGINT PRIMARY KEY REFERENCES person(id) ON DELETE RESTRICT,
  given_name TEXT NOT NULL,
  family_name TEXT NOT NULL,
  folded_name TEXT NOT NULL,
  born_on DATE,
  municipality_id BIGINT REFERENCES municipality(id) ON DELETE RESTRICT,
  fiscal_code_encrypted TEXT NOT NULL DEFAULT '',
  fiscal_code_index TEXT NOT NULL DEFAULT '',
  address_encrypted TEXT NOT NULL DEFAULT ''
);

CREATE INDEX identity_folded_name ON identity(folded_name);

CREATE UNIQUE INDEX identity_fiscal_code ON identity(fiscal_code_index) WHERE fiscal_code_index <> '';

-- Channels stand in the person's own order.
CREATE TABLE contact (
  id $pk,
  person_id BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  channel TEXT NOT NULL CHECK (channel IN ('push', 'email', 'sms', 'call')),
  position INTEGER NOT NULL,
  value_encrypted TEXT NOT NULL,
  value_index TEXT NOT NULL,
  added_at TIMESTAMPTZ NOT NULL,
  removed_at TIMESTAMPTZ
);

CREATE INDEX contact_person ON contact(person_id);

CREATE INDEX contact_value ON contact(value_index);

CREATE TABLE enrolment (
  id $pk,
  person_id BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  territory_id BIGINT NOT NULL REFERENCES territory(id) ON DELETE RESTRICT,
  social_point_id BIGINT REFERENCES social_point(id) ON DELETE RESTRICT,
  staff_id BIGINT,
  enrolled_at TIMESTAMPTZ NOT NULL,
  UNIQUE (person_id, territory_id)
);

CREATE INDEX enrolment_territory ON enrolment(territory_id);

CREATE TABLE household (
  id $pk,
  name TEXT NOT NULL DEFAULT '',
  created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE household_member (
  id $pk,
  household_id BIGINT NOT NULL REFERENCES household(id) ON DELETE RESTRICT,
  person_id BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  part TEXT NOT NULL CHECK (part IN ('adult', 'minor')),
  from_at TIMESTAMPTZ NOT NULL,
  until_at TIMESTAMPTZ
);

CREATE INDEX household_member_household ON household_member(household_id);

CREATE INDEX household_member_person ON household_member(person_id);

CREATE TABLE delegation (
  id $pk,
  person_id BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  delegate_id BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  kind TEXT NOT NULL CHECK (kind IN ('delegate', 'parent', 'guardian', 'administrator')),
  may_see BOOLEAN NOT NULL,
  may_book BOOLEAN NOT NULL,
  may_spend BOOLEAN NOT NULL,
  monthly_limit_cents BIGINT,
  from_on DATE NOT NULL,
  until_on DATE,
  recorded_by BIGINT,
  revoked_at TIMESTAMPTZ
);

CREATE INDEX delegation_person ON delegation(person_id);

CREATE INDEX delegation_delegate ON delegation(delegate_id);

CREATE TABLE minor_declaration (
  id $pk,
  minor_id BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  declared_by BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  kind TEXT NOT NULL CHECK (kind IN ('parent', 'guardian')),
  text_version TEXT NOT NULL,
  declared_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX minor_declaration_minor ON minor_declaration(minor_id);

CREATE TABLE card (
  id $pk,
  code TEXT NOT NULL UNIQUE,
  person_id BIGINT REFERENCES person(id) ON DELETE RESTRICT,
  pin_hash TEXT NOT NULL DEFAULT '',
  printed_at TIMESTAMPTZ NOT NULL,
  bound_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ
);

CREATE INDEX card_person ON card(person_id);

CREATE TABLE device (
  id $pk,
  person_id BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  key_hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  added_at TIMESTAMPTZ NOT NULL,
  last_seen_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ
);

CREATE INDEX device_person ON device(person_id);

CREATE TABLE push_subscription (
  id $pk,
  person_id BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  device_id BIGINT REFERENCES device(id) ON DELETE RESTRICT,
  endpoint TEXT NOT NULL UNIQUE,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  added_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ
);

CREATE INDEX push_subscription_person ON push_subscription(person_id);

CREATE TABLE staff (
  id $pk,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  suspended_at TIMESTAMPTZ
);

-- The second factor is a printed sheet of numbered one-time codes: no private phone needed.
CREATE TABLE staff_code (
  id $pk,
  staff_id BIGINT NOT NULL REFERENCES staff(id) ON DELETE RESTRICT,
  number INTEGER NOT NULL,
  code_hash TEXT NOT NULL,
  used_at TIMESTAMPTZ,
  UNIQUE (staff_id, number)
);

CREATE TABLE role (
  id $pk,
  staff_id BIGINT NOT NULL REFERENCES staff(id) ON DELETE RESTRICT,
  name TEXT NOT NULL CHECK (name IN ('operator', 'coordinator', 'desk', 'call_centre', 'welfare_manager',
    'area_manager', 'funder', 'social_office', 'administrator')),
  scope_kind TEXT NOT NULL CHECK (scope_kind IN ('territory', 'provider', 'funder')),
  scope_id BIGINT NOT NULL,
  from_at TIMESTAMPTZ NOT NULL,
  until_at TIMESTAMPTZ
);

CREATE INDEX role_staff ON role(staff_id);

CREATE TABLE session (
  id $pk,
  token_hash TEXT NOT NULL UNIQUE,
  csrf TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('anonymous', 'person', 'staff')),
  person_id BIGINT REFERENCES person(id) ON DELETE RESTRICT,
  staff_id BIGINT REFERENCES staff(id) ON DELETE RESTRICT,
  device_id BIGINT REFERENCES device(id) ON DELETE RESTRICT,
  is_shared BOOLEAN NOT NULL,
  browser TEXT NOT NULL,
  pin_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL,
  last_seen_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ
);

CREATE INDEX session_person ON session(person_id);

CREATE TABLE attempt (
  scope TEXT NOT NULL,
  minutes INTEGER NOT NULL,
  since TIMESTAMPTZ NOT NULL,
  failed INTEGER NOT NULL CHECK (failed >= 0),
  PRIMARY KEY (scope, minutes)
);

CREATE INDEX attempt_since ON attempt(since);
