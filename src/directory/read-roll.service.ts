import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { isOpen, normaliseLaestab, type SettingStatus } from './domain/setting.js';
import type { ImportLine, ImportSource } from './import/import-line.js';
import { readRoll, type RollRow } from './import/roll.js';

export type { RollRow } from './import/roll.js';
export type { ImportLine, ImportSource, LineProblem } from './import/import-line.js';
export { isProblem } from './import/import-line.js';
export { explained, importFile, problemLines, progressLine, section } from './import/import-file.js';

/** Files of rolls, and the settings they name. */
@Injectable()
export class ReadRoll {
  lines(source: ImportSource): AsyncIterable<ImportLine<RollRow> & { setting?: string }> {
    return readRoll(source());
  }

  /**
   * @param keys URNs and LAESTABs as written
   * @returns key -> URN of the setting; a LAESTAB only where one open setting has it
   */
  async settings(tx: Tx, keys: readonly string[]): Promise<Map<string, string>> {
    const laestabs = keys.flatMap((key) => normaliseLaestab(key) ?? []);
    const rows = await tx.query<{ urn: string; laestab: string | null; status: SettingStatus }>(
      `SELECT urn, laestab, status FROM setting WHERE urn = ANY($1) OR laestab = ANY($2)`,
      [keys, laestabs],
    );
    const found = new Map<string, string>();
    for (const key of keys) {
      const byUrn = rows.find(({ urn }) => urn === key);
      const numbered = rows.filter(
        ({ laestab, status }) => laestab === normaliseLaestab(key) && isOpen(status),
      );
      if (byUrn) found.set(key, byUrn.urn);
      else if (numbered.length === 1 && numbered[0]) found.set(key, numbered[0].urn);
    }
    return found;
  }
}
