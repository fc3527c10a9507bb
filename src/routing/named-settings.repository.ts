import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { outwardCode } from '../directory/domain/setting.js';
import type { ChildDto } from '../notifications/dto/child.dto.js';
import { AliasRows } from './alias.repository.js';
import type { RoutingFacts, SettingFact } from './domain/routing.types.js';
import { readStatedName, wordRuns } from './domain/stated-name.js';

/** Settings compared by name; every namesake near the child's home must fit in. */
const MAX_NAMESAKES = 300;
/** Shown to a person when nothing near the home resembles the words. */
const MAX_ELSEWHERE = 20;
const SIMILAR_ENOUGH = 0.3;
const CONTAINED_ENOUGH = 0.6;
/** As far as a namesake can hold back another, with room to spare. */
const REACH_METRES = 20_000;

export const SETTING_FACT = `urn, name, kind, status, routable, authority_code AS "authorityCode", laestab,
  coalesce(town, '') AS town, postcode, low_age AS "lowAge", high_age AS "highAge", easting, northing`;

export type NamedFacts = Required<
  Pick<
    RoutingFacts,
    'namesakes' | 'aliases' | 'knownWords' | 'townsNamed' | 'homePoint' | 'nearbyAuthorities'
  >
>;

interface Surroundings {
  townsNamed: string[];
  knownWords: string[];
  easting: number | null;
  northing: number | null;
  nearby: string[];
}

/** Looks up what the words for a school may mean around one child's home. */
@Injectable()
export class NamedSettings {
  constructor(private readonly aliases: AliasRows) {}

  async lookUp(tx: Tx, core: string, child: ChildDto, home: string | null): Promise<NamedFacts> {
    const outcode = outwardCode(child.homePostcode ?? null);
    const around = await this.surroundings(tx, core, child.schoolStated ?? '', outcode, home);
    const homePoint =
      around.easting === null || around.northing === null
        ? null
        : { easting: around.easting, northing: around.northing };
    const approved = await this.aliases.approved(tx, readStatedName(child.schoolStated ?? '').core, home);
    const namesakes = await this.namesakes(tx, core, home, outcode, around, approved);
    return {
      namesakes,
      aliases: approved.map((urn) => ({ core, urn })),
      knownWords: around.knownWords,
      townsNamed: around.townsNamed,
      homePoint,
      nearbyAuthorities: around.nearby,
    };
  }

  /** Where the child lives, as far as the register tells, and which of the words are towns or words of schools' names. */
  private async surroundings(
    tx: Tx,
    core: string,
    stated: string,
    outcode: string | null,
    home: string | null,
  ): Promise<Surroundings> {
    const [row] = await tx.query<Surroundings>(`SELECT * FROM register_surroundings($1, $2, $3, $4)`, [
      wordRuns(stated),
      core.split(' '),
      outcode,
      home,
    ]);
    return row ?? { townsNamed: [], knownWords: [], easting: null, northing: null, nearby: [] };
  }

  /**
   * Settings, open or closed, whose name resembles the stated one or contains it, as far as a child may go to school from its
   * home, or in a town that was named. The home authority's come first, so that none of them is cut off.
   */
  private async namesakes(
    tx: Tx,
    core: string,
    home: string | null,
    outcode: string | null,
    around: Surroundings,
    approved: readonly string[],
  ): Promise<SettingFact[]> {
    await tx.execute(
      `SELECT set_config('pg_trgm.similarity_threshold', $1, true), set_config('pg_trgm.word_similarity_threshold', $2, true)`,
      [String(SIMILAR_ENOUGH), String(CONTAINED_ENOUGH)],
    );
    const { easting, northing, nearby, townsNamed } = around;
    const near = await tx.query<SettingFact>(
      `SELECT ${SETTING_FACT} FROM register_namesakes($1, $2, $3, $4, $5, $6, $7, ${REACH_METRES}, $8, ${MAX_NAMESAKES})`,
      [core, home, nearby, outcode, townsNamed, easting, northing, approved],
    );
    if (near.some(({ status }) => status !== 'closed')) return near;
    const most = home === null && easting === null ? MAX_NAMESAKES : MAX_ELSEWHERE;
    const elsewhere = await tx.query<SettingFact>(
      `SELECT ${SETTING_FACT} FROM register_namesakes_anywhere($1, $2, $3)`,
      [core, home, most],
    );
    return [...near, ...elsewhere.filter(({ urn }) => !near.some((one) => one.urn === urn))];
  }
}
