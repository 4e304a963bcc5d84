CREATE TABLE category (
  id $pk,
  code TEXT NOT NULL UNIQUE,
  name_it TEXT NOT NULL,
  name_en TEXT NOT NULL,
  matter TEXT NOT NULL,
  position INTEGER NOT NULL
);

CREATE TABLE provider (
  id $pk,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('cooperative', 'association', 'shop', 'professional', 'public_office')),
  vat_number TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL,
  email TEXT NOT NULL DEFAULT '',
  about TEXT NOT NULL DEFAULT ''
);

CREATE TABLE accreditation (
  id $pk,
  provider_id BIGINT NOT NULL REFERENCES provider(id) ON DELETE RESTRICT,
  territory_id BIGINT NOT NULL REFERENCES territory(id) ON DELETE RESTRICT,
  from_on DATE NOT NULL,
  until_on DATE,
  UNIQUE (provider_id, territory_id, from_on)
);

CREATE TABLE place (
  id $pk,
  provider_id BIGINT NOT NULL REFERENCES provider(id) ON DELETE RESTRICT,
  municipality_id BIGINT NOT NULL REFERENCES municipality(id) ON DELETE RESTRICT,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  directions TEXT NOT NULL DEFAULT '',
  accessibility TEXT NOT NULL DEFAULT ''
);

CREATE INDEX place_provider ON place(provider_id);

CREATE TABLE resource (
  id $pk,
  provider_id BIGINT NOT NULL REFERENCES provider(id) ON DELETE RESTRICT,
  kind TEXT NOT NULL CHECK (kind IN ('operator', 'room', 'vehicle')),
  name TEXT NOT NULL,
  version BIGINT NOT NULL DEFAULT 0
);

-- The template is shared by territories; what a territory offers is a service.
CREATE TABLE service_template (
  id $pk,
  code TEXT NOT NULL UNIQUE,
  category_id BIGINT NOT NULL REFERENCES category(id) ON DELETE RESTRICT,
  name TEXT NOT NULL
);

-- A draft may still lack mode, price, category or owner; what people see may not.
CREATE TABLE service (
  id $pk,
  territory_id BIGINT NOT NULL REFERENCES territory(id) ON DELETE RESTRICT,
  provider_id BIGINT NOT NULL REFERENCES provider(id) ON DELETE RESTRICT,
  category_id BIGINT REFERENCES category(id) ON DELETE RESTRICT,
  template_id BIGINT REFERENCES service_template(id) ON DELETE RESTRICT,
  slug TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('draft', 'published', 'suspended')),
  status_reason TEXT NOT NULL DEFAULT '',
  action TEXT NOT NULL CHECK (action IN ('book', 'request', 'call')),
  mode TEXT CHECK (mode IN ('centre', 'home', 'online', 'phone')),
  price BIGINT CHECK (price >= 0),
  unit TEXT NOT NULL CHECK (unit IN ('visit', 'hour', 'meal', 'km', 'person')),
  min_quantity INTEGER NOT NULL DEFAULT 1 CHECK (min_quantity >= 1),
  max_quantity INTEGER NOT NULL DEFAULT 1 CHECK (max_quantity >= min_quantity),
  minutes INTEGER NOT NULL CHECK (minutes > 0),
  step_minutes INTEGER NOT NULL CHECK (step_minutes > 0),
  buffer_minutes INTEGER NOT NULL DEFAULT 0,
  capacity INTEGER NOT NULL DEFAULT 1 CHECK (capacity >= 1),
  notice_hours INTEGER NOT NULL DEFAULT 24,
  horizon_days INTEGER NOT NULL DEFAULT 60,
  cancel_hours INTEGER NOT NULL DEFAULT 24,
  answer_days INTEGER NOT NULL DEFAULT 3,
  min_age INTEGER,
  max_age INTEGER,
  free_from_age INTEGER,
  free_from_basis TEXT NOT NULL DEFAULT '',
  is_confidential BOOLEAN NOT NULL,
  needs_approval BOOLEAN NOT NULL,
  allows_guest BOOLEAN NOT NULL,
  call_phone TEXT NOT NULL DEFAULT '',
  owner TEXT NOT NULL,
  published_at TIMESTAMPTZ,
  UNIQUE (territory_id, slug),
  CHECK (status = 'draft' OR (mode IS NOT NULL AND price IS NOT NULL AND category_id IS NOT NULL AND owner <> ''))
);

CREATE INDEX service_provider ON service(provider_id);

CREATE INDEX service_category ON service(territory_id, category_id);

