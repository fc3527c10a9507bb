import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../common/clock.js';
import { DomainError, NotFound } from '../../common/errors.js';
import { Pages } from '../pages.service.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { presentDeskNotice, type DeskForms } from './desk-notice.presenter.js';
import { DeskReadings } from './desk-reading.service.js';
import { deskScopeOf, type DeskScope } from './desk-scope.js';

const FIELDS: Readonly<Record<string, string>> = {
  urn: 'urn',
  'told-at': 'toldDate',
  'told-whom': 'contactId',
  authority: 'authority',
};

/** The page of one notice at a desk, and what every button on it has in common. */
@Injectable()
export class DeskNoticePage {
  constructor(
    private readonly readings: DeskReadings,
    private readonly pages: Pages,
    private readonly clock: Clock,
  ) {}

  async show(
    request: FastifyRequest,
    reply: FastifyReply,
    { noticeId, forms, status }: { noticeId: string; forms: DeskForms; status: number },
  ): Promise<void> {
    const reading = await this.readings.notice(deskScopeOf(request).scope, noticeId, forms.search);
    const view = presentDeskNotice(reading, forms, this.clock.now());
    await this.pages.send(request, reply, 'desk-notice', view, status);
  }

  /** Does it and goes on; what was wrong, or who was first, is said on the notice's own page with everything typed. */
  async attempt(
    request: FastifyRequest,
    reply: FastifyReply,
    what: { noticeId: string; forms: DeskForms },
    command: (scope: DeskScope) => Promise<string>,
  ): Promise<void> {
    const { scope } = deskScopeOf(request);
    // The commands see what row-level security shows; a notice of a child who only lives here is not this desk's.
    await this.readings.assertMine(scope, what.noticeId);
    let next: string;
    try {
      next = await command(scope);
    } catch (error) {
      if (!(error instanceof DomainError) || error instanceof NotFound) throw error;
      const errors = [toFieldError(error)];
      return this.show(request, reply, { ...what, forms: { ...what.forms, errors }, status: error.status });
    }
    await this.pages.redirect(reply, next);
  }
}

function toFieldError(error: DomainError): FieldError {
  return { field: FIELDS[error.code] ?? 'main-content', text: error.message };
}
