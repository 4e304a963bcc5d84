-- What a service needs and asks is kept in memory until the content changes, so it counts as content.
-- each service_resource question

-- sqlite
CREATE TRIGGER $each_added AFTER INSERT ON $each BEGIN UPDATE content_version SET version = version + 1; END;

CREATE TRIGGER $each_changed AFTER UPDATE ON $each BEGIN UPDATE content_version SET version = version + 1; END;

CREATE TRIGGER $each_removed AFTER DELETE ON $each BEGIN UPDATE content_version SET version = version + 1; END;

-- postgres
CREATE TRIGGER $each_content AFTER INSERT OR UPDATE OR DELETE ON $each FOR EACH STATEMENT EXECUTE FUNCTION count_content();
