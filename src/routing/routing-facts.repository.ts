import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { conflictsOf } from '../notifications/domain/conflict.js';
import type { ChildDto } from '../notifications/dto/child.dto.js';
import type { NotificationDto } from '../notifications/dto/notification.dto.js';
import { lookUpsFor } from './domain/look-ups.js';
import {
  DEFAULT_THRESHOLDS,
  type ConnectedAdult,
  type NumberContradictedByName,
  type RoutingFacts,
  type RoutingThresholds,
  type SettingFact,
} from './domain/routing.types.js';
import { NamedSettings, SETTING_FACT } from './named-settings.repository.js';
import { PupilBase } from './pupil-base.js';

/** Longest chain of successor links that is followed (the real register's longest is five). */
const MAX_CHAIN = 10;

/** Looks up everything that the pure decision needs about one child. */
@Injectable()
export class RoutingFactsRepository {
  constructor(
    private readonly pupilBase: PupilBase,
    private readonly names: NamedSettings,
  ) {}

  async factsFor(
    tx: Tx,
    notification: NotificationDto,
    child: ChildDto,
    forceCode: string,
  ): Promise<RoutingFacts> {
    const wanted = lookUpsFor({ settings: child.settings ?? [], schoolStated: child.schoolStated ?? null });
    const pupilBase = await this.pupilBase.find(tx, child);
    const [force] = await tx.query<{ code: string | null }>(
      `SELECT default_authority_code AS code FROM force WHERE code = $1`,
      [forceCode],
    );
    const home = child.homeAuthorityCode ?? force?.code ?? null;
    const named = wanted.nameCore === null ? null : await this.names.lookUp(tx, wanted.nameCore, child, home);
    const namesakes = named?.namesakes ?? [];
    const urns = [
      ...new Set([
        ...wanted.urns,
        ...(pupilBase?.urns ?? []),
        ...(pupilBase?.suggestions ?? []).map(({ urn }) => urn),
        ...namesakes.filter(({ status }) => status === 'closed').map(({ urn }) => urn),
      ]),
    ];
    const successors = await this.successors(tx, urns, wanted.laestabs);
    const settings = await this.settings(
      tx,
      [...urns, ...successors.map((link) => link.successorUrn)],
      wanted.laestabs,
    );
    const served = await tx.query<{ code: string; policy: Partial<RoutingPolicy> | null }>(
      `SELECT code, routing_policy AS policy FROM authority WHERE served`,
    );
    const own = served.find(({ code }) => code === home);
    return {
      settings,
      successors,
      namesakes,
      aliases: named?.aliases ?? [],
      ...(named && {
        knownWords: named.knownWords,
        townsNamed: named.townsNamed,
        homePoint: named.homePoint,
        nearbyAuthorities: named.nearbyAuthorities,
      }),
      pupilBase,
      adults: await this.adults(tx, notification, [...settings, ...namesakes]),
      authoritiesServed: served.map(({ code }) => code),
      earlyYearsIncluded: served.filter(({ policy }) => policy?.earlyYearsProviders).map(({ code }) => code),
      authorityOfHomePostcode: null,
      // The contract has no place of the incident finer than the force: its area's default authority stands for it.
      incidentAuthorityCode: force?.code ?? null,
      forceDefaultAuthorityCode: force?.code ?? null,
      thresholds: { ...DEFAULT_THRESHOLDS, ...own?.policy?.thresholds },
      numberContradictedByName: own?.policy?.numberContradictedByName ?? 'send',
    };
  }

  private async settings(
    tx: Tx,
    urns: readonly string[],
    laestabs: readonly string[],
  ): Promise<SettingFact[]> {
    if (urns.length + laestabs.length === 0) return [];
    return tx.query<SettingFact>(
      `SELECT ${SETTING_FACT} FROM setting WHERE urn = ANY($1) OR laestab = ANY($2) ORDER BY urn`,
      [urns, laestabs],
    );
  }

  /** Links leading on from closed settings, loops included once: UNION removes what was seen. */
  private async successors(
    tx: Tx,
    urns: readonly string[],
    laestabs: readonly string[],
  ): Promise<{ urn: string; successorUrn: string }[]> {
    return tx.query(
      `WITH RECURSIVE chain (urn, link_urn, depth) AS (
         SELECT l.urn, l.link_urn, 1 FROM setting_link l JOIN setting s ON s.urn = l.urn
         WHERE l.kind = 'successor' AND s.status = 'closed' AND (s.urn = ANY($1) OR s.laestab = ANY($2))
         UNION
         SELECT l.urn, l.link_urn, chain.depth + 1 FROM chain
         JOIN setting s ON s.urn = chain.link_urn AND s.status = 'closed'
         JOIN setting_link l ON l.urn = s.urn AND l.kind = 'successor'
         WHERE chain.depth < ${MAX_CHAIN})
       SELECT DISTINCT urn, link_urn AS "successorUrn" FROM chain ORDER BY 1, 2`,
      [urns, laestabs],
    );
  }

  /** Adults said to work at a school, with the settings at which somebody has their name. */
  private async adults(
    tx: Tx,
    notification: NotificationDto,
    settings: readonly SettingFact[],
  ): Promise<ConnectedAdult[]> {
    const connected = (notification.adults ?? []).filter(
      ({ schoolConnection }) => schoolConnection === 'staff' || schoolConnection === 'governor',
    );
    if (connected.length === 0) return [];
    const contacts = await tx.query<{ id: string; name: string; urn: string }>(
      `SELECT id, name, setting_urn AS urn FROM contact
       WHERE setting_urn = ANY($1) AND archived_at IS NULL AND NOT shared_mailbox`,
      [settings.map(({ urn }) => urn)],
    );
    return connected.map((adult) => {
      const matched = new Set(conflictsOf(contacts, [adult]).contactIds);
      return {
        schoolConnection: adult.schoolConnection ?? 'unknown',
        matchedUrns: [...new Set(contacts.filter(({ id }) => matched.has(id)).map(({ urn }) => urn))],
      };
    });
  }
}

interface RoutingPolicy {
  thresholds: Partial<RoutingThresholds>;
  /** Private early-years providers receive notices in this authority. */
  earlyYearsProviders: boolean;
  numberContradictedByName: NumberContradictedByName;
}
