import { APP_ROLE } from '../roles.js';

/**
 * What every table made after the first migration gets: row-level security that is forced, one policy by relationship, and no
 * more rights for the application's role than it needs.
 * @param using condition that holds for the rows the transaction's actor may see and write, e.g. `app_system()`
 * @param rights default: read, add and change; DELETE only where rows are machinery, never the record
 */
export function securedTable(table: string, using: string, rights = 'SELECT, INSERT, UPDATE'): string {
  return `
    GRANT ${rights} ON ${table} TO ${APP_ROLE};
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY ${table}_by_relationship ON ${table} TO ${APP_ROLE} USING (${using}) WITH CHECK (${using});
  `;
}
