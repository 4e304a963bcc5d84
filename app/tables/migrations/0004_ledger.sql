-- Bounded accounts carry four counters; unbounded ones are sums and are never updated.
-- Money moves from the debited account to the credited one.

CREATE TABLE funder (
  id $pk,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  said TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL CHECK (kind IN ('municipality', 'foundation', 'employer', 'bilateral_body', 'donors'))
);

CREATE TABLE account (
  id $pk,
  kind TEXT NOT NULL CHECK (kind IN ('bank', 'fund', 'commitment', 'purse', 'voucher', 'payable', 'returned',
    'pot', 'desk_cash')),
  is_bounded BOOLEAN NOT NULL,
  credits_posted BIGINT NOT NULL DEFAULT 0,
  credits_pending BIGINT NOT NULL DEFAULT 0,
  debits_posted BIGINT NOT NULL DEFAULT 0,
  debits_pending BIGINT NOT NULL DEFAULT 0,
  opened_at TIMESTAMPTZ NOT NULL,
  CHECK (credits_posted >= 0 AND credits_pending >= 0 AND debits_posted >= 0 AND debits_pending >= 0),
  CHECK (debits_posted + debits_pending <= credits_posted)
);

CREATE TABLE fund (
  id $pk,
  funder_id BIGINT NOT NULL REFERENCES funder(id) ON DELETE RESTRICT,
  slug TEXT NOT NULL UNIQUE,
  public_name TEXT NOT NULL,
  administrative_name TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account(id) ON DELETE RESTRICT,
  commitment_account_id BIGINT NOT NULL REFERENCES account(id) ON DELETE RESTRICT,
  returned_account_id BIGINT NOT NULL REFERENCES account(id) ON DELETE RESTRICT,
  bank_account_id BIGINT NOT NULL REFERENCES account(id) ON DELETE RESTRICT,
  from_on DATE NOT NULL,
  until_on DATE NOT NULL,
  priority INTEGER NOT NULL DEFAULT 100,
  validity_day TEXT NOT NULL DEFAULT 'service' CHECK (validity_day IN ('service', 'booking')),
  grace_days INTEGER NOT NULL DEFAULT 30,
  expired_goes_to TEXT NOT NULL DEFAULT 'fund' CHECK (expired_goes_to IN ('fund', 'returned')),
  is_combinable BOOLEAN NOT NULL,
  allows_own_money BOOLEAN NOT NULL,
  for_household BOOLEAN NOT NULL,
  target TEXT NOT NULL DEFAULT ''
);

-- No rule of a kind means everything of that kind; several rules of a kind are alternatives.
-- A 'share' rule caps what the fund pays of one booking: share_percent of the price, at most max_cents.
CREATE TABLE fund_rule (
  id $pk,
  fund_id BIGINT NOT NULL REFERENCES fund(id) ON DELETE RESTRICT,
  kind TEXT NOT NULL CHECK (kind IN ('category', 'provider', 'provider_kind', 'territory', 'share')),
  value TEXT NOT NULL DEFAULT '',
  share_percent INTEGER,
  max_cents BIGINT
);

CREATE INDEX fund_rule_fund ON fund_rule(fund_id);

CREATE TABLE purse (
  id $pk,
  account_id BIGINT NOT NULL UNIQUE REFERENCES account(id) ON DELETE RESTRICT,
  fund_id BIGINT NOT NULL REFERENCES fund(id) ON DELETE RESTRICT,
  person_id BIGINT REFERENCES person(id) ON DELETE RESTRICT,
  household_id BIGINT REFERENCES household(id) ON DELETE RESTRICT,
  expires_on DATE NOT NULL,
  CHECK ((person_id IS NULL) <> (household_id IS NULL))
);

CREATE UNIQUE INDEX purse_person ON purse(person_id, fund_id, expires_on) WHERE person_id IS NOT NULL;

CREATE UNIQUE INDEX purse_household ON purse(household_id, fund_id, expires_on) WHERE household_id IS NOT NULL;

CREATE INDEX purse_fund ON purse(fund_id);

CREATE TABLE payable (
  id $pk,
  account_id BIGINT NOT NULL UNIQUE REFERENCES account(id) ON DELETE RESTRICT,
  provider_id BIGINT NOT NULL REFERENCES provider(id) ON DELETE RESTRICT,
  fund_id BIGINT NOT NULL REFERENCES fund(id) ON DELETE RESTRICT,
  UNIQUE (provider_id, fund_id)
);

