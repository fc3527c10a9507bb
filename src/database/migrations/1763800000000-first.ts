import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from '../roles.js';

/**
 * The first schema. Rules that hold from here on:
 * - the application connects as a role that owns nothing and cannot change or delete audit rows;
 * - row-level security is forced on every table: without `app.actor` no row is seen or written;
 * - text about people stands only in `sealed_text`, under a key of its notification in `sealed_key`;
 * - every instant is `timestamptz`, every status a text with a CHECK.
 */
export class First1763800000000 implements MigrationInterface {
  name = 'First1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [
      FUNCTIONS,
      DIRECTORY,
      CALENDAR,
      NOTIFICATIONS,
      NOTICES,
      DELIVERY,
      IDENTITY,
      RECORD,
      RELATIONSHIPS,
    ]) {
      await runner.query(part);
    }
    await runner.query(grants());
    for (const [table, using] of Object.entries(POLICIES)) {
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_by_relationship ON ${table} TO ${APP_ROLE} USING (${using}) WITH CHECK (${using});
      `);
    }
  }

  async down(): Promise<void> {
    throw new Error('There is no way down from the first migration: restore a backup instead.');
  }
}

const FUNCTIONS = `
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE FUNCTION app_actor() RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('app.actor', true), '') $$;
  CREATE FUNCTION app_scope() RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT coalesce(current_setting('app.scope', true), '') $$;
  -- System work (jobs, intake, migrations of data) and administrators of the installation.
  CREATE FUNCTION app_system() RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT coalesce(current_setting('app.scope', true), '') IN ('system', 'admin')
             AND nullif(current_setting('app.actor', true), '') IS NOT NULL $$;
