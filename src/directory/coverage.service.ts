import { Injectable } from '@nestjs/common';
import type { CalendarRow } from '../calendar/domain/calendar-row.js';
import { londonDateOf } from '../calendar/domain/london-time.js';
import { SchoolCalendar } from '../calendar/domain/school-calendar.js';
import { Clock } from '../common/clock.js';
import { NotFound } from '../common/errors.js';
import type { Tx } from '../database/database.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import type { Channel } from '../escalation/domain/policy.js';
import type { HolidayMode } from '../escalation/domain/policy.js';
import { policyInForce } from '../escalation/domain/policy-layers.js';
import {
  CoverageRows,
  type CoverageContactRow,
  type CoverageSettingRow,
  type CoverageSubject,
  type DeskRow,
} from './coverage.repository.js';
import { stretchesOf, type Reach, type Stretch } from './domain/coverage.js';
import {
  findingsOf,
  type CoverageContact,
  type Finding,
  type FindingKind,
} from './domain/coverage-findings.js';

export const COVERAGE_DAYS = 7;

export interface CoveredSetting {
  urn: string;
  name: string;
  /** Contacts, mailboxes too. */
  contacts: number;
  findings: Finding[];
  /** Since when the least recently confirmed contact stands; null where there is none. */
  confirmedAt: Date | null;
}

export interface CoverageReport {
  authority: { code: string; name: string };
  at: Date;
  /** By name. */
  settings: CoveredSetting[];
  /** Settings with such a finding. */
  counts: Partial<Record<FindingKind, number>>;
  desks: DeskRow[];
}

/** Who could not be told, before it matters: of a whole authority, or of one setting. */
@Injectable()
export class Coverage {
  constructor(
    private readonly clock: Clock,
    private readonly rows: CoverageRows,
    private readonly delivery: DeliveryService,
  ) {}

  /** @throws NotFound for an authority that is not known */
  async ofAuthority(tx: Tx, authorityCode: string): Promise<CoverageReport> {
    const authority = await this.rows.authority(tx, authorityCode);
    if (!authority) throw new NotFound();
    const settings = await this.read(tx, { authorityCode });
    const counts: CoverageReport['counts'] = {};
    for (const { findings } of settings) {
      for (const kind of new Set(findings.map((finding) => finding.kind)))
        counts[kind] = (counts[kind] ?? 0) + 1;
    }
    const desks = await this.rows.desks(tx, authorityCode);
    return { authority, at: this.clock.now(), settings, counts, desks };
  }

  /** @returns null for a setting that is closed or not in the register */
  async ofSetting(tx: Tx, urn: string): Promise<CoveredSetting | null> {
    const [setting] = await this.read(tx, { urn });
    return setting ?? null;
  }

  authorities(tx: Tx): Promise<{ code: string; name: string }[]> {
    return this.rows.servedAuthorities(tx);
  }

  /** Desks of any authority, and the operator's, at which nobody can be told. */
  emptyDesks(tx: Tx): Promise<{ authorityCode: string | null; kind: string }[]> {
    return this.rows.emptyDesks(tx);
  }

  /** Since when the setting's least recently confirmed contact stands; null where there is none. */
  confirmedAt(tx: Tx, urn: string): Promise<Date | null> {
    return this.rows.confirmedAt(tx, urn);
  }

  /** What decides who can be told at one setting: its days ahead, its way with holidays, and the channels there are. */
  async outlook(tx: Tx, urn: string, days: number): Promise<{ stretches: Stretch[]; reach: Reach } | null> {
    const [setting] = await this.rows.settings(tx, { urn });
    if (!setting) return null;
    const now = this.clock.now();
    const rows = await this.rows.calendarRows(tx, layersOf([setting]), now);
    const calendar = calendarOf(setting, rows);
    return { stretches: stretchesOf(calendar, now, days), reach: this.reachAt(setting) };
  }

  channels(): readonly Channel[] {
    return this.delivery.channels();
  }

  private async read(tx: Tx, subject: CoverageSubject): Promise<CoveredSetting[]> {
    const now = this.clock.now();
    const settings = await this.rows.settings(tx, subject);
    const contacts = new Map<string, CoverageContact[]>();
    for (const row of await this.rows.contacts(tx, subject, londonDateOf(now))) {
      const there = contacts.get(row.urn) ?? [];
      contacts.set(row.urn, there);
      there.push(toCoverageContact(row));
    }
    const stretchesAt = await this.stretches(tx, settings, now);
    const reachAt = this.reaches();
    return settings.map((setting) => {
      const people = contacts.get(setting.urn) ?? [];
      return {
        urn: setting.urn,
        name: setting.name,
        contacts: people.length,
        findings: findingsOf(people, stretchesAt(setting), reachAt(setting), now),
        confirmedAt: oldest(people.map((person) => person.confirmedAt)),
      };
    });
  }

