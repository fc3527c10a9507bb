import type { Visitor } from '../../support/visitor.js';
import type { Scene } from './scene.js';

type Row = Record<string, unknown>;

/** What the pages of contacts are looked at with. */
export function contactPages(scene: () => Scene) {
  const row = async (sql: string, ...parameters: unknown[]): Promise<Row> =>
    (await scene().app.db.inspect<Row>(sql, parameters))[0] ?? {};
  return {
    row,

    contactRow: (id: string) => row(`SELECT * FROM contact WHERE id = $1`, id),

    idOf: async (email: string): Promise<string> =>
      String((await row(`SELECT id FROM contact WHERE email = $1 AND archived_at IS NULL`, email))['id']),

    /** The code in the newest mail to this address that carries one. */
    codeFor: async (email: string): Promise<string> => {
      await scene().app.drain();
      const mail = scene()
        .newMails()
        .findLast(({ to, subject }) => to === email && /check this address/.test(subject));
      return /\b(\d{6})\b/.exec(mail?.text ?? '')?.[1] ?? 'no code came';
    },

    /** Fills in the form for a new contact of Riverside. */
    add: async (visitor: Visitor, fields: Record<string, string>, mailbox = false) => {
      const { urn } = scene().world.riverside;
      await visitor.visit(`/places/${urn}/contacts/new${mailbox ? '?mailbox=yes' : ''}`);
      return visitor.submit(fields, '/contacts/new');
    },
  };
}
