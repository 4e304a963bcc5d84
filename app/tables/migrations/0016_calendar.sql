-- A calendar outside asks with nothing but a secret address; the secret itself is not kept. One lives for each person.
CREATE TABLE calendar_feed (
  id $pk,
  person_id BIGINT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
  territory_id BIGINT NOT NULL REFERENCES territory(id) ON DELETE RESTRICT,
  secret_hash TEXT NOT NULL UNIQUE,
  made_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ
);

CREATE UNIQUE INDEX calendar_feed_live ON calendar_feed(person_id) WHERE ended_at IS NULL;

-- Who gets the week of a centre by e-mail: a guest with that one contact, which goes when they leave. email_index is ''
-- from then on, and until confirmed_at nothing but the question is sent.
CREATE TABLE week_reader (
  id $pk,
  territory_id BIGINT NOT NULL REFERENCES territory(id) ON DELETE RESTRICT,
  place_id BIGINT NOT NULL REFERENCES place(id) ON DELETE RESTRICT,
  person_id BIGINT NOT NULL UNIQUE REFERENCES person(id) ON DELETE RESTRICT,
  email_index TEXT NOT NULL,
  asked_at TIMESTAMPTZ NOT NULL,
  confirmed_at TIMESTAMPTZ,
  ended_at TIMESTAMPTZ
);

CREATE UNIQUE INDEX week_reader_once ON week_reader(place_id, territory_id, email_index) WHERE ended_at IS NULL;

CREATE INDEX week_reader_territory ON week_reader(territory_id, confirmed_at) WHERE ended_at IS NULL;

-- One week is sent to one reader once: the row is claimed first, its message is written in the same transaction.
CREATE TABLE week_issue (
  reader_id BIGINT NOT NULL REFERENCES week_reader(id) ON DELETE RESTRICT,
  monday DATE NOT NULL,
  message_id BIGINT UNIQUE REFERENCES message(id) ON DELETE RESTRICT,
  PRIMARY KEY (reader_id, monday)
);