  /** Most settings have their authority's policy: it is read once. */
  private reaches(): (setting: CoverageSettingRow) => Reach {
    const known = new Map<string, Reach>();
    return (setting) => {
      const key = JSON.stringify([setting.authorityPolicy, setting.settingPolicy]);
      const reach = known.get(key) ?? this.reachAt(setting);
      known.set(key, reach);
      return reach;
    };
  }

  private reachAt(setting: CoverageSettingRow): Reach {
    const { holidayMode, channels } = policyOf(setting);
    return {
      holidayMode,
      channels: channels.filter((channel) => this.delivery.channels().includes(channel)),
    };
  }

  /** Most settings of an authority have the same days: their stretches are worked out once. */
  private async stretches(
    tx: Tx,
    settings: readonly CoverageSettingRow[],
    now: Date,
  ): Promise<(setting: CoverageSettingRow) => Stretch[]> {
    const rows = new Map<string, Awaited<ReturnType<CoverageRows['calendarRows']>>>();
    for (const row of await this.rows.calendarRows(tx, layersOf(settings), now)) {
      const key = `${row.layer} ${row.key}`;
      rows.set(key, [...(rows.get(key) ?? []), row]);
    }
    const known = new Map<string, Stretch[]>();
    return (setting) => {
      const keys = layersOf([setting]).map(([layer, key]) => `${layer} ${key}`);
      const own = keys.filter((key) => rows.has(key));
      const signature = [...own, setting.bell, setting.homeTime, setting.openWeekdays.join('')].join('|');
      let stretches = known.get(signature);
      if (!stretches) {
        const calendar = calendarOf(
          setting,
          own.flatMap((key) => rows.get(key) ?? []),
        );
        stretches = stretchesOf(calendar, now, COVERAGE_DAYS);
        known.set(signature, stretches);
      }
      return stretches;
    };
  }
}

function calendarOf(
  { bell, homeTime, openWeekdays }: CoverageSettingRow,
  rows: readonly CalendarRow[],
): SchoolCalendar {
  return new SchoolCalendar({ rows, bell, homeTime, openWeekdays });
}

function oldest(instants: readonly Date[]): Date | null {
  return instants.reduce<Date | null>((first, one) => (first === null || one < first ? one : first), null);
}

function layersOf(settings: readonly CoverageSettingRow[]): (readonly [string, string])[] {
  const keys = settings.flatMap(({ urn, trustCode, authorityCode, nation }) => [
    `setting ${urn}`,
    `trust ${trustCode ?? ''}`,
    `authority ${authorityCode}`,
    `nation ${nation}`,
  ]);
  return [...new Set(keys)].map((key) => {
    const [layer = '', ...rest] = key.split(' ');
    return [layer, rest.join(' ')] as const;
  });
}

function policyOf({ authorityPolicy, settingPolicy }: CoverageSettingRow): {
  holidayMode: HolidayMode;
  channels: Channel[];
} {
  return policyInForce(authorityPolicy, settingPolicy);
}

export function toCoverageContact(row: CoverageContactRow): CoverageContact {
  const { id } = row;
  return {
    id,
    name: row.name,
    role: row.role,
    kind: row.sharedMailbox ? 'mailbox' : 'person',
    personId: row.personId ?? id,
    workingDays: row.workingDays as CoverageContact['workingDays'],
    holidayContact: row.holidayContact,
    absences: row.absences,
    addresses: [
      ...(row.email
        ? [
            {
              channel: 'email' as const,
              addressId: `${id} email`,
              verified: row.emailVerified,
              bounced: row.emailBounced,
            },
          ]
        : []),
      ...(row.mobile
        ? [
            {
              channel: 'sms' as const,
              addressId: `${id} sms`,
              verified: row.mobileVerified,
              bounced: row.mobileFailed,
            },
          ]
        : []),
    ],
    trainedOn: row.trainedOn,
    confirmedAt: row.confirmedAt,
    lastSignedInAt: row.lastSignedInAt,
  };
}