-- The official order of a service page: for whom, how, what is needed, what you get, when, conditions.
CREATE TABLE service_text (
  service_id BIGINT NOT NULL REFERENCES service(id) ON DELETE RESTRICT,
  language TEXT NOT NULL,
  name TEXT NOT NULL,
  summary TEXT NOT NULL,
  for_whom TEXT NOT NULL,
  how_to TEXT NOT NULL,
  needed TEXT NOT NULL,
  obtained TEXT NOT NULL,
  times TEXT NOT NULL,
  conditions TEXT NOT NULL,
  bring TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (service_id, language)
);

CREATE TABLE service_family (
  service_id BIGINT NOT NULL REFERENCES service(id) ON DELETE RESTRICT,
  family TEXT NOT NULL CHECK (family IN ('childhood', 'elderly', 'disability')),
  PRIMARY KEY (service_id, family)
);

CREATE TABLE service_municipality (
  service_id BIGINT NOT NULL REFERENCES service(id) ON DELETE RESTRICT,
  municipality_id BIGINT NOT NULL REFERENCES municipality(id) ON DELETE RESTRICT,
  PRIMARY KEY (service_id, municipality_id)
);

CREATE TABLE price_class (
  id $pk,
  service_id BIGINT NOT NULL REFERENCES service(id) ON DELETE RESTRICT,
  name TEXT NOT NULL,
  price $cents,
  max_age INTEGER
);

CREATE INDEX price_class_service ON price_class(service_id);

-- first_free is kept by the verbs that take and free slots; null means nothing free within the horizon.
CREATE TABLE service_place (
  id $pk,
  service_id BIGINT NOT NULL REFERENCES service(id) ON DELETE RESTRICT,
  place_id BIGINT NOT NULL REFERENCES place(id) ON DELETE RESTRICT,
  first_free TIMESTAMPTZ,
  first_free_at TIMESTAMPTZ,
  UNIQUE (service_id, place_id)
);

CREATE INDEX service_place_place ON service_place(place_id);

CREATE TABLE service_resource (
  service_place_id BIGINT NOT NULL REFERENCES service_place(id) ON DELETE RESTRICT,
  resource_id BIGINT NOT NULL REFERENCES resource(id) ON DELETE RESTRICT,
  PRIMARY KEY (service_place_id, resource_id)
);

-- rule is an RFC 5545 RRULE on days; starts and ends are wall-clock times of the territory.
CREATE TABLE working_plan (
  id $pk,
  service_place_id BIGINT NOT NULL REFERENCES service_place(id) ON DELETE RESTRICT,
  rule TEXT NOT NULL,
  starts TEXT NOT NULL CHECK (length(starts) = 5),
  ends TEXT NOT NULL CHECK (length(ends) = 5),
  from_on DATE NOT NULL,
  until_on DATE
);

CREATE INDEX working_plan_place ON working_plan(service_place_id);

CREATE TABLE plan_exception (
  id $pk,
  service_place_id BIGINT REFERENCES service_place(id) ON DELETE RESTRICT,
  place_id BIGINT REFERENCES place(id) ON DELETE RESTRICT,
  day DATE NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('closed', 'open')),
  starts TEXT NOT NULL DEFAULT '',
  ends TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL
);

CREATE INDEX plan_exception_service_place ON plan_exception(service_place_id, day);

CREATE INDEX plan_exception_place ON plan_exception(place_id, day);

CREATE TABLE question (
  id $pk,
  service_id BIGINT NOT NULL REFERENCES service(id) ON DELETE RESTRICT,
  position INTEGER NOT NULL,
  wording TEXT NOT NULL,
  why TEXT NOT NULL,
  seen_by TEXT NOT NULL,
  choices TEXT NOT NULL DEFAULT '',
  is_required BOOLEAN NOT NULL
);

CREATE INDEX question_service ON question(service_id);

-- What people say is not what a catalogue says: staff edit these as data.
CREATE TABLE synonym (
  id $pk,
  territory_id BIGINT REFERENCES territory(id) ON DELETE RESTRICT,
  said TEXT NOT NULL,
  meant TEXT NOT NULL
);

CREATE TABLE not_offered (
  id $pk,
  territory_id BIGINT REFERENCES territory(id) ON DELETE RESTRICT,
  said TEXT NOT NULL,
  answer TEXT NOT NULL,
  phone TEXT NOT NULL DEFAULT ''
);

CREATE TABLE search_word (
  word TEXT NOT NULL,
  service_id BIGINT NOT NULL REFERENCES service(id) ON DELETE RESTRICT,
  language TEXT NOT NULL,
  weight INTEGER NOT NULL,
  PRIMARY KEY (word, service_id, language)
);

CREATE INDEX search_word_service ON search_word(service_id);
