// An invented country of twelve authorities on a map of 48 by 48 kilometres, with the clashes of the real register.
import { Seeded } from '../../support/random.js';
import type { SettingFact } from '../../../src/routing/domain/routing.types.js';
import { COMMON, PLACES, RARE, SAINTS } from './words.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A school as its neighbours speak of it, beside what the register says. */
export interface School extends SettingFact {
  at: Point;
  /** The words that tell it from others: "St Mary's". */
  spoken: string;
  type: SchoolType;
  church: 'ce' | 'catholic' | null;
  /** What it was called before it was closed and opened again; with the URN it then had. */
  former: { urn: string; spoken: string; type: SchoolType; church: School['church'] }[];
}

export type SchoolType =
  'primary' | 'infant' | 'junior' | 'high' | 'secondary' | 'college' | 'special' | 'nursery' | 'plain';

export interface Country {
  /** Open ones. */
  schools: School[];
  /** Everything that the register holds, closed ones included. */
  register: SettingFact[];
  links: { urn: string; successorUrn: string }[];
  towns: { name: string; at: Point; authority: string }[];
}

const COLUMNS = 4;
const ROWS = 3;
const BLOCK: Point = { x: 12, y: 16 };
export const AUTHORITIES = Array.from({ length: COLUMNS * ROWS }, (_, at) => String(801 + at));

export function authorityAt({ x, y }: Point): string {
  const column = Math.min(COLUMNS - 1, Math.max(0, Math.floor(x / BLOCK.x)));
  const row = Math.min(ROWS - 1, Math.max(0, Math.floor(y / BLOCK.y)));
  return AUTHORITIES[row * COLUMNS + column] ?? '801';
}

/** Districts of five kilometres that do not keep to the authorities' borders, as in life. */
export function postcodeAt({ x, y }: Point, random: Seeded): string {
  const cell = Math.floor((y + 2.5) / 5) * 11 + Math.floor((x + 2.5) / 5);
  const district =
    cell < 99 ? `ZZ${cell + 1}` : `ZZ${(cell - 99) % 10}${cell < 109 ? 'A' : cell < 119 ? 'B' : 'C'}`;
  return `${district} ${random.between(1, 9)}${random.pick(['AA', 'AB', 'BD', 'DE', 'EH', 'HJ'])}`;
}

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

export function inventCountry(seed: number): Country {
  const random = new Seeded(seed);
  const country: Country = { schools: [], register: [], links: [], towns: inventTowns(random) };
  const builder = new Builder(random, country);
  for (const [spoken, times] of SAINTS) for (let n = 0; n < times; n += 1) builder.saint(spoken);
  for (const spoken of COMMON) for (let n = random.between(6, 16); n > 0; n -= 1) builder.ordinary(spoken);
  for (const town of country.towns) {
    builder.primaryAt(town, town.name);
    if (random.next() < 0.6) builder.secondaryAt(town, town.name);
    if (random.next() < 0.5)
      builder.primaryAt(town, `${town.name} ${random.pick(['North', 'Park', 'Bridge', 'Moor'])}`);
    for (let n = random.between(1, 3); n > 0; n -= 1) builder.primaryAt(town, random.pick(PLACES));
  }
  for (const place of PLACES) if (random.next() < 0.9) builder.ordinary(place);
  for (const spoken of RARE) builder.ordinary(spoken);
  return country;
}

function inventTowns(random: Seeded): Country['towns'] {
  const names = new Set<string>();
  while (names.size < 130) names.add(random.pick(PLACES));
  return [...names].map((name) => {
    const at = { x: random.next() * BLOCK.x * COLUMNS, y: random.next() * BLOCK.y * ROWS };
    return { name, at, authority: authorityAt(at) };
  });
}

const AGES: Readonly<Record<SchoolType, readonly [number, number][]>> = {
  primary: [[4, 11], [3, 11], [5, 11]],
  infant: [[4, 7], [3, 7]],
  junior: [[7, 11]],
  high: [[11, 16], [11, 18]],
  secondary: [[11, 16], [11, 18]],
  college: [[11, 18]],
  special: [[4, 16]],
  nursery: [[3, 5]],
  plain: [[4, 11], [11, 16], [4, 16]],
}; // prettier-ignore

class Builder {
  private urn = 900_100;
  private numbers = 2_000;

  constructor(
    private readonly random: Seeded,
    private readonly country: Country,
  ) {}

  saint(spoken: string): void {
    const church = this.random.next() < 0.5 ? 'catholic' : 'ce';
    const town = this.random.pick(this.country.towns);
    const roll = this.random.next();
    if (roll < 0.12) this.pair(spoken, town, church);
    else this.add(spoken, roll < 0.24 ? this.random.pick(['high', 'secondary']) : 'primary', town, church);
  }