CREATE TABLE transfer (
  id $pk,
  kind TEXT NOT NULL CHECK (kind IN ('pay_in', 'issue', 'commit', 'release', 'hold', 'post', 'void', 'refund',
    'expire', 'return', 'move', 'correct')),
  debit_account_id BIGINT NOT NULL REFERENCES account(id) ON DELETE RESTRICT,
  credit_account_id BIGINT NOT NULL REFERENCES account(id) ON DELETE RESTRICT,
  amount $cents,
  hold_id BIGINT REFERENCES transfer(id) ON DELETE RESTRICT,
  corrects_id BIGINT REFERENCES transfer(id) ON DELETE RESTRICT,
  booking_id BIGINT,
  reason TEXT NOT NULL DEFAULT '',
  actor_kind TEXT NOT NULL,
  actor_id BIGINT NOT NULL,
  made_at TIMESTAMPTZ NOT NULL,
  digest TEXT NOT NULL,
  CHECK (debit_account_id <> credit_account_id),
  CHECK ((kind IN ('post', 'void')) = (hold_id IS NOT NULL)),
  CHECK (amount > 0 OR kind = 'void')
);

-- A hold resolves at most once: by constraint, not by code.
CREATE UNIQUE INDEX transfer_hold ON transfer(hold_id) WHERE hold_id IS NOT NULL;

CREATE INDEX transfer_debit ON transfer(debit_account_id, made_at);

CREATE INDEX transfer_credit ON transfer(credit_account_id, made_at);

CREATE INDEX transfer_booking ON transfer(booking_id);

CREATE TABLE audit (
  id $pk,
  at TIMESTAMPTZ NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT NOT NULL,
  person_id BIGINT,
  territory_id BIGINT,
  what TEXT NOT NULL,
  subject_kind TEXT NOT NULL DEFAULT '',
  subject_id BIGINT NOT NULL DEFAULT 0,
  purpose TEXT NOT NULL DEFAULT '',
  device TEXT NOT NULL DEFAULT '',
  digest TEXT NOT NULL
);

CREATE INDEX audit_person ON audit(person_id, at);

CREATE INDEX audit_actor ON audit(actor_kind, actor_id, at);

-- Writers never wait for a global chain: one leased sealer links committed rows afterwards.
CREATE TABLE seal (
  id $pk,
  chain TEXT NOT NULL CHECK (chain IN ('transfer', 'audit')),
  previous TEXT NOT NULL,
  head TEXT NOT NULL,
  items INTEGER NOT NULL,
  sealed_at TIMESTAMPTZ NOT NULL
);

CREATE UNIQUE INDEX seal_previous ON seal(chain, previous);

CREATE TABLE seal_item (
  chain TEXT NOT NULL,
  row_id BIGINT NOT NULL,
  seal_id BIGINT NOT NULL REFERENCES seal(id) ON DELETE RESTRICT,
  position INTEGER NOT NULL,
  PRIMARY KEY (chain, row_id)
);

CREATE TABLE lease (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE once_key (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  verb TEXT NOT NULL,
  input_hash TEXT NOT NULL,
  result TEXT NOT NULL DEFAULT '',
  made_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (scope, key)
);

CREATE INDEX once_key_made ON once_key(made_at);

-- Append-only: history is written once.
-- sqlite
CREATE TRIGGER transfer_no_update BEFORE UPDATE ON transfer BEGIN SELECT RAISE(ABORT, 'transfer is append-only'); END;

CREATE TRIGGER transfer_no_delete BEFORE DELETE ON transfer BEGIN SELECT RAISE(ABORT, 'transfer is append-only'); END;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TRIGGER seal_no_update BEFORE UPDATE ON seal BEGIN SELECT RAISE(ABORT, 'seal is append-only'); END;

CREATE TRIGGER seal_no_delete BEFORE DELETE ON seal BEGIN SELECT RAISE(ABORT, 'seal is append-only'); END;

CREATE TRIGGER seal_item_no_update BEFORE UPDATE ON seal_item BEGIN SELECT RAISE(ABORT, 'seal_item is append-only'); END;

CREATE TRIGGER seal_item_no_delete BEFORE DELETE ON seal_item BEGIN SELECT RAISE(ABORT, 'seal_item is append-only'); END;

-- postgres
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;

CREATE TRIGGER transfer_no_change BEFORE UPDATE OR DELETE ON transfer FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER transfer_no_truncate BEFORE TRUNCATE ON transfer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER seal_no_change BEFORE UPDATE OR DELETE ON seal FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER seal_no_truncate BEFORE TRUNCATE ON seal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER seal_item_no_change BEFORE UPDATE OR DELETE ON seal_item FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER seal_item_no_truncate BEFORE TRUNCATE ON seal_item FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- all
