-- How many hours before an appointment of this service people are reminded; a service without rows does as all others do.
CREATE TABLE service_lead (
  service_id BIGINT NOT NULL REFERENCES service(id) ON DELETE RESTRICT,
  lead_hours INTEGER NOT NULL CHECK (lead_hours BETWEEN 2 AND 672),
  PRIMARY KEY (service_id, lead_hours)
);

-- A receipt, a status or a bounce names its delivery by this word.
CREATE INDEX delivery_reference ON delivery(reference) WHERE reference <> '';