  ordinary(spoken: string): void {
    const town = this.random.pick(this.country.towns);
    const roll = this.random.next();
    if (roll < 0.12) return this.pair(spoken, town, null);
    const type: SchoolType =
      roll < 0.2
        ? this.random.pick(['high', 'secondary', 'college'])
        : roll < 0.25
          ? 'special'
          : roll < 0.29
            ? 'nursery'
            : roll < 0.36
              ? 'plain'
              : 'primary';
    this.add(spoken, type, town, null);
    if (type === 'primary' && this.random.next() < 0.06) this.add(spoken, 'nursery', town, null);
  }

  primaryAt(town: Country['towns'][number], spoken: string): void {
    this.add(spoken, 'primary', town, this.random.next() < 0.25 ? 'ce' : null);
  }

  secondaryAt(town: Country['towns'][number], spoken: string): void {
    this.add(spoken, this.random.pick(['high', 'college', 'secondary', 'plain']), town, null);
  }

  private pair(spoken: string, town: Country['towns'][number], church: School['church']): void {
    this.add(spoken, 'infant', town, church);
    this.add(spoken, 'junior', town, church);
  }

  private add(
    spoken: string,
    type: SchoolType,
    town: Country['towns'][number],
    church: School['church'],
  ): void {
    const { random, country } = this;
    const at = { x: town.at.x + random.next() * 3 - 1.5, y: town.at.y + random.next() * 3 - 1.5 };
    const [lowAge, highAge] = random.pick(AGES[type]);
    const authorityCode = authorityAt(at);
    const school: School = {
      ...this.row(authorityCode, officialName(spoken, type, church, random), at, town.name),
      ...{ lowAge, highAge, spoken, type, church, at, former: [] },
      status: random.next() < 0.02 ? 'proposed-to-close' : 'open',
    };
    country.schools.push(school);
    country.register.push(fact(school));
    const roll = random.next();
    // Academies take a new number and mostly keep the name; some are renamed, some follow an infant and a junior school.
    if (roll < 0.2) this.follows(school, spoken, type, church);
    else if (roll < 0.27) this.follows(school, random.pick(PLACES), type, church);
    else if (roll < 0.29 && type === 'primary') {
      this.follows(school, spoken, 'infant', church);
      this.follows(school, spoken, 'junior', church);
    }
  }

  private follows(school: School, spoken: string, type: SchoolType, church: School['church']): void {
    const name = officialName(spoken, type, church, this.random);
    const closed = {
      ...this.row(school.authorityCode, name, school.at, school.town),
      status: 'closed' as const,
    };
    this.country.register.push(closed);
    this.country.links.push({ urn: closed.urn, successorUrn: school.urn });
    if (this.random.next() < 0.02) this.country.links.push({ urn: closed.urn, successorUrn: closed.urn });
    school.former.push({ urn: closed.urn, spoken, type, church });
  }

  private row(authorityCode: string, name: string, at: Point, town: string): SettingFact {
    this.urn += 1;
    this.numbers += 1;
    return {
      urn: String(this.urn),
      name,
      kind: 'school',
      status: 'open',
      routable: true,
      authorityCode,
      laestab: `${authorityCode}${String(this.numbers % 10_000).padStart(4, '0')}`,
      town,
      postcode: postcodeAt(at, this.random),
      lowAge: null,
      highAge: null,
      easting: Math.round(400_000 + at.x * 1000),
      northing: Math.round(300_000 + at.y * 1000),
    };
  }
}

function fact(school: School): SettingFact {
  const { spoken: _spoken, type: _type, church: _church, at: _at, former: _former, ...row } = school;
  return row;
}

const KIND_NAMES: Readonly<Record<SchoolType, readonly string[]>> = {
  primary: ['Primary School', 'Primary School', 'Community Primary School', 'Primary Academy', 'Primary and Nursery School', 'Academy Primary School'],
  infant: ['Infant School', 'Infant and Nursery School', 'Infants School'],
  junior: ['Junior School', 'Junior Academy'],
  high: ['High School', 'High School Academy'],
  secondary: ['Secondary School', 'Comprehensive School', 'Academy'],
  college: ['Community College', 'College'],
  special: ['Special School', 'School'],
  nursery: ['Nursery School'],
  plain: ['School', 'Academy', 'Free School'],
}; // prettier-ignore

function officialName(spoken: string, type: SchoolType, church: School['church'], random: Seeded): string {
  const faith =
    church === 'ce'
      ? random.pick(['CofE ', 'C of E ', 'Church of England ', 'CofE (VA) ', 'C.E. (VC) '])
      : church === 'catholic'
        ? random.pick(['Catholic ', 'RC ', 'Roman Catholic ', 'Catholic Voluntary Academy '])
        : '';
  const name = `${spoken} ${faith}${random.pick(KIND_NAMES[type])}`;
  if (random.next() < 0.03)
    return `${name}, ${random.pick(['a Larch Trust Academy', 'part of Beacon Learning Trust'])}`;
  return random.next() < 0.5 ? name : name.replace("'", '’');
}
