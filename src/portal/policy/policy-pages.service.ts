import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OpenDays } from '../../calendar/open-days.service.js';
import type { Actor } from '../../common/actor.js';
import { DomainError, NotFound, StateConflict } from '../../common/errors.js';
import { InvalidPolicyError } from '../../escalation/domain/policy.js';
import { Policies, type PolicyOwner } from '../../escalation/policies.service.js';
import { PreviewPolicy } from '../../escalation/preview-policy.service.js';
import { Pages } from '../pages.service.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { fieldErrors, policyFrom, readPolicyForm, type PolicyFormValues } from './policy-form.js';
import { presentPolicy, presentPreview, type PolicyPage } from './policy.presenter.js';

type Form = Record<string, unknown>;

/** Who asks, for whose policy, and where the answer goes. */
export interface PolicyVisit {
  request: FastifyRequest;
  reply: FastifyReply;
  actor: Actor;
  owner: PolicyOwner;
  place: string;
  mayChange: boolean;
  /** The page itself, asked for again after something was saved. */
  home: string;
}

/** The same three steps for an authority and for a setting: look, preview, save. */
@Injectable()
export class PolicyPages {
  constructor(
    private readonly policies: Policies,
    private readonly preview: PreviewPolicy,
    private readonly openDays: OpenDays,
    private readonly pages: Pages,
  ) {}

  async show(visit: PolicyVisit, more: Partial<PolicyPage> = {}, status = 200): Promise<void> {
    const { request, reply, actor, owner, place, mayChange } = visit;
    const state = await this.policies.look(actor, owner);
    const openDays = 'urn' in owner ? await this.openDays.look(actor, owner.urn) : undefined;
    const page = { state, place, mayChange, ...(openDays && { openDays }), ...more };
    await this.pages.send(request, reply, 'policy', presentPolicy(page), status);
  }

  async considered(visit: PolicyVisit, form: Form): Promise<void> {
    const values = await this.valuesFrom(visit, form);
    await this.orSayWhy(visit, values, async () => {
      const tryWith = values.tryWith === '' ? null : values.tryWith.toUpperCase();
      const preview = await this.preview.run(visit.actor, visit.owner, policyFrom(values), tryWith);
      if (tryWith !== null && !preview.setting) {
        throw new DomainError('tryWith', 'There is no open school with this URN in your authority.');
      }
      // Seen from here: whoever saves meanwhile makes this number old.
      const base = Number(form['base'] ?? preview.state.number);
      if (base !== preview.state.number) throw new StateConflict(NEWER);
      await this.pages.send(
        visit.request,
        visit.reply,
        'policy-preview',
        presentPreview(preview, visit.place, values, base),
      );
    });
  }

  /** From the preview back to the form, with what was typed. */
  async edit(visit: PolicyVisit, form: Form): Promise<void> {
    await this.show(visit, { values: await this.valuesFrom(visit, form) });
  }

  async save(visit: PolicyVisit, form: Form): Promise<void> {
    const values = await this.valuesFrom(visit, form);
    await this.orSayWhy(visit, values, async () => {
      await this.policies.save(visit.actor, visit.owner, policyFrom(values), Number(form['base']));
      await this.pages.redirect(visit.reply, `${visit.home}?saved=1`);
    });
  }

  /** Back to the standard ladder, or to the authority's. */
  async standard(visit: PolicyVisit, form: Form): Promise<void> {
    assertMayChange(visit);
    await this.policies.save(visit.actor, visit.owner, null, Number(form['base']));
    await this.pages.redirect(visit.reply, `${visit.home}?saved=1`);
  }

  private async valuesFrom(visit: PolicyVisit, form: Form): Promise<PolicyFormValues> {
    assertMayChange(visit);
    const { inForce } = await this.policies.look(visit.actor, visit.owner);
    return readPolicyForm(form, inForce);
  }

  private async orSayWhy(
    visit: PolicyVisit,
    values: PolicyFormValues,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      const errors = errorsOf(error);
      if (!errors) throw error;
      await this.show(visit, { values, errors }, error instanceof StateConflict ? 409 : 422);
    }
  }
}

const NEWER =
  'Somebody saved another version after you opened this form. What is in force now stands below; your entries are kept. Preview them again.';

function errorsOf(error: unknown): FieldError[] | null {
  if (error instanceof InvalidPolicyError) return fieldErrors(error.problems);
  if (error instanceof StateConflict) return [{ field: 'reminder', text: error.message }];
  if (error instanceof DomainError && error.code === 'tryWith')
    return [{ field: 'tryWith', text: error.message }];
  return null;
}

function assertMayChange(visit: PolicyVisit): void {
  if (!visit.mayChange) throw new NotFound();
}
