import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isUuid } from '../../common/ids.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { ExcludeContact, type NoticeReaders } from '../../notices/exclude-contact.service.js';
import { DeskReadings } from '../authority/desk-reading.service.js';
import { deskScopeOf } from '../authority/desk-scope.js';
import { NoticeIdPipe } from '../notice-id.pipe.js';
import { Pages } from '../pages.service.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { portalPaths } from '../presenters/paths.js';
import { roleWords } from './contact-words.js';
import type { ExclusionsView } from './exclusions.view-model.js';
import { field } from './keeper.js';

const WHY = {
  'name-match': 'the name is that of an adult of the incident',
  'knows-family': 'said “I know this family”',
  'by-person': 'left out by an officer',
  'vouched-by':
    'added, or given an address, by somebody who must not know of it. If the contact is right, say so in the setting’s contacts',
};

/** "This person must not know of it." Only the authority says so, and the setting never sees that it was said. */
@Controller('authority/notices/:noticeId/exclusions')
export class ExclusionsController {
  constructor(
    private readonly excludeContact: ExcludeContact,
    private readonly readings: DeskReadings,
    private readonly pages: Pages,
  ) {}

  @Get()
  @Access('authority')
  @Audited('desk.read')
  async form(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.readings.assertMine(deskScopeOf(request).scope, noticeId);
    await this.show(request, reply, noticeId, null, []);
  }

  @Post()
  @Access('authority')
  @Audited('notice.contact-excluded', 'desk.read')
  async exclude(
    @Param('noticeId', NoticeIdPipe) noticeId: string,
    @Body() form: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { scope } = deskScopeOf(request);
    // The operator's desk works with the system's scope: whose business a notice is, is asked here.
    await this.readings.assertMine(scope, noticeId);
    const contactId = field(form, 'contactId');
    if (!isUuid(contactId)) {
      return this.show(request, reply, noticeId, null, [
        { field: 'contactId', text: 'Choose who must not know of it' },
      ]);
    }
    const { handedTo, wasOwner } = await this.excludeContact.run(
      scope.actor,
      scope.contactId,
      noticeId,
      contactId,
    );
    if (contactId === scope.contactId) return this.pages.redirect(reply, portalPaths.desk());
    await this.show(request, reply, noticeId, doneWords(handedTo, wasOwner), []);
  }

  private async show(
    request: FastifyRequest,
    reply: FastifyReply,
    noticeId: string,
    done: string | null,
    errors: readonly FieldError[],
  ): Promise<void> {
    const { scope } = deskScopeOf(request);
    const reading = await this.excludeContact.readers(scope.actor, scope.contactId, noticeId);
    const view = present(noticeId, reading, done, errors);
    await this.pages.send(request, reply, 'exclusions', view, errors.length > 0 ? 422 : 200);
  }
}

function doneWords(handedTo: string | null, wasOwner: boolean): string {
  const start = 'Done. They see nothing of this incident from now on, and nothing is sent to them.';
  if (!wasOwner) return start;
  return handedTo === null
    ? `${start} They had acknowledged the notice, and nobody else there can be told: ring the setting now.`
    : `${start} They had acknowledged the notice. It is in the hands of ${handedTo} now: ring them.`;
}

export function present(
  noticeId: string,
  { reference, testNotice, readers }: NoticeReaders,
  done: string | null,
  errors: readonly FieldError[],
): ExclusionsView {
  return {
    reference,
    testNotice,
    action: portalPaths.exclusions(noticeId),
    backHref: portalPaths.deskNotice(noticeId),
    done,
    readers: readers
      .filter(({ excludedWhy }) => excludedWhy === null)
      .map(({ contactId, name, role, place }) => ({
        value: contactId,
        text: name,
        hint: { text: `${roleWords(role)}, ${place}` },
      })),
    excluded: readers.flatMap(({ name, excludedWhy }) =>
      excludedWhy ? [{ name, why: WHY[excludedWhy] }] : [],
    ),
    errors,
  };
}
