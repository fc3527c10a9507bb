/** The statements of a flush. Each is prepared once per connection. */

export const BEGIN = `BEGIN; SELECT set_config('app.actor', 'system:intake', true), set_config('app.scope', 'system', true)`;
export const ACTOR_NAME = 'system:intake';

const NEW_ROWS = `
  INSERT INTO notification (id, force_code, force_reference, version, category, risk, received_at)
  SELECT id, force_code, force_reference, version, category, risk, received_at
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::timestamptz[])
    AS item(id, force_code, force_reference, version, category, risk, received_at)`;
// In one order everywhere, so that two processes with the same references wait for, rather than deadlock, each other.
const IN_ORDER = `ORDER BY force_code COLLATE "C", force_reference COLLATE "C"
  ON CONFLICT (force_code, force_reference) DO NOTHING RETURNING id`;

/** References that are new are taken at once; the others are returned by nobody and read afterwards. */
export const CLAIM = { name: 'intake_claim', text: `${NEW_ROWS} ${IN_ORDER}` };

/** The same where some carry an Idempotency-Key: one whose key is known is not new, and expired keys are forgotten. */
export const CLAIM_WITH_KEYS = {
  name: 'intake_claim_keys',
  text: `
  WITH asked AS (SELECT * FROM unnest($8::text[], $9::bytea[], $10::uuid[]) AS asked(force_code, key_digest, id)),
    expired AS (
      DELETE FROM idempotency_key k USING asked
      WHERE k.force_code = asked.force_code AND k.key_digest = asked.key_digest AND k.created_at <= $11)
  ${NEW_ROWS}
  WHERE id NOT IN (
    SELECT asked.id FROM asked JOIN idempotency_key k USING (force_code, key_digest) WHERE k.created_at > $11)
  ${IN_ORDER}`,
};

const WANTED = 'SELECT * FROM unnest($1::text[], $2::text[])';

/** Locks the references that were there before. NO KEY: rows that point at them may still be written by others. */
export const LOCK = {
  name: 'intake_lock',
  text: `
  SELECT n.id, n.force_code, n.force_reference, n.received_at, k.wrapped_key, k.master_key_version
  FROM notification n LEFT JOIN sealed_key k ON k.notification_id = n.id
  WHERE (n.force_code, n.force_reference) IN (${WANTED})
  ORDER BY n.force_code COLLATE "C", n.force_reference COLLATE "C" FOR NO KEY UPDATE OF n`,
};

export const VERSIONS = {
  name: 'intake_versions',
  text: `
  SELECT v.notification_id, v.version, v.received_at, v.content_digest, v.warnings::text AS warnings
  FROM notification_version v JOIN notification n ON n.id = v.notification_id
  WHERE (n.force_code, n.force_reference) IN (${WANTED})`,
};

export const CHILDREN = {
  name: 'intake_children',
  text: `
  SELECT c.id, c.notification_id, c.reference FROM child c JOIN notification n ON n.id = c.notification_id
  WHERE (n.force_code, n.force_reference) IN (${WANTED})`,
};

export const KEYS = {
  name: 'intake_keys',
  text: `
  SELECT force_code, key_digest, version, content_digest FROM idempotency_key
  WHERE (force_code, key_digest) IN (SELECT * FROM unnest($1::text[], $2::bytea[])) AND created_at > $3`,
};

export const NEWER = {
  name: 'intake_newer',
  text: `
  UPDATE notification n SET version = u.version, category = u.category, risk = u.risk
  FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[]) AS u(id, version, category, risk) WHERE n.id = u.id`,
};

/** What a replay finds lost is armed again: a notice that nobody owns yet and whose routing nobody will run. */
export const REARM = {
  name: 'intake_rearm',
  text: `
  INSERT INTO outbox (id, name, payload, notice_id, due_at, created_at, correlation_id)
  SELECT gen_random_uuid(), 'notice.route', jsonb_build_object('noticeId', n.id), n.id, $3, $3, $4
  FROM notice n JOIN unnest($1::uuid[], $2::int[]) AS replayed(notification_id, version) USING (notification_id, version)
  WHERE n.state IN ('received', 'routing') AND NOT EXISTS (
    SELECT 1 FROM outbox o WHERE o.notice_id = n.id AND o.name = 'notice.route' AND o.done_at IS NULL AND o.failed_at IS NULL)`,
};

