import type { NotificationJson } from '../support/notification-json.js';
import type { Seeded } from '../support/random.js';
import { authorityOf, urnOf } from './area.js';

/** Invented words that stand in every notification and nowhere else: found outside sealed rows, they are a leak. */
export const MARKERS = [
  'Quillfeather',
  'Ozmandine',
  'Brackenthwaite-Vole',
  'marmalade lantern',
  'velvet barometer',
  'ZZ97 4QX',
  'ZZ974QX',
] as const;

export interface Planned {
  reference: string;
  body: string;
  /** null: nobody can tell the school from what the police wrote, and a desk places it. */
  urn: string | null;
}

const RISKS = ['standard', 'medium', 'medium', 'high', 'not-assessed'] as const;
const two = (value: number): string => String(value).padStart(2, '0');

/** @param now domain time at posting */
export function notificationFor(
  reference: string,
  settings: number,
  random: Seeded,
  now: Date,
  toDesk: boolean,
): Planned {
  const index = random.between(0, settings - 1);
  const urn = toDesk ? null : urnOf(index);
  const startedAt = new Date(now.getTime() - 90 * 60_000).toISOString();
  const born = `${2011 + random.between(0, 8)}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`;
  const body: NotificationJson = {
    forceReference: reference,
    version: 1,
    category: 'domestic-abuse',
    incident: {
      startedAt,
      risk: random.pick(RISKS),
      circumstances: 'Shouting was heard. A marmalade lantern lay broken in the hall.',
      policeAction: 'One adult was arrested. A velvet barometer was seized.',
    },
    officer: { name: 'PC Ivy Ozmandine', collarNumber: 'X1234', teamEmail: 'team@force.example' },
    adults: [
      { role: 'suspect', forename: 'Gareth', surname: 'Brackenthwaite-Vole', relationshipToChild: 'father' },
    ],
    children: [
      {
        reference: '1',
        forename: 'Ozmandine',
        surname: 'Quillfeather',
        dateOfBirth: born,
        homePostcode: 'ZZ97 4QX',
        homeAuthorityCode: authorityOf(index),
        education: 'registered',
        presence: 'present',
        settings: urn ? [{ urn }] : [],
        schoolStated: urn ? null : 'the school by the old mill, she thinks',
      },
    ],
  };
  return { reference, body: JSON.stringify(body), urn };
}
