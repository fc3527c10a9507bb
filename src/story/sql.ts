import pg from 'pg';

/**
 * Looks at what is really stored, past row-level security and past the code under test, on one connection of its own.
 * It only ever reads.
 */
export class Sql {
  private constructor(private readonly client: pg.Client) {}

  static async open(superuserUrl: string): Promise<Sql> {
    const client = new pg.Client({ connectionString: superuserUrl, application_name: 'firstbell-story' });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('SET default_transaction_read_only = on');
    return new Sql(client);
  }

  async rows<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.client.query(sql, parameters)).rows as Row[];
  }

  async one<Row>(sql: string, parameters: unknown[] = []): Promise<Row> {
    const [row] = await this.rows<Row>(sql, parameters);
    if (!row) throw new Error('A row that must be there is not');
    return row;
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

/** Tables whose change would be an effect; the record itself, sessions and machinery of queues are not among them. */
const EFFECTS = [
  'notification',
  'notification_version',
  'child',
  'sealed_text',
  'sealed_key',
  'blind_index',
  'notice',
  'notice_exclusion',
  'notice_action',
  'routing_decision',
  'rung',
  'outbox',
  'outgoing_message',
  'mailing',
  'alert',
  'contact',
  'person',
];

/** The auditor asks the sender for a sign of life by the real clock, also while somebody looks at a page. */
const MACHINERY: Readonly<Record<string, string>> = { outbox: `WHERE t.name <> 'watch.probe'` };

/** Equal fingerprints: not one row of what counts has changed. */
export async function fingerprint(sql: Sql): Promise<string> {
  const parts = EFFECTS.map(
    (
      table,
    ) => `SELECT '${table}' AS name, md5(coalesce(string_agg(row.text, '|' ORDER BY row.text), '')) AS digest
      FROM (SELECT t::text AS text FROM ${table} t ${MACHINERY[table] ?? ''}) row`,
  );
  const rows = await sql.rows<{ name: string; digest: string }>(parts.join(' UNION ALL '));
  return rows
    .map((row) => `${row.name}=${row.digest}`)
    .sort()
    .join('\n');
}
