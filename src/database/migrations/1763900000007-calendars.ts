import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from '../roles.js';
import { securedTable } from './secured-table.js';

/**
 * Calendars that people keep, and the register as its files change it. Everybody may read both; a setting writes its own
 * days and hours, an authority its own and those of its settings, trusts and nations only the installation.
 */
export class Calendars1763900000007 implements MigrationInterface {
  name = 'Calendars1763900000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await runner.query(WRITERS);
    await runner.query(TABLES);
    await runner.query(securedTable('setting_change', 'app_actor() IS NOT NULL', 'SELECT, INSERT'));
    await runner.query(securedTable('import_run', 'app_system()'));
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}

const COLUMNS = `
  -- 'rule': forecast; 'gov.uk': official. A day that left the official list stays until a person removes it.
  ALTER TABLE calendar_entry
    ADD COLUMN source text NOT NULL DEFAULT 'file' CHECK (source IN ('file', 'page', 'command', 'rule', 'gov.uk')),
    ADD COLUMN entered_by text,
    ADD COLUMN missing_since timestamptz;
  UPDATE calendar_entry SET source = 'rule' WHERE layer = 'nation' AND kind = 'bank-holiday';
`;

const WRITERS = `
  CREATE FUNCTION app_writes_setting(urn text, authority text) RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT app_system() OR (app_actor() IS NOT NULL AND app_scope() IN ('setting:' || urn, 'authority:' || authority)) $$;
  CREATE FUNCTION app_writes_calendar(layer text, key text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
  BEGIN
    IF app_system() THEN RETURN true; END IF;
    IF app_actor() IS NULL THEN RETURN false; END IF;
    RETURN CASE layer
      WHEN 'setting' THEN EXISTS (SELECT 1 FROM setting s WHERE s.urn = key AND app_writes_setting(s.urn, s.authority_code))
      WHEN 'authority' THEN app_scope() = 'authority:' || key
      ELSE false
    END;
  END $$;
  DROP POLICY calendar_entry_by_relationship ON calendar_entry;
  CREATE POLICY calendar_entry_read ON calendar_entry FOR SELECT TO ${APP_ROLE} USING (app_actor() IS NOT NULL);
  CREATE POLICY calendar_entry_added ON calendar_entry FOR INSERT TO ${APP_ROLE} WITH CHECK (app_writes_calendar(layer, key));
  CREATE POLICY calendar_entry_changed ON calendar_entry FOR UPDATE TO ${APP_ROLE}
    USING (app_writes_calendar(layer, key)) WITH CHECK (app_writes_calendar(layer, key));
  CREATE POLICY calendar_entry_removed ON calendar_entry FOR DELETE TO ${APP_ROLE} USING (app_writes_calendar(layer, key));
  DROP POLICY setting_by_relationship ON setting;
  CREATE POLICY setting_read ON setting FOR SELECT TO ${APP_ROLE} USING (app_actor() IS NOT NULL);
  CREATE POLICY setting_added ON setting FOR INSERT TO ${APP_ROLE} WITH CHECK (app_system());
  CREATE POLICY setting_changed ON setting FOR UPDATE TO ${APP_ROLE}
    USING (app_writes_setting(urn, authority_code)) WITH CHECK (app_writes_setting(urn, authority_code));
`;

const TABLES = `
  CREATE TABLE setting_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    urn text NOT NULL REFERENCES setting,
    at timestamptz NOT NULL,
    what text NOT NULL CHECK (what IN ('status', 'name', 'authority')),
    was text NOT NULL,
    became text NOT NULL
  );
  CREATE INDEX setting_change_urn ON setting_change (urn, at);
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${APP_ROLE};
  -- The file itself never comes near the database, nor does its name, which may be a person's.
  CREATE TABLE import_run (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('schools', 'links', 'early-years', 'wales', 'contacts', 'school-hours', 'calendar',
      'icalendar', 'bank-holidays')),
    layer text CHECK (layer IN ('setting', 'trust', 'authority', 'nation')),
    key text,
    state text NOT NULL CHECK (state IN ('waiting', 'running', 'to-confirm', 'done', 'refused', 'failed', 'cancelled')),
    bytes bigint NOT NULL,
    rows_read integer NOT NULL DEFAULT 0,
    allow_closures boolean NOT NULL DEFAULT false,
    outcome jsonb,
    started_by text NOT NULL,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    CHECK ((kind = 'icalendar') = (layer IS NOT NULL AND key IS NOT NULL))
  );
  CREATE INDEX import_run_newest ON import_run (created_at DESC);
`;
