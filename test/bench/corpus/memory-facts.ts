// The look-ups of routing-facts.repository.ts on an invented country in memory: 30,000 cases take seconds instead of an hour.
// corpus-facts.spec.ts holds both against each other on a real database.
import { normaliseSettingName } from '../../../src/directory/domain/setting-name.js';
import { outwardCode } from '../../../src/directory/domain/setting.js';
import { similarity, trigrams } from '../../../src/directory/domain/trigram.js';
import { lookUpsFor } from '../../../src/routing/domain/look-ups.js';
import {
  DEFAULT_THRESHOLDS,
  type PupilBaseAnswer,
  type RoutingFacts,
  type SettingFact,
} from '../../../src/routing/domain/routing.types.js';
import { plainText, wordRuns } from '../../../src/routing/domain/stated-name.js';
import { childNameDobValue } from '../../../src/sealing/index-values.js';
import type { Case, Child } from './cases.js';
import { AUTHORITIES, type Country } from './register.js';

const REACH_METRES = 20_000;
const MOST = 300;

interface Named {
  core: string;
  trigrams: Set<string>;
  settings: SettingFact[];
}

export class MemoryFacts {
  private readonly byTrigram = new Map<string, Named[]>();
  private readonly byUrn: Map<string, SettingFact>;
  private readonly byLaestab: Map<string, SettingFact[]>;
  private readonly words = new Set<string>();
  private readonly towns: Set<string>;
  private readonly districts: Map<string, SettingFact[]>;
  private readonly nearby = new Map<string, string[]>();
  private readonly roll = new Map<string, { urns: Set<string>; children: Set<number>; left: Set<string> }>();

  constructor(
    private readonly country: Country,
    cases: readonly Case[],
  ) {
    const { register } = country;
    this.byUrn = new Map(register.map((one) => [one.urn, one]));
    this.byLaestab = groupBy(register, ({ laestab }) => laestab ?? '');
    this.districts = groupBy(register, ({ postcode }) => outwardCode(postcode) ?? '');
    this.towns = new Set(register.map(({ town }) => plainText(town)));
    for (const [core, settings] of groupBy(register, ({ name }) => normaliseSettingName(name).core)) {
      const named = { core, trigrams: trigrams(core), settings };
      for (const word of core.split(' ')) this.words.add(word);
      for (const one of named.trigrams) this.byTrigram.set(one, [...(this.byTrigram.get(one) ?? []), named]);
    }
    for (const authority of AUTHORITIES) this.nearby.set(authority, this.sharingDistricts(authority));
    cases.forEach((one, at) => this.enrol(one, at));
  }

  /** The same facts with what the roll says added. */
  withRoll(one: Case, alone: RoutingFacts): RoutingFacts {
    const pupilBase = this.find(one.notified);
    const settings = pupilBase.urns.flatMap((urn) => this.byUrn.get(urn) ?? []);
    const closed = settings.filter(({ status }) => status === 'closed').map(({ urn }) => urn);
    const links = this.country.links.filter(({ urn }) => closed.includes(urn));
    const after = links.flatMap((link) => this.byUrn.get(link.successorUrn) ?? []);
    return {
      ...alone,
      pupilBase,
      settings: [...alone.settings, ...settings, ...after],
      successors: [...alone.successors, ...links],
    };
  }

  /** Without a pupil base. */
  factsFor(one: Pick<Case, 'stated'>): RoutingFacts {
    const { stated } = one;
    const wanted = lookUpsFor(stated);
    const text = stated.schoolStated ?? '';
    const townsNamed = wordRuns(text).filter((run) => this.towns.has(run));
    const homePoint = this.homePoint(stated.homePostcode);
    const namesakes =
      wanted.nameCore === null ? [] : this.namesakes(wanted.nameCore, stated, homePoint, townsNamed);
    const numbered = wanted.urns.flatMap((urn) => this.byUrn.get(urn) ?? []);
    const byLaestab = wanted.laestabs.flatMap((laestab) => this.byLaestab.get(laestab) ?? []);
    const found = [...numbered, ...byLaestab];
    const closed = [...found, ...namesakes].filter(({ status }) => status === 'closed').map(({ urn }) => urn);
    const successors = this.country.links.filter(({ urn }) => closed.includes(urn));
    return {
      settings: [...found, ...successors.flatMap((link) => this.byUrn.get(link.successorUrn) ?? [])],
      successors,
      namesakes,
      aliases: [],
      pupilBase: null,
      adults: [],
      authoritiesServed: AUTHORITIES,
      nearbyAuthorities:
        stated.homeAuthorityCode === null ? [] : (this.nearby.get(stated.homeAuthorityCode) ?? []),
      homePoint,
      knownWords: (wanted.nameCore ?? '').split(' ').filter((word) => this.words.has(word)),
      townsNamed,
      earlyYearsIncluded: [],
      authorityOfHomePostcode: null,
      incidentAuthorityCode: null,
      forceDefaultAuthorityCode: AUTHORITIES[0] ?? null,
      thresholds: DEFAULT_THRESHOLDS,
    };
  }

