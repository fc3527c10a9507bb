import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, NotFound } from '../../../common/errors.js';
import { isUuid } from '../../../common/ids.js';
import { Access, Audited } from '../../../common/http/route-declarations.js';
import { AssignSetting } from '../../../triage/assign-setting.service.js';
import { ChangeDesk } from '../../../triage/change-desk.service.js';
import { Claims } from '../../../triage/claims.service.js';
import { Pages } from '../../pages.service.js';
import type { FieldError } from '../../presenters/page-context.view-model.js';
import { portalPaths } from '../../presenters/paths.js';
import { DeskReadings } from '../desk-reading.service.js';
import { deskScopeOf, type DeskScope } from '../desk-scope.js';
import {
  DeskPage,
  doneWords,
  NOTHING_TRIED,
  readListQuery,
  type ListQuery,
  type Tried,
  type WorkForm,
} from './desk-page.service.js';
import { EachNotice, NOT_HERE, type EachResult } from './each-notice.service.js';
import { idsOfGroup, leftOutIds, pressed, textOf, tickedIds } from './ticks.js';

type Form = Record<string, unknown>;
const NOTHING_TICKED: FieldError = { field: 'waiting', text: 'Tick the children first' };
const NOTHING_DONE: EachResult = { done: [], problems: new Map() };

/** The triage list and the page on which several children are worked on at once. No GET changes anything. */
@Controller('authority/desk')
export class TriageController {
  constructor(
    private readonly page: DeskPage,
    private readonly readings: DeskReadings,
    private readonly each: EachNotice,
    private readonly claims: Claims,
    private readonly assign: AssignSetting,
    private readonly changeDesk: ChangeDesk,
    private readonly pages: Pages,
  ) {}

  @Get()
  @Access('authority')
  @Audited('desk.read')
  async list(
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const view = await this.page.list(deskScopeOf(request).scope, readListQuery(query));
    await this.pages.send(request, reply, 'desk-list', view);
  }

  /** Every button of the list. */
  @Post()
  @HttpCode(200)
  @Access('authority')
  @Audited(
    'desk.read',
    'notice.claimed',
    'notice.claim-released',
    'notice.claim-taken-over',
    'notice.placement-chosen',
    'notice.placed',
  )
  async act(@Body() form: Form, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { scope } = deskScopeOf(request);
    const query = readListQuery(form ?? {});
    const { verb, rest } = pressed(form ?? {});
    const ticked = tickedIds(form ?? {});
    const again = (errors: FieldError[], result = NOTHING_DONE): Promise<void> =>
      this.listAgain(request, reply, scope, query, { ticked, problems: result.problems, errors });
    const [first = '', group = ''] = rest;
    switch (verb) {
      case 'assign':
        return this.finish(reply, query, again, await this.assignTo(scope, idsOfGroup(form, group), first));
      case 'claim':
        if (ticked.length === 0) return again([NOTHING_TICKED]);
        return this.finish(reply, query, again, await this.claim(scope, ticked, verb));
      case 'take-over':
        return this.finish(reply, query, again, await this.claim(scope, idsOfGroup(form, first), verb));
      case 'release':
        await this.claims.release(scope.actor, scope.contactId, ticked);
        return this.pages.redirect(reply, portalPaths.deskList({ ...query, done: 0 }));
      default:
        if (ticked.length === 0) return again([NOTHING_TICKED]);
        return this.beginWork(request, reply, scope, ticked);
    }
  }

  @Post('take-back')
  @HttpCode(200)
  @Access('authority')
  @Audited('notice.placement-undone', 'desk.read')
  async takeBack(
    @Body() form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { scope } = deskScopeOf(request);
    const query = readListQuery(form ?? {});
    const result = await this.undo(scope, textOf(form ?? {}, 'placement', 40));
    const again = (errors: FieldError[]): Promise<void> =>
      this.listAgain(request, reply, scope, query, { ...NOTHING_TRIED, problems: result.problems, errors });
    await this.finish(reply, query, again, result);
  }

  /** The page of several ticked children: searching changes nothing, and is a POST because a postcode may be typed. */
  @Post('work')
  @HttpCode(200)
  @Access('authority')
  @Audited(
    'desk.read',
    'notice.claimed',
    'notice.claim-taken-over',
    'notice.placement-chosen',
    'notice.placed',
    'notice.desk-changed',
  )
  async work(@Body() form: Form, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { scope } = deskScopeOf(request);
    const { verb, rest } = pressed(form ?? {});
    const work: WorkForm = {
      ids: tickedIds(form ?? {}),
      leftOut: leftOutIds(form ?? {}),
      search: textOf(form, 'q'),
      selected: textOf(form, 'urn', 20),
      authority: textOf(form, 'authority', 20),
      done: null,
    };
    if (verb === 'take-over') {
      await this.claim(scope, idsOfGroup(form, rest[0] ?? ''), 'take-over');
      return this.showWork(request, reply, scope, work);
    }
    if (work.ids.length === 0) return this.pages.redirect(reply, portalPaths.desk());
    const missing = missingFor(verb, work);
    if (missing) return this.showWork(request, reply, scope, work, { ...NOTHING_TRIED, errors: [missing] });
    const command = this.commandFor(scope, verb, work);
    if (!command) {
      await this.claims.claim(scope.actor, scope.contactId, work.ids);
      return this.showWork(request, reply, scope, work);
    }
    const result = await this.each.run(scope, work.ids, command);
    if (result.problems.size === 0) {
      return this.pages.redirect(
        reply,
        portalPaths.deskList({ show: 'all', by: 'incident', done: result.done.length }),
      );
    }
    const left = [...result.problems.keys()];
    const done = result.done.length > 0 ? doneWords(result.done.length) : null;
    await this.showWork(request, reply, scope, { ...work, ids: left, done }, tried(result, left));
  }

