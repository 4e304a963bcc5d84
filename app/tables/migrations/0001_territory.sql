-- One deployment, many territories. Statements are separated by a blank line.
-- Tokens: $pk identity key, "name $cents" a whole number that both engines check.

CREATE TABLE territory (
  id $pk,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  district TEXT NOT NULL,
  zone TEXT NOT NULL DEFAULT 'Europe/Rome',
  holiday_subdivision TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL,
  phone_cost TEXT NOT NULL,
  colour TEXT NOT NULL,
  is_demo BOOLEAN NOT NULL,
  opened_on DATE NOT NULL
);

CREATE TABLE municipality (
  id $pk,
  territory_id BIGINT NOT NULL REFERENCES territory(id) ON DELETE RESTRICT,
  belfiore TEXT NOT NULL UNIQUE,
  istat TEXT NOT NULL,
  name TEXT NOT NULL,
  province TEXT NOT NULL,
  postcode TEXT NOT NULL
);

CREATE INDEX municipality_territory ON municipality(territory_id);

CREATE TABLE social_point (
  id $pk,
  territory_id BIGINT NOT NULL REFERENCES territory(id) ON DELETE RESTRICT,
  municipality_id BIGINT NOT NULL REFERENCES municipality(id) ON DELETE RESTRICT,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  directions TEXT NOT NULL,
  phone TEXT NOT NULL
);

-- social_point_id 0 rows do not exist: a null Social Point means the territory's call centre.
CREATE TABLE opening (
  id $pk,
  territory_id BIGINT NOT NULL REFERENCES territory(id) ON DELETE RESTRICT,
  social_point_id BIGINT REFERENCES social_point(id) ON DELETE RESTRICT,
  weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
  opens TEXT NOT NULL CHECK (length(opens) = 5),
  closes TEXT NOT NULL CHECK (length(closes) = 5)
);

CREATE INDEX opening_territory ON opening(territory_id);

CREATE TABLE missing_municipality (
  id $pk,
  name TEXT NOT NULL,
  phone_encrypted TEXT NOT NULL DEFAULT '',
  asked_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE observation (
  territory_id BIGINT NOT NULL REFERENCES territory(id) ON DELETE RESTRICT,
  day DATE NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  seen INTEGER NOT NULL,
  PRIMARY KEY (territory_id, day, kind, subject)
);