`;

const DIRECTORY = `
  CREATE TABLE authority (
    code text PRIMARY KEY,
    name text NOT NULL,
    gss_code text,
    nation text NOT NULL DEFAULT 'england' CHECK (nation IN ('england', 'wales', 'scotland', 'northern-ireland')),
    served boolean NOT NULL DEFAULT true,
    ladder_policy jsonb,
    routing_policy jsonb,
    guidance jsonb,
    created_at timestamptz NOT NULL
  );
  CREATE TABLE force (
    code text PRIMARY KEY,
    name text NOT NULL,
    mailbox text,
    telephone text,
    default_authority_code text REFERENCES authority,
    disclosure_profile text NOT NULL DEFAULT 'standard' CHECK (disclosure_profile IN ('minimal', 'standard', 'full')),
    created_at timestamptz NOT NULL
  );
  CREATE TABLE disclosure (
    force_code text NOT NULL REFERENCES force,
    authority_code text NOT NULL REFERENCES authority,
    profile text NOT NULL CHECK (profile IN ('minimal', 'standard', 'full')),
    PRIMARY KEY (force_code, authority_code)
  );
  CREATE TABLE setting (
    urn text PRIMARY KEY,
    authority_code text NOT NULL REFERENCES authority,
    establishment_number text,
    laestab text,
    name text NOT NULL,
    normalised_name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('school', 'early-years')),
    ukprn text,
    type_code text,
    type_name text,
    status text NOT NULL CHECK (status IN ('open', 'proposed-to-close', 'closed', 'proposed-to-open')),
    phase_code text,
    phase_name text,
    low_age integer,
    high_age integer,
    nation text NOT NULL DEFAULT 'england' CHECK (nation IN ('england', 'wales', 'scotland', 'northern-ireland')),
    trust_code text,
    trust_name text,
    street text,
    locality text,
    town text,
    county text,
    postcode text,
    telephone text,
    website text,
    gss_code text,
    opened_on date,
    closed_on date,
    routable boolean NOT NULL DEFAULT true,
    bell text NOT NULL DEFAULT '08:45' CHECK (bell ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    home_time text NOT NULL DEFAULT '15:15' CHECK (home_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' AND home_time > bell),
    ladder_policy jsonb,
    imported_at timestamptz NOT NULL
  );
  CREATE INDEX setting_laestab ON setting (laestab);
  CREATE INDEX setting_authority ON setting (authority_code);
  CREATE INDEX setting_name ON setting USING gin (normalised_name gin_trgm_ops);
  CREATE INDEX setting_postcode ON setting (replace(postcode, ' ', ''));
  CREATE TABLE setting_link (
    urn text NOT NULL,
    link_urn text NOT NULL,
    type text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('successor', 'predecessor', 'other')),
    established_on date,
    PRIMARY KEY (urn, link_urn, type)
  );
  CREATE TABLE desk (
    id uuid PRIMARY KEY,
    authority_code text REFERENCES authority,
    kind text NOT NULL CHECK (kind IN ('triage', 'duty', 'home-education', 'early-years', 'operator')),
    name text NOT NULL,
    email text,
    telephone text,
    CHECK ((authority_code IS NULL) = (kind = 'operator'))
  );
  CREATE UNIQUE INDEX desk_one_of_a_kind ON desk (coalesce(authority_code, ''), kind);
  CREATE TABLE person (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    administrator boolean NOT NULL DEFAULT false,
    force_code text REFERENCES force,
    created_at timestamptz NOT NULL,
    archived_at timestamptz
  );
  CREATE UNIQUE INDEX person_email ON person (lower(email));
  CREATE TABLE contact (
    id uuid PRIMARY KEY,
    setting_urn text REFERENCES setting,
    desk_id uuid REFERENCES desk,
    person_id uuid REFERENCES person,
    role text NOT NULL CHECK (role IN ('dsl', 'deputy', 'head', 'officer', 'manager', 'out-of-hours')),
    name text NOT NULL,
    email text,
    mobile text,
    shared_mailbox boolean NOT NULL DEFAULT false,
    working_days smallint[] NOT NULL DEFAULT '{1,2,3,4,5}',
    holiday_contact boolean NOT NULL DEFAULT false,
    email_verified_at timestamptz,
    mobile_verified_at timestamptz,
    email_bounced_at timestamptz,
    mobile_failed_at timestamptz,
    trained_on date,
    attested_at timestamptz,
    created_at timestamptz NOT NULL,
    archived_at timestamptz,
    CHECK ((setting_urn IS NULL) <> (desk_id IS NULL)),
    CHECK (NOT (shared_mailbox AND person_id IS NOT NULL))
  );
  CREATE UNIQUE INDEX contact_once ON contact (coalesce(setting_urn, ''), coalesce(desk_id, '00000000-0000-0000-0000-000000000000'), role, lower(coalesce(email, '')), lower(name))
    WHERE archived_at IS NULL;
  CREATE INDEX contact_setting ON contact (setting_urn) WHERE archived_at IS NULL;
  CREATE INDEX contact_desk ON contact (desk_id) WHERE archived_at IS NULL;
  CREATE INDEX contact_person ON contact (person_id) WHERE archived_at IS NULL;
  CREATE TABLE absence (
    id uuid PRIMARY KEY,
    contact_id uuid NOT NULL REFERENCES contact,
    from_date date NOT NULL,
    to_date date NOT NULL CHECK (to_date >= from_date),
    cover_contact_id uuid REFERENCES contact,
    created_at timestamptz NOT NULL
  );
  CREATE INDEX absence_contact ON absence (contact_id, to_date);
`;

const CALENDAR = `
  CREATE TABLE calendar_entry (
    id uuid PRIMARY KEY,
    layer text NOT NULL CHECK (layer IN ('setting', 'trust', 'authority', 'nation')),
    key text NOT NULL,
    from_date date NOT NULL,
    to_date date NOT NULL CHECK (to_date >= from_date),
    open boolean NOT NULL,
    kind text NOT NULL CHECK (kind IN ('term', 'holiday', 'inset', 'bank-holiday', 'closure', 'snow')),
    title text NOT NULL,
    imported_at timestamptz NOT NULL,
    UNIQUE (layer, key, from_date, to_date, kind, title)
  );
  CREATE INDEX calendar_by_key ON calendar_entry (layer, key, to_date);