  private commandFor(
    scope: DeskScope,
    verb: string,
    work: WorkForm,
  ): ((noticeId: string) => Promise<unknown>) | null {
    const { actor, contactId } = scope;
    switch (verb) {
      case 'assign':
        return (id) => this.assign.run(actor, contactId, id, work.selected);
      case 'home-education':
      case 'early-years':
        return (id) => this.changeDesk.run(actor, contactId, id, { desk: verb });
      case 'authority':
        return (id) => this.changeDesk.run(actor, contactId, id, { authority: work.authority });
      default:
        return null;
    }
  }

  /** One child: its own page. Several: theirs. Whoever works on a child has it from now on. */
  private async beginWork(
    request: FastifyRequest,
    reply: FastifyReply,
    scope: DeskScope,
    ids: readonly string[],
  ): Promise<void> {
    await this.claims.claim(scope.actor, scope.contactId, ids);
    const [only] = ids;
    if (ids.length === 1 && only) return this.pages.redirect(reply, portalPaths.deskNotice(only));
    await this.showWork(request, reply, scope, {
      ids,
      leftOut: [],
      search: '',
      selected: '',
      authority: '',
      done: null,
    });
  }

  private async assignTo(scope: DeskScope, ids: readonly string[], urn: string): Promise<EachResult> {
    return this.each.run(scope, ids, (id) => this.assign.run(scope.actor, scope.contactId, id, urn));
  }

  private async undo(scope: DeskScope, placementId: string): Promise<EachResult> {
    try {
      if (!isUuid(placementId)) return NOTHING_DONE;
      await this.readings.assertMyPlacement(scope, placementId);
      await this.assign.undo(scope.actor, scope.contactId, placementId);
      return NOTHING_DONE;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const words = error instanceof NotFound ? NOT_HERE : error.message;
      return { done: [], problems: new Map([[placementId, words]]) };
    }
  }

  private async claim(
    scope: DeskScope,
    ids: readonly string[],
    verb: 'claim' | 'take-over',
  ): Promise<EachResult> {
    if (verb === 'take-over') {
      const taken = await this.each.run(scope, ids, (id) =>
        this.claims.takeOver(scope.actor, scope.contactId, id),
      );
      return { ...taken, done: [] };
    }
    const results = await this.claims.claim(scope.actor, scope.contactId, ids);
    const problems = results.flatMap(({ noticeId, holder }) =>
      holder ? [[noticeId, `${holder.name} was first and is working on this one.`] as const] : [],
    );
    return { done: [], problems: new Map(problems) };
  }

  private async finish(
    reply: FastifyReply,
    query: ListQuery,
    again: (errors: FieldError[], result: EachResult) => Promise<void>,
    result: EachResult,
  ): Promise<void> {
    if (result.problems.size > 0) return again(tried(result, []).errors.slice(), result);
    await this.pages.redirect(reply, portalPaths.deskList({ ...query, done: result.done.length }));
  }

  private async listAgain(
    request: FastifyRequest,
    reply: FastifyReply,
    scope: DeskScope,
    query: ListQuery,
    what: Tried,
  ): Promise<void> {
    const view = await this.page.list(scope, { ...query, done: 0 }, what);
    await this.pages.send(request, reply, 'desk-list', view, what.problems.size > 0 ? 409 : 422);
  }

  private async showWork(
    request: FastifyRequest,
    reply: FastifyReply,
    scope: DeskScope,
    work: WorkForm,
    what: Tried = NOTHING_TRIED,
  ): Promise<void> {
    const view = await this.page.work(scope, work, what);
    const status = what.problems.size > 0 ? 409 : what.errors.length > 0 ? 422 : 200;
    await this.pages.send(request, reply, 'triage-work', view, status);
  }
}

function missingFor(verb: string, work: WorkForm): FieldError | null {
  if (verb === 'assign' && work.selected === '') {
    return { field: 'urn', text: 'Choose the setting that is these children’s' };
  }
  if (verb === 'authority' && work.authority === '') {
    return { field: 'authority', text: 'Choose the authority that should have them' };
  }
  return null;
}

function tried(result: EachResult, ticked: readonly string[]): Tried {
  const errors = [...result.problems].map(([id, text]) => ({ field: `n-${id}`, text }));
  return { ticked, problems: result.problems, errors };
}
