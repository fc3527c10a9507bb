import type { Page } from './browser.js';
import { londonDate, londonTime } from './london.js';
import { noticeIdIn, Staff } from './staff.js';

/** An officer of an authority's desk: the list, one notice, taking charge, placing, the telephone. */
export class DeskStaff extends Staff {
  async openFromDesk(reference: string): Promise<{ noticeId: string; page: Page }> {
    await this.signedIn();
    const list = await this.get('/authority/desk');
    const path = this.linkTo(list, reference);
    return { noticeId: noticeIdIn(path), page: await this.get(path) };
  }

  async takeCharge(reference: string): Promise<string> {
    const { noticeId, page } = await this.openFromDesk(reference);
    await this.submit(page, /\/take-charge$/);
    this.did('notice.charge-taken', noticeId);
    return noticeId;
  }

  /** Assigns the best candidate that the page offers. @returns the setting's URN and the words beside it */
  async place(reference: string): Promise<{ noticeId: string; urn: string; label: string }> {
    const { noticeId, page } = await this.openFromDesk(reference);
    const form = page.forms.find((one) => /\/assign$/.test(one.action));
    const best = form?.radios.find((radio) => radio.name === 'urn');
    if (!best) throw new Error(`The desk is offered no setting: ${page.text.slice(0, 400)}`);
    await this.submit(page, /\/assign$/, { urn: best.value });
    this.did('notice.placement-chosen', noticeId);
    return { noticeId, urn: best.value, label: best.label };
  }

  /** Records who was told by telephone, and when. */
  async recordTelephone(noticeId: string, told: { name: string; at: Date }): Promise<void> {
    await this.signedIn();
    const page = await this.get(`/authority/notices/${noticeId}`);
    const form = page.forms.find((one) => /\/telephone$/.test(one.action));
    const whom = form?.radios.find((radio) => radio.name === 'contactId' && radio.label.includes(told.name));
    if (!whom) throw new Error(`${told.name} is not on the list of whom to ring: ${page.text.slice(0, 600)}`);
    await this.submit(page, /\/telephone$/, {
      contactId: whom.value,
      toldDate: londonDate(told.at),
      toldTime: londonTime(told.at),
      identityCheck: 'called-number-on-file',
    });
    this.did('notice.telephone-acknowledged', noticeId);
  }

  async readOverview(): Promise<Page> {
    await this.signedIn();
    const page = await this.get('/authority');
    this.did('authority.read', null);
    return page;
  }

  private did(action: string, noticeId: string | null): void {
    this.around.ledger.did(action, noticeId, this.email);
  }
}