`;

const NOTIFICATIONS = `
  CREATE TABLE notification (
    id uuid PRIMARY KEY,
    force_code text NOT NULL REFERENCES force,
    force_reference text NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    category text NOT NULL,
    risk text NOT NULL CHECK (risk IN ('standard', 'medium', 'high', 'not-assessed')),
    received_at timestamptz NOT NULL,
    retracted_at timestamptz,
    test boolean NOT NULL DEFAULT false,
    UNIQUE (force_code, force_reference)
  );
  CREATE INDEX notification_force ON notification (force_code, received_at);
  CREATE TABLE notification_version (
    id uuid PRIMARY KEY,
    notification_id uuid NOT NULL REFERENCES notification,
    version integer NOT NULL CHECK (version >= 1),
    received_at timestamptz NOT NULL,
    content_digest bytea NOT NULL,
    digest_key_version integer NOT NULL,
    warnings jsonb NOT NULL,
    correlation_id text NOT NULL,
    UNIQUE (notification_id, version)
  );
  CREATE TABLE child (
    id uuid PRIMARY KEY,
    notification_id uuid NOT NULL REFERENCES notification,
    reference text NOT NULL,
    UNIQUE (notification_id, reference)
  );
  CREATE TABLE sealed_key (
    notification_id uuid PRIMARY KEY,
    wrapped_key bytea NOT NULL,
    master_key_version integer NOT NULL
  );
  CREATE TABLE sealed_text (
    id uuid PRIMARY KEY,
    notification_id uuid NOT NULL REFERENCES notification,
    notice_id uuid,
    kind text NOT NULL CHECK (kind IN ('notification', 'action', 'telephone', 'redirect')),
    ciphertext bytea NOT NULL,
    created_at timestamptz NOT NULL
  );
  CREATE INDEX sealed_text_notification ON sealed_text (notification_id);
  CREATE TABLE blind_index (
    notification_id uuid NOT NULL REFERENCES notification,
    child_id uuid,
    kind text NOT NULL CHECK (kind IN ('child-name-dob', 'upn', 'adult-name')),
    key_version integer NOT NULL,
    digest bytea NOT NULL
  );
  CREATE INDEX blind_index_digest ON blind_index (digest, kind);
  CREATE INDEX blind_index_notification ON blind_index (notification_id);
  CREATE TABLE idempotency_key (
    force_code text NOT NULL REFERENCES force,
    key_digest bytea NOT NULL,
    notification_id uuid NOT NULL REFERENCES notification,
    version integer NOT NULL,
    content_digest bytea NOT NULL,
    digest_key_version integer NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (force_code, key_digest)
  );
  CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
  CREATE TABLE refused_notification (
    id uuid PRIMARY KEY,
    force_code text NOT NULL REFERENCES force,
    force_reference text NOT NULL,
    status integer NOT NULL,
    codes text[] NOT NULL DEFAULT '{}',
    times integer NOT NULL DEFAULT 1,
    first_refused_at timestamptz NOT NULL,
    last_refused_at timestamptz NOT NULL,
    mended_at timestamptz,
    alerted_at timestamptz,
    UNIQUE (force_code, force_reference)
  );
