import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { CoverageReports } from '../../directory/coverage-reports.service.js';
import type { Place } from '../../directory/domain/kept-contact.js';
import { KeepContacts } from '../../directory/keep-contacts.service.js';
import type { KeeperPost } from '../../directory/place-keeping.service.js';
import { VerifyAddress } from '../../directory/verify-address.service.js';
import { portalPaths } from '../presenters/paths.js';
import { doneWords, type ContactsReading } from './contacts.presenter.js';
import type { keeperOf } from './keeper.js';

/** Everything that the list of a place's contacts shows. */
@Injectable()
export class ContactsReadings {
  constructor(
    private readonly clock: Clock,
    private readonly contacts: KeepContacts,
    private readonly coverage: CoverageReports,
    private readonly verify: VerifyAddress,
  ) {}

  /** @throws NotFound for a place that is not the keeper's */
  async place(keeper: KeeperPost, placeId: string): Promise<Place> {
    return (await this.contacts.list(keeper, placeId)).place;
  }

  async read(
    { keeper, post, ownPlace }: ReturnType<typeof keeperOf>,
    placeId: string,
    done: unknown,
  ): Promise<ContactsReading> {
    const kept = await this.contacts.list(keeper, placeId);
    const standing =
      kept.place.kind === 'setting'
        ? await this.coverage.forSetting(keeper.actor, keeper.contactId, kept.place.id)
        : null;
    return {
      ...kept,
      findings: standing?.setting.findings ?? [],
      attestation: standing?.attestation ?? 'fresh',
      waiting: await this.verify.waiting(kept.contacts),
      canText: this.verify.canText(),
      done: doneWords(done),
      backHref: post.kind === 'desk' && placeId !== ownPlace ? portalPaths.coverage() : null,
      now: this.clock.now(),
    };
  }
}
