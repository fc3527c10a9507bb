import type { Browser } from './browser.js';
import type { Cast } from './cast.js';
import { DeskStaff } from './desk-staff.js';
import type { Ledger } from './ledger.js';
import type { Narrator } from './narrator.js';
import type { PoliceSystem, PostedNotification } from './police.js';
import { SchoolStaff } from './school-staff.js';
import type { Person, Surroundings } from './staff.js';

/** Settings of the demonstration area that the notifications name. */
export const URNS = {
  riverside: '900123',
  hollowLane: '900104',
  foxHollow: '900112',
  emberValley: '900136',
  oakfield: '900135',
  harbourmouth: '900137',
  twoRivers: '900122',
  copperBeech: '900110',
} as const;

/** Everything the acts of the story share: people with their browsers, the police system, the ledger, the narrator. */
export class Story {
  private readonly schoolStaff = new Map<string, SchoolStaff>();
  private readonly officers = new Map<string, DeskStaff>();
  /** Notice ids by a name that the acts use for them. */
  readonly noticeIds = new Map<string, string>();

  constructor(
    readonly cast: Cast,
    readonly police: PoliceSystem,
    readonly ledger: Ledger,
    readonly narrator: Narrator,
    readonly notifications: readonly PostedNotification[],
    readonly around: Surroundings,
    readonly stranger: Browser,
  ) {}

  at(urn: string, role: 'dsl' | 'deputy' | 'head'): SchoolStaff {
    const person = this.cast.at(urn, role);
    return kept(this.schoolStaff, person, () => new SchoolStaff(person, this.around));
  }

  officer(email: string): DeskStaff {
    const person = this.cast.officer(email);
    return kept(this.officers, person, () => new DeskStaff(person, this.around));
  }

  /** The n-th file of config/demonstration/notifications, counted from 1. */
  file(number: number): PostedNotification {
    const notification = this.notifications[number - 1];
    if (!notification) throw new Error(`There is no notification ${number}`);
    return notification;
  }

  noticeId(name: string): string {
    const id = this.noticeIds.get(name);
    if (!id) throw new Error(`The story knows no notice "${name}" yet`);
    return id;
  }

  say(who: { person: Person }, place: string, what: string): void {
    this.narrator.say(`${who.person.name}, ${place}, ${what}`);
  }
}

function kept<T>(known: Map<string, T>, { email }: Person, make: () => T): T {
  const staff = known.get(email) ?? make();
  known.set(email, staff);
  return staff;
}
