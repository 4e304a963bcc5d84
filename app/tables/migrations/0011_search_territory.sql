-- A search reads the words of its own territory alone, the strongest first: what others offer costs it nothing.
-- Only what is published has words here.

CREATE TEMPORARY TABLE word_before AS SELECT w.service_id, w.word, w.language, s.territory_id, w.weight
  FROM search_word w JOIN service s ON s.id = w.service_id WHERE s.status = 'published';

DROP TABLE search_word;

CREATE TABLE search_word (
  service_id BIGINT NOT NULL REFERENCES service(id) ON DELETE RESTRICT,
  word TEXT NOT NULL,
  language TEXT NOT NULL,
  territory_id BIGINT NOT NULL REFERENCES territory(id) ON DELETE RESTRICT,
  weight INTEGER NOT NULL,
  PRIMARY KEY (service_id, language, word)
-- sqlite
) WITHOUT ROWID;
-- postgres
);
-- all

INSERT INTO search_word (service_id, word, language, territory_id, weight)
  SELECT service_id, word, language, territory_id, weight FROM word_before ORDER BY service_id, language, word;

DROP TABLE word_before;

CREATE INDEX search_word_strongest ON search_word(territory_id, word, language, weight DESC, service_id);
