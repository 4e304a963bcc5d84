-- What a service gives to read: the text stands on its page, a file is only linked, with its size.
CREATE TABLE material (
  id $pk,
  service_id BIGINT NOT NULL REFERENCES service(id) ON DELETE RESTRICT,
  slug TEXT NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('guide', 'exercise', 'checklist', 'story')),
  title TEXT NOT NULL,
  text TEXT NOT NULL CHECK (text <> ''),
  UNIQUE (service_id, slug)
);

-- content is base64: the same column on both engines. size is bytes of the file itself.
CREATE TABLE material_file (
  id $pk,
  material_id BIGINT NOT NULL REFERENCES material(id) ON DELETE RESTRICT,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL CHECK (media_type IN ('text/plain', 'application/pdf', 'image/png', 'image/jpeg',
    'audio/mpeg')),
  size INTEGER NOT NULL CHECK (size > 0),
  content TEXT NOT NULL,
  UNIQUE (material_id, name)
);

-- each material material_file

-- sqlite
CREATE TRIGGER $each_added AFTER INSERT ON $each BEGIN UPDATE content_version SET version = version + 1; END;

CREATE TRIGGER $each_changed AFTER UPDATE ON $each BEGIN UPDATE content_version SET version = version + 1; END;

CREATE TRIGGER $each_removed AFTER DELETE ON $each BEGIN UPDATE content_version SET version = version + 1; END;

-- postgres
CREATE TRIGGER $each_content AFTER INSERT OR UPDATE OR DELETE ON $each FOR EACH STATEMENT EXECUTE FUNCTION count_content();