`;

const NOTICES = `
  CREATE TABLE notice (
    id uuid PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    notification_id uuid NOT NULL REFERENCES notification,
    version integer NOT NULL,
    child_id uuid NOT NULL REFERENCES child,
    child_reference text NOT NULL,
    force_code text NOT NULL REFERENCES force,
    setting_urn text REFERENCES setting,
    desk_id uuid REFERENCES desk,
    authority_code text REFERENCES authority,
    home_authority_code text,
    incident_authority_code text REFERENCES authority,
    outside boolean NOT NULL DEFAULT false,
    risk text NOT NULL CHECK (risk IN ('standard', 'medium', 'high', 'not-assessed')),
    must_not_collect boolean NOT NULL DEFAULT false,
    test boolean NOT NULL DEFAULT false,
    state text NOT NULL CHECK (state IN ('received', 'routing', 'routed', 'triage', 'delivered', 'acknowledged',
      'actioned', 'closed', 'redirected', 'superseded', 'retracted')),
    generation integer NOT NULL DEFAULT 0,
    received_at timestamptz NOT NULL,
    received_late boolean,
    routed_at timestamptz,
    planned_from timestamptz,
    first_acknowledge_by timestamptz,
    acknowledge_by timestamptz,
    holiday_by timestamptz,
    place_by timestamptz,
    action_by timestamptz,
    next_due_at timestamptz,
    policy jsonb,
    why text,
    from_notice_id uuid REFERENCES notice,
    superseded_by uuid REFERENCES notice,
    delivered_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by uuid REFERENCES contact,
    acknowledged_via text CHECK (acknowledged_via IN ('portal', 'telephone')),
    recorded_by uuid REFERENCES contact,
    owner_contact_id uuid REFERENCES contact,
    in_school_asked_at timestamptz,
    in_school_answered_at timestamptz,
    missed_at timestamptz,
    actioned_at timestamptz,
    closed_at timestamptz,
    redirected_at timestamptz,
    redirect_reason text CHECK (redirect_reason IN ('not-our-pupil', 'knows-family')),
    charge_contact_id uuid REFERENCES contact,
    charge_until timestamptz,
    crossed integer NOT NULL DEFAULT 0,
    CHECK (setting_urn IS NULL OR desk_id IS NULL),
    CHECK (state IN ('received', 'routing', 'superseded', 'retracted') OR setting_urn IS NOT NULL OR desk_id IS NOT NULL),
    CHECK ((acknowledged_at IS NULL) = (acknowledged_via IS NULL)),
    CHECK (state NOT IN ('routed', 'triage', 'delivered', 'acknowledged') OR next_due_at IS NOT NULL)
  );
  CREATE INDEX notice_notification ON notice (notification_id);
  CREATE INDEX notice_child ON notice (child_id);
  CREATE INDEX notice_setting_open ON notice (setting_urn) WHERE state IN ('routed', 'delivered', 'acknowledged', 'actioned');
  CREATE INDEX notice_setting_recent ON notice (setting_urn, received_at);
  CREATE INDEX notice_desk_open ON notice (desk_id) WHERE desk_id IS NOT NULL AND state IN ('triage', 'delivered', 'acknowledged', 'actioned');
  CREATE INDEX notice_authority ON notice (authority_code, received_at);
  CREATE INDEX notice_authority_waiting ON notice (authority_code) WHERE state IN ('triage', 'routed', 'delivered', 'acknowledged');
  CREATE INDEX notice_home_authority ON notice (home_authority_code, received_at);
  CREATE UNIQUE INDEX notice_once_per_recipient ON notice (child_id, coalesce(setting_urn, ''), coalesce(desk_id, '00000000-0000-0000-0000-000000000000'), version)
    WHERE state NOT IN ('redirected', 'superseded', 'retracted', 'closed') AND (setting_urn IS NOT NULL OR desk_id IS NOT NULL);
  CREATE TABLE notice_exclusion (
    notice_id uuid NOT NULL REFERENCES notice,
    contact_id uuid NOT NULL REFERENCES contact,
    why text NOT NULL CHECK (why IN ('name-match', 'knows-family', 'by-person')),
    excluded_at timestamptz NOT NULL,
    PRIMARY KEY (notice_id, contact_id)
  );
  CREATE TABLE routing_decision (
    id uuid PRIMARY KEY,
    notice_id uuid NOT NULL REFERENCES notice,
    at timestamptz NOT NULL,
    decision text NOT NULL CHECK (decision IN ('setting', 'desk')),
    urn text,
    desk text,
    authority_code text,
    score double precision,
    margin double precision,
    threshold double precision,
    candidates jsonb NOT NULL,
    why jsonb NOT NULL,
    decided_by text NOT NULL
  );
  CREATE INDEX routing_decision_notice ON routing_decision (notice_id);
  CREATE TABLE rung (
    notice_id uuid NOT NULL REFERENCES notice,
    generation integer NOT NULL,
    rung text NOT NULL CHECK (rung IN ('first', 'reminder', 'deputies', 'head', 'desk', 'missed',
      'holiday-desk', 'holiday-missed', 'deadline-moved')),
    role text NOT NULL CHECK (role IN ('dsl', 'deputy', 'head', 'desk')),
    at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('planned', 'fired', 'empty', 'cancelled', 'inherited')),
    fired_at timestamptz,
    why text,
    PRIMARY KEY (notice_id, generation, rung)
  );
  CREATE TABLE notice_action (
    id uuid PRIMARY KEY,
    notice_id uuid NOT NULL REFERENCES notice,
    contact_id uuid NOT NULL REFERENCES contact,
    decided_at timestamptz NOT NULL,
    in_school text NOT NULL CHECK (in_school IN ('yes', 'no', 'not-a-school-day', 'not-known')),
    told text NOT NULL CHECK (told IN ('social-worker', 'early-help', 'no-one-involved', 'not-yet')),
    sealed_text_id uuid REFERENCES sealed_text
  );
  CREATE INDEX notice_action_notice ON notice_action (notice_id);
