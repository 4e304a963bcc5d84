-- What public pages say is kept ready by every process; this number tells them when it changed, by whatever hand.
-- Free times are not meant: a page that shows them is drawn again every 30 seconds.

CREATE TABLE content_version (
  version BIGINT NOT NULL
);

INSERT INTO content_version (version) VALUES (1);

-- each territory municipality social_point opening category provider accreditation place service service_text service_family service_municipality price_class working_plan plan_exception fund funder fund_rule

-- sqlite
CREATE TRIGGER $each_added AFTER INSERT ON $each BEGIN UPDATE content_version SET version = version + 1; END;

CREATE TRIGGER $each_changed AFTER UPDATE ON $each BEGIN UPDATE content_version SET version = version + 1; END;

CREATE TRIGGER $each_removed AFTER DELETE ON $each BEGIN UPDATE content_version SET version = version + 1; END;

CREATE TRIGGER service_place_added AFTER INSERT ON service_place BEGIN UPDATE content_version SET version = version + 1; END;

CREATE TRIGGER service_place_removed AFTER DELETE ON service_place BEGIN UPDATE content_version SET version = version + 1; END;

-- postgres
CREATE FUNCTION count_content() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE content_version SET version = version + 1; RETURN NULL; END $$;

CREATE TRIGGER $each_content AFTER INSERT OR UPDATE OR DELETE ON $each FOR EACH STATEMENT EXECUTE FUNCTION count_content();

CREATE TRIGGER service_place_content AFTER INSERT OR DELETE ON service_place FOR EACH STATEMENT EXECUTE FUNCTION count_content();

-- all