  private namesakes(
    core: string,
    { homeAuthorityCode, homePostcode }: Case['stated'],
    home: RoutingFacts['homePoint'],
    towns: readonly string[],
  ): SettingFact[] {
    const nearby =
      homeAuthorityCode === null ? [] : [homeAuthorityCode, ...(this.nearby.get(homeAuthorityCode) ?? [])];
    const nowhere = homeAuthorityCode === null && !home && towns.length === 0;
    const inReach = (one: SettingFact): boolean =>
      nowhere ||
      nearby.includes(one.authorityCode) ||
      (outwardCode(homePostcode) !== null && outwardCode(homePostcode) === outwardCode(one.postcode)) ||
      towns.includes(plainText(one.town)) ||
      (!!home && isWithin(one, home));
    return this.alike(core)
      .filter(inReach)
      .map((setting) => ({ setting, alike: similarity(normaliseSettingName(setting.name).core, core) }))
      .sort(
        (a, b) =>
          Number(b.setting.authorityCode === homeAuthorityCode) -
            Number(a.setting.authorityCode === homeAuthorityCode) ||
          b.alike - a.alike ||
          a.setting.urn.localeCompare(b.setting.urn),
      )
      .slice(0, MOST)
      .map(({ setting }) => setting);
  }

  private alike(core: string): SettingFact[] {
    const wanted = trigrams(core);
    const shared = new Map<Named, number>();
    for (const one of wanted) {
      for (const named of this.byTrigram.get(one) ?? []) shared.set(named, (shared.get(named) ?? 0) + 1);
    }
    return [...shared].flatMap(([named, count]) => {
      const all = wanted.size + named.trigrams.size - count;
      return count / all > 0.3 || count / wanted.size >= 0.6 ? named.settings : [];
    });
  }

  private homePoint(postcode: string | null): RoutingFacts['homePoint'] {
    const settings = this.districts.get(outwardCode(postcode) ?? '-') ?? [];
    if (settings.length === 0) return null;
    const mean = (pick: (one: SettingFact) => number): number =>
      settings.reduce((sum, one) => sum + pick(one), 0) / settings.length;
    return { easting: mean((one) => one.easting ?? 0), northing: mean((one) => one.northing ?? 0) };
  }

  private sharingDistricts(authority: string): string[] {
    const found = new Set<string>();
    for (const settings of this.districts.values()) {
      if (settings.some(({ authorityCode }) => authorityCode === authority))
        for (const { authorityCode } of settings) found.add(authorityCode);
    }
    return [...found].filter((one) => one !== authority);
  }

  private enrol(one: Case, number: number): void {
    if (!one.onRoll || !('urns' in one.truth)) return;
    const value = childNameDobValue(one.child) ?? '';
    const known = this.roll.get(value) ?? { urns: new Set(), children: new Set(), left: new Set() };
    const [now = ''] = one.truth.urns;
    known.urns.add(one.rollIsOld && one.left ? one.left : now);
    if (one.left && !one.rollIsOld) known.left.add(one.left);
    known.children.add(number);
    this.roll.set(value, known);
  }

  private find(child: Child): PupilBaseAnswer {
    const known = this.roll.get(childNameDobValue(child) ?? '');
    if (!known) return { urns: [], ambiguous: false };
    const { urns, children, left } = known;
    return {
      urns: [...urns],
      ambiguous: children.size > 1 && urns.size > 1,
      left: [...left].filter((urn) => !urns.has(urn)),
    };
  }
}

function isWithin({ easting, northing }: SettingFact, home: { easting: number; northing: number }): boolean {
  return (
    easting != null &&
    northing != null &&
    Math.abs(easting - home.easting) <= REACH_METRES &&
    Math.abs(northing - home.northing) <= REACH_METRES
  );
}

function groupBy<T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}