`;

const DELIVERY = `
  CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    payload jsonb NOT NULL,
    notice_id uuid,
    generation integer,
    due_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    published_at timestamptz,
    publish_number integer NOT NULL DEFAULT 0,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    done_at timestamptz,
    failed_at timestamptz,
    last_error text,
    correlation_id text NOT NULL
  );
  CREATE INDEX outbox_due ON outbox (due_at)
    WHERE next_attempt_at IS NULL AND done_at IS NULL AND failed_at IS NULL;
  CREATE INDEX outbox_again ON outbox (next_attempt_at)
    WHERE next_attempt_at IS NOT NULL AND done_at IS NULL AND failed_at IS NULL;
  CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;
  CREATE INDEX outbox_failed ON outbox (failed_at) WHERE failed_at IS NOT NULL;
  CREATE INDEX outbox_notice ON outbox (notice_id) WHERE notice_id IS NOT NULL;
  CREATE TABLE mailing (
    id uuid PRIMARY KEY,
    contact_id uuid NOT NULL REFERENCES contact,
    channel text NOT NULL CHECK (channel IN ('email', 'sms')),
    messages integer NOT NULL,
    state text NOT NULL CHECK (state IN ('sending', 'accepted', 'delivered', 'bounced', 'failed')),
    claimed_at timestamptz NOT NULL,
    accepted_at timestamptz,
    provider_id text,
    repeated boolean NOT NULL DEFAULT false
  );
  CREATE TABLE outgoing_message (
    id uuid PRIMARY KEY,
    notice_id uuid NOT NULL REFERENCES notice,
    generation integer NOT NULL,
    rung text NOT NULL,
    contact_id uuid NOT NULL REFERENCES contact,
    channel text NOT NULL CHECK (channel IN ('email', 'sms')),
    state text NOT NULL CHECK (state IN ('pending', 'sending', 'accepted', 'delivered', 'bounced', 'failed', 'suppressed')),
    not_before timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    mailing_id uuid REFERENCES mailing,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    accepted_at timestamptz,
    error_code text,
    crossed boolean NOT NULL DEFAULT false,
    UNIQUE (notice_id, generation, rung, contact_id, channel)
  );
  CREATE INDEX outgoing_message_pending ON outgoing_message (contact_id, channel) WHERE state IN ('pending', 'sending');
  CREATE TABLE alert (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,
    force_code text REFERENCES force,
    detail jsonb NOT NULL,
    raised_at timestamptz NOT NULL,
    last_raised_at timestamptz NOT NULL,
    times integer NOT NULL DEFAULT 1,
    mailed_at timestamptz,
    cleared_at timestamptz
  );
  CREATE UNIQUE INDEX alert_open ON alert (kind, subject) WHERE cleared_at IS NULL;
`;

const IDENTITY = `
  CREATE TABLE force_client (
    client_id text PRIMARY KEY,
    force_code text NOT NULL REFERENCES force,
    secret_digest bytea,
    jwks jsonb,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
  );
  CREATE TABLE sign_in_code (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person,
    code_digest bytea,
    requester_digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    used_at timestamptz
  );
  CREATE INDEX sign_in_code_person ON sign_in_code (person_id, created_at);
  CREATE TABLE staff_session (
    id_digest bytea PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person,
    contact_id uuid REFERENCES contact,
    chosen_kind text CHECK (chosen_kind IN ('force', 'administrator')),
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
  );
  CREATE INDEX staff_session_expiry ON staff_session (expires_at);
`;

const RECORD = `
  CREATE TABLE audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,
    action text NOT NULL,
    force_code text,
    authority_code text,
    setting_urn text,
    notification_id uuid,
    notice_id uuid,
    contact_id uuid,
    detail jsonb NOT NULL,
    correlation_id text NOT NULL,
    CHECK (actor = app_actor())
  );
  CREATE INDEX audit_event_notice ON audit_event (notice_id);
  CREATE INDEX audit_event_notification ON audit_event (notification_id);