/** Everything else that a kept version consists of, in one statement; $1 holds all byte strings. */
export const KEEP = {
  name: 'intake_keep',
  text: `
  WITH version_row AS (
    INSERT INTO notification_version (id, notification_id, version, received_at, content_digest, digest_key_version, warnings, correlation_id)
    SELECT id, notification_id, version, received_at, substring($1::bytea FROM at FOR length), key_version, warnings::jsonb, correlation_id
    FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::timestamptz[], $6::int[], $7::int[], $8::int[], $9::text[], $10::text[])
      AS row(id, notification_id, version, received_at, at, length, key_version, warnings, correlation_id)
  ), text_row AS (
    INSERT INTO sealed_text (id, notification_id, kind, ciphertext, created_at)
    SELECT id, notification_id, 'notification', substring($1::bytea FROM at FOR length), received_at
    FROM unnest($2::uuid[], $3::uuid[], $5::timestamptz[], $11::int[], $12::int[]) AS row(id, notification_id, received_at, at, length)
  ), key_row AS (
    INSERT INTO sealed_key (notification_id, wrapped_key, master_key_version)
    SELECT notification_id, substring($1::bytea FROM at FOR length), version
    FROM unnest($13::uuid[], $14::int[], $15::int[], $16::int[]) AS row(notification_id, at, length, version)
  ), child_row AS (
    INSERT INTO child (id, notification_id, reference)
    SELECT * FROM unnest($17::uuid[], $18::uuid[], $19::text[])
  ), blind_row AS (
    INSERT INTO blind_index (notification_id, child_id, kind, key_version, digest)
    SELECT notification_id, child_id, kind, key_version, digest FROM (
      SELECT notification_id, child_id, kind, key_version, substring($1::bytea FROM at FOR 32) AS digest, fresh
      FROM unnest($20::uuid[], $21::uuid[], $22::text[], $23::int[], $24::int[], $25::boolean[])
        AS row(notification_id, child_id, kind, key_version, at, fresh)) AS row
    WHERE fresh OR NOT EXISTS (
      SELECT 1 FROM blind_index b WHERE b.notification_id = row.notification_id AND b.kind = row.kind
        AND b.digest = row.digest AND b.child_id IS NOT DISTINCT FROM row.child_id)
  ), notice_row AS (
    INSERT INTO notice (id, reference, notification_id, version, child_id, child_reference, force_code, risk, state, received_at)
    SELECT id, reference, notification_id, version, child_id, child_reference, force_code, risk, 'received', received_at
    FROM unnest($26::uuid[], $27::text[], $28::uuid[], $29::int[], $30::uuid[], $31::text[], $32::text[], $33::text[], $34::timestamptz[])
      AS row(id, reference, notification_id, version, child_id, child_reference, force_code, risk, received_at)
  ), job_row AS (
    INSERT INTO outbox (id, name, payload, notice_id, due_at, created_at, correlation_id)
    SELECT id, 'notice.route', jsonb_build_object('noticeId', notice_id), notice_id, due_at, due_at, correlation_id
    FROM unnest($35::uuid[], $26::uuid[], $36::timestamptz[], $37::text[]) AS row(id, notice_id, due_at, correlation_id)
  ), idempotency_row AS (
    INSERT INTO idempotency_key (force_code, key_digest, notification_id, version, content_digest, digest_key_version, created_at)
    SELECT force_code, substring($1::bytea FROM key_at FOR 32), notification_id, version, substring($1::bytea FROM at FOR length), key_version, created_at
    FROM unnest($38::text[], $39::int[], $40::uuid[], $41::int[], $42::int[], $43::int[], $44::int[], $45::timestamptz[])
      AS row(force_code, key_at, notification_id, version, at, length, key_version, created_at)
  ), audit_row AS (
    INSERT INTO audit_event (at, actor, action, force_code, notification_id, detail, correlation_id)
    SELECT at, '${ACTOR_NAME}', action, force_code, notification_id, detail::jsonb, correlation_id
    FROM unnest($46::timestamptz[], $47::text[], $48::text[], $49::uuid[], $50::text[], $51::text[])
      AS row(at, action, force_code, notification_id, detail, correlation_id)
  )
  UPDATE refused_notification r SET mended_at = row.at
  FROM unnest($52::text[], $53::text[], $54::timestamptz[]) AS row(force_code, force_reference, at)
  WHERE r.force_code = row.force_code AND r.force_reference = row.force_reference AND r.mended_at IS NULL
  RETURNING r.force_code, r.alerted_at`,
};

/** The last refused reference of an alert was accepted after all: nobody needs to look any more. */
export const CLEAR_ALERTS = {
  name: 'intake_clear_alerts',
  text: `
  UPDATE alert a SET cleared_at = $4
  FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS told(subject, force_code, at)
  WHERE a.kind = 'refused-notification' AND a.subject = told.subject AND a.cleared_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM refused_notification r
    WHERE r.force_code = told.force_code AND r.alerted_at = told.at AND r.mended_at IS NULL)`,
};
