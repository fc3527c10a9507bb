import { Browser, type AroundGet, type Page } from './browser.js';
import type { Ledger } from './ledger.js';

export interface CaughtMail {
  readonly at: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** What every person of the story has at hand: the address of the pages, their own mailbox. */
export interface Surroundings {
  readonly url: string;
  readonly ledger: Ledger;
  readonly aroundGet: AroundGet;
  /** Waits until everything due is done, so that a code that was asked for is in the mailbox. */
  settle(): Promise<void>;
}

export async function readMailbox(url: string, to?: string): Promise<CaughtMail[]> {
  const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`;
  const answer = await fetch(new URL(`/mail.json${query}`, url));
  if (answer.status !== 200) throw new Error(`The caught mail cannot be read: ${answer.status}`);
  return (await answer.json()) as CaughtMail[];
}

const CODE = /\b(\d{6})\b/;

/** A person with a browser and a mailbox; signs in by the mailed code when first needed. */
export class Staff {
  private readonly browser: Browser;
  private home: Page | null = null;

  constructor(
    readonly person: Person,
    protected readonly around: Surroundings,
  ) {
    this.browser = new Browser(around.url, around.aroundGet);
  }

  get email(): string {
    return this.person.email;
  }

  /** @returns the page where their post begins its day, as it is now */
  async signedIn(): Promise<Page> {
    if (this.home) return this.browser.get(new URL(this.home.url).pathname);
    const form = await this.browser.get('/sign-in');
    const typeCode = await this.browser.submit(form, /\/sign-in$/, { email: this.email });
    await this.around.settle();
    const [newest] = (await readMailbox(this.around.url, this.email)).filter((mail) => CODE.test(mail.text));
    const code = newest ? CODE.exec(newest.text)?.[1] : undefined;
    if (!code) throw new Error(`No sign-in code came for ${this.person.name}`);
    this.home = await this.browser.submit(typeCode, /\/sign-in\/code$/, { code });
    if (this.home.status !== 200) throw new Error(`${this.person.name} is not let in: ${this.home.status}`);
    this.around.ledger.did('sign-in.succeeded', null, null);
    return this.home;
  }

  async get(path: string): Promise<Page> {
    return this.browser.get(path);
  }

  async submit(page: Page, action: RegExp, fields: Record<string, string> = {}): Promise<Page> {
    const next = await this.browser.submit(page, action, fields);
    if (next.status >= 400) throw new Error(`${this.person.name}: ${next.status} ${next.text.slice(0, 400)}`);
    return next;
  }

  /** The references in the newest mail about notices. */
  async newestReference(): Promise<string> {
    const mails = await readMailbox(this.around.url, this.email);
    const reference = mails.map((mail) => /References? ([A-Z0-9]+)/.exec(mail.text)?.[1]).find(Boolean);
    if (!reference) throw new Error(`${this.person.name} has no mail with a reference`);
    return reference;
  }

  /** The address behind the link that names this reference, on a page in front of them. */
  protected linkTo(page: Page, reference: string): string {
    for (const [, href = '', words = ''] of page.html.matchAll(
      /<a\b[^>]*href="([^"]+)"[^>]*>([\s\S]*?)<\/a>/g,
    )) {
      if (/notices\//.test(href) && words.includes(reference)) return href;
    }
    throw new Error(
      `${this.person.name} sees no notice ${reference} on ${page.url}: ${page.text.slice(0, 400)}`,
    );
  }
}

/** `/notices/{id}` and below. */
export function noticeIdIn(path: string): string {
  const id = /notices\/([0-9a-f-]{36})/.exec(path)?.[1];
  if (!id) throw new Error(`No notice in ${path}`);
  return id;
}