`;

/** No DELETE but for rows that are only machinery; audit rows can be added and read, nothing else. */
function grants(): string {
  return `
    GRANT USAGE ON SCHEMA public TO ${APP_ROLE};
    GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO ${APP_ROLE};
    REVOKE UPDATE, DELETE, TRUNCATE ON audit_event FROM ${APP_ROLE};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${APP_ROLE};
    GRANT DELETE ON outbox, staff_session, sign_in_code, idempotency_key, calendar_entry, setting_link, sealed_key, blind_index
      TO ${APP_ROLE};
    REVOKE ALL ON migration FROM ${APP_ROLE};
    GRANT SELECT ON migration TO ${APP_ROLE};
  `;
}

const ANYONE_NAMED = 'app_actor() IS NOT NULL';
const THROUGH_NOTICE = 'app_system() OR app_sees_notice(notice_id)';

/**
 * Relationships, as functions that are not inlined: system work is nearly every statement, and must not be planned with
 * subqueries that it never runs (measured: 0.6 to 2 ms of planning a statement, against 0.1). Each runs as its caller, so a look
 * into `notice` is itself filtered by notice's own policy.
 */
const RELATIONSHIPS = `
  -- A party to the incident, or a relation, sees nothing of it, whatever the post.
  CREATE FUNCTION app_excluded(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN EXISTS (SELECT 1 FROM notice_exclusion e JOIN contact c ON c.id = e.contact_id
      WHERE e.notice_id = wanted AND ('contact:' || c.id = app_actor()
        OR c.person_id = (SELECT self.person_id FROM contact self WHERE 'contact:' || self.id = app_actor())));
  END $$;
  CREATE FUNCTION app_related(wanted uuid, urn text, authority text, home text, force text) RETURNS boolean
    LANGUAGE plpgsql STABLE AS $$
  DECLARE scope text := app_scope();
  BEGIN
    IF app_actor() IS NULL THEN RETURN false; END IF;
    IF scope = 'force:' || force THEN RETURN true; END IF;
    IF scope = 'setting:' || urn OR scope = 'authority:' || authority OR scope = 'authority:' || home THEN
      RETURN NOT app_excluded(wanted);
    END IF;
    RETURN false;
  END $$;
  CREATE FUNCTION app_sees_notice(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN app_actor() IS NOT NULL AND EXISTS (SELECT 1 FROM notice n WHERE n.id = wanted);
  END $$;
  CREATE FUNCTION app_sees_notification(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN app_actor() IS NOT NULL AND EXISTS (SELECT 1 FROM notice n WHERE n.notification_id = wanted);
  END $$;
  CREATE FUNCTION app_sees_version(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN app_actor() IS NOT NULL AND EXISTS (SELECT 1 FROM notification n WHERE n.id = wanted);
  END $$;
  CREATE FUNCTION app_sees_child(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN app_actor() IS NOT NULL AND EXISTS (SELECT 1 FROM notice n WHERE n.child_id = wanted);
  END $$;
  -- Sealed words: never a force's; a school's own text only through the notice it belongs to.
  CREATE FUNCTION app_reads_sealed(notification uuid, notice_of uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN app_actor() IS NOT NULL AND app_scope() NOT LIKE 'force:%' AND EXISTS (SELECT 1 FROM notice n
      WHERE n.notification_id = notification AND (notice_of IS NULL OR notice_of = n.id));
  END $$;
`;

/** Table -> who sees and writes its rows. A subselect on `notice` is itself filtered by notice's own policy. */
const POLICIES: Record<string, string> = {
  authority: ANYONE_NAMED,
  force: ANYONE_NAMED,
  disclosure: ANYONE_NAMED,
  setting: ANYONE_NAMED,
  setting_link: ANYONE_NAMED,
  desk: ANYONE_NAMED,
  person: ANYONE_NAMED,
  contact: ANYONE_NAMED,
  absence: ANYONE_NAMED,
  calendar_entry: ANYONE_NAMED,
  outbox: ANYONE_NAMED,
  alert: ANYONE_NAMED,
  mailing: ANYONE_NAMED,
  sign_in_code: 'app_system()',
  staff_session: 'app_system()',
  force_client: 'app_system()',
  notice: 'app_system() OR app_related(id, setting_urn, authority_code, home_authority_code, force_code)',
  // Readable within any scope because notice's own policy asks it; no page of a setting ever shows it.
  notice_exclusion: `app_system() OR (app_actor() IS NOT NULL AND app_scope() <> '')`,
  routing_decision: "app_system() OR (app_scope() LIKE 'authority:%' AND app_sees_notice(notice_id))",
  rung: THROUGH_NOTICE,
  outgoing_message: THROUGH_NOTICE,
  notice_action: THROUGH_NOTICE,
  notification: `app_system() OR app_scope() = 'force:' || force_code OR app_sees_notification(id)`,
  notification_version: 'app_system() OR app_sees_version(notification_id)',
  child: 'app_system() OR app_sees_child(id)',
  sealed_key: 'app_system() OR app_reads_sealed(notification_id, NULL)',
  sealed_text: 'app_system() OR app_reads_sealed(notification_id, notice_id)',
  blind_index: 'app_system()',
  idempotency_key: 'app_system()',
  refused_notification: `app_system() OR (app_actor() IS NOT NULL AND app_scope() = 'force:' || force_code)`,
  audit_event: `app_actor() IS NOT NULL AND (actor = app_actor() OR app_system()
    OR app_scope() = 'setting:' || setting_urn OR app_scope() = 'authority:' || authority_code OR app_scope() = 'force:' || force_code)`,
};
