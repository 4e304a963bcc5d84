-- When the next message may be told is asked after each one: of those that wait the first, of the few leased the soonest.
CREATE INDEX message_leased ON message(lease_until) WHERE state = 'due' AND lease_until IS NOT NULL;
