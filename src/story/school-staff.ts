import type { Page } from './browser.js';
import { noticeIdIn, Staff } from './staff.js';

export interface Decision {
  readonly inSchool: 'yes' | 'no';
  readonly seenSafeBy?: string;
  readonly told: 'social-worker' | 'early-help' | 'no-one-involved' | 'not-yet';
  readonly seenHeardSaid: string;
  readonly decision: string;
}

/** A DSL, deputy or head: mail, inbox, cover, notice, one button, one short form. */
export class SchoolStaff extends Staff {
  /** From the mail to the notice's text: "Our pupil: open". */
  async open(reference?: string): Promise<{ noticeId: string; page: Page }> {
    const wanted = reference ?? (await this.newestReference());
    const path = this.linkTo(await this.signedIn(), wanted);
    const noticeId = noticeIdIn(path);
    const cover = await this.get(path);
    this.did('notice.cover-shown', noticeId);
    const page = await this.submit(cover, /\/open$/);
    this.did('notice.opened', noticeId);
    this.did('notice.read', noticeId);
    return { noticeId, page };
  }

  /** Opens, reads and presses "I have read this and will look after it". */
  async acknowledge(reference?: string): Promise<{ noticeId: string; page: Page }> {
    const opened = await this.open(reference);
    const confirmed = await this.submit(opened.page, /\/acknowledge$/);
    if (!confirmed.text.includes('You have it now')) throw new Error(`Not acknowledged: ${confirmed.text}`);
    this.did('notice.acknowledged', opened.noticeId);
    return opened;
  }

  async sayInSchoolToday(noticeId: string): Promise<void> {
    const page = await this.get(`/notices/${noticeId}/read`);
    this.did('notice.read', noticeId);
    await this.submit(page, /\/in-school$/, { answer: 'yes' });
    this.did('notice.in-school-answered', noticeId);
  }

  async decide(noticeId: string, decision: Decision): Promise<Page> {
    await this.signedIn();
    const form = await this.get(`/notices/${noticeId}/action`);
    const done = await this.submit(form, /\/action$/, { ...decision });
    this.did('notice.action-recorded', noticeId);
    return done;
  }

  private did(action: string, noticeId: string): void {
    this.around.ledger.did(action, noticeId, this.email);
  }
}
