-- What is looked for by one value is found along an index. SQLite takes a partial one only where the statement says the
-- same condition, so a statement that knows a reference and nothing else read every delivery there ever was.
DROP INDEX delivery_reference;

CREATE INDEX delivery_reference ON delivery(reference);

CREATE INDEX message_to_call ON message(useless_after) WHERE state = 'to_call';

CREATE INDEX push_subscription_device ON push_subscription(device_id) WHERE ended_at IS NULL;

CREATE INDEX session_device ON session(device_id) WHERE ended_at IS NULL;

CREATE INDEX session_staff ON session(staff_id) WHERE ended_at IS NULL;

CREATE INDEX answer_deleted ON answer(delete_after);
