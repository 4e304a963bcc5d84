-- What a list, a page of it or a search reads is found along an index alone, however many services there are.

DROP INDEX service_category;

CREATE INDEX service_listed ON service(territory_id, status, category_id, id, provider_id);

CREATE INDEX service_family_of ON service_family(family, service_id);

CREATE INDEX search_word_weight ON search_word(word, language, service_id, weight);

-- What people say and mean is kept in memory until the content changes, so it counts as content.
-- each synonym not_offered

-- sqlite
CREATE TRIGGER $each_added AFTER INSERT ON $each BEGIN UPDATE content_version SET version = version + 1; END;

CREATE TRIGGER $each_changed AFTER UPDATE ON $each BEGIN UPDATE content_version SET version = version + 1; END;

CREATE TRIGGER $each_removed AFTER DELETE ON $each BEGIN UPDATE content_version SET version = version + 1; END;

-- postgres
CREATE TRIGGER $each_content AFTER INSERT OR UPDATE OR DELETE ON $each FOR EACH STATEMENT EXECUTE FUNCTION count_content();

-- all
