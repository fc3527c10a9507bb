import type { AdultJson, ChildJson, IncidentJson, NotificationJson } from './notification-json.js';
import { Seeded } from './random.js';

export type { AdultJson, ChildJson, IncidentJson, NotificationJson } from './notification-json.js';

// Invented people only: names of things, not of anybody in a case.
const FORENAMES = ['Ada', 'Björn', 'Chiara', 'Dafydd', 'Elin', 'Farid', 'Gwen', 'Hana', 'Idris', 'Josephine'];
const SURNAMES = [
  'Example',
  "O'Sample",
  'Placeholder',
  'Testerton',
  'Specimen-Jones',
  'Ffiction',
  'Şahane',
  'Madeup',
];
const WORDS = [
  'I hid under the bed',
  'They were shouting again',
  'I rang my nan',
  'I want to go to school tomorrow',
];

const pad = (value: number, width: number): string => String(value).padStart(width, '0');
const minutesBefore = (instant: Date, minutes: number): string =>
  new Date(instant.getTime() - minutes * 60_000).toISOString().replace('.000Z', 'Z');

/** Makes valid content; every call differs from the last, every seed repeats itself. Overrides replace whole members. */
export class Factory {
  private readonly random: Seeded;
  private readonly seed: number;
  private count = 0;

  constructor(seed = 1) {
    this.seed = seed;
    this.random = new Seeded(seed);
  }

  child(overrides: Partial<ChildJson> = {}): ChildJson {
    const { random } = this;
    this.count += 1;
    return {
      reference: String(this.count),
      forename: random.pick(FORENAMES),
      surname: random.pick(SURNAMES),
      knownAs: [],
      dateOfBirth: `${random.between(2010, 2020)}-${pad(random.between(1, 12), 2)}-${pad(random.between(1, 28), 2)}`,
      homePostcode: `ZZ${random.between(1, 9)} ${random.between(1, 9)}AA`,
      education: 'registered',
      presence: 'present',
      voice: {
        spokenTo: true,
        alone: true,
        words: random.pick(WORDS),
        demeanour: 'quiet, watching the door',
      },
      settings: [{ urn: '900123' }],
      ...overrides,
    };
  }

  /** A sibling: the same home and surname, another date of birth, a reference of its own. */
  sibling(of: ChildJson, overrides: Partial<ChildJson> = {}): ChildJson {
    const { surname, homePostcode } = of;
    return this.child({ surname: surname ?? null, homePostcode: homePostcode ?? null, ...overrides });
  }

  adult(overrides: Partial<AdultJson> = {}): AdultJson {
    return {
      role: 'suspect',
      forename: this.random.pick(FORENAMES),
      surname: this.random.pick(SURNAMES),
      relationshipToChild: 'father',
      schoolConnection: 'none',
      mayCollect: 'unknown',
      orders: [],
      ...overrides,
    };
  }

  /** An adult bound by an order, who must not collect the child. */
  adultWhoMustNotCollect(overrides: Partial<AdultJson> = {}): AdultJson {
    const order = {
      kind: 'non-molestation',
      terms: 'not to go within 100 metres of the school',
      until: '2027-01-31',
    };
    return this.adult({ mayCollect: 'no', orders: [order], ...overrides });
  }

  incident(at: Date, overrides: Partial<IncidentJson> = {}): IncidentJson {
    return {
      startedAt: minutesBefore(at, 90),
      attendedAt: minutesBefore(at, 65),
      risk: 'medium',
      circumstances: 'Officers were called by a neighbour. A plate was thrown; nobody was hit.',
      policeAction: 'One adult arrested to prevent a breach of the peace.',
      ...overrides,
    };
  }

  /**
   * A notification about one child unless `children` says otherwise.
   * @param at the domain instant of sending: the incident began 90 minutes before it
   */
  notification(at: Date, overrides: Partial<NotificationJson> = {}): NotificationJson {
    this.count += 1;
    return {
      forceReference: `TEST-${this.seed}-${pad(this.count, 7)}`,
      category: 'domestic-abuse',
      incident: this.incident(at),
      officer: {
        name: 'PC Ivy Invented',
        collarNumber: `X${this.random.between(1000, 9999)}`,
        teamEmail: 'safeguarding@force.example',
        teamPhone: '01632 960123',
      },
      adults: [this.adult()],
      children: [this.child()],
      restrictions: { doNotDiscloseTo: [], safeAddress: false, activeInvestigation: true },
      referrals: [{ to: 'children-social-care', at: minutesBefore(at, 5) }],
      ...overrides,
    };
  }

  notifications(at: Date, count: number, overrides: Partial<NotificationJson> = {}): NotificationJson[] {
    return Array.from({ length: count }, () => this.notification(at, overrides));
  }
}
