import { formsOf, textOf, type HtmlForm } from './html-forms.js';

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly html: string;
  /** What a person reads on it. */
  readonly text: string;
  readonly forms: readonly HtmlForm[];
}

/** Sees every GET happen: the demo proves with it that looking changes nothing. */
export type AroundGet = <T>(address: string, work: () => Promise<T>) => Promise<T>;

const MOST_REDIRECTS = 5;

/** A browser without JavaScript: cookies, pages, and forms that only send what stands on the page. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(
    private readonly origin: string,
    private readonly aroundGet: AroundGet = (_address, work) => work(),
  ) {}

  /** Follows redirects as a browser does. */
  async get(path: string): Promise<Page> {
    let url = new URL(path, this.origin);
    for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
      const answer = await this.aroundGet(url.pathname, () => this.send(url));
      const next = answer.headers.get('location');
      if (!next) return this.pageOf(url, answer);
      await answer.arrayBuffer();
      url = new URL(next, url);
    }
    throw new Error(`Too many redirects from ${path}`);
  }

  /**
   * Fills in a form of this page and sends it.
   * @throws Error when the page has no such form, or the form no such field: a person could not have sent it
   */
  async submit(page: Page, action: RegExp, fields: Readonly<Record<string, string>> = {}): Promise<Page> {
    const form = page.forms.find((one) => one.method === 'post' && action.test(one.action));
    if (!form)
      throw new Error(
        `No form ${String(action)} on ${page.url} (${page.status}): ${page.text.slice(0, 300)}`,
      );
    const values = new Map(form.initial);
    for (const [name, value] of Object.entries(fields)) {
      if (!form.names.has(name)) throw new Error(`The form ${form.action} has no field ${name}`);
      values.set(name, value);
    }
    const url = new URL(form.action || page.url, page.url);
    const answer = await this.send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: this.origin },
      body: new URLSearchParams([...values]).toString(),
    });
    const next = answer.headers.get('location');
    if (!next) return this.pageOf(url, answer);
    await answer.arrayBuffer();
    return this.get(new URL(next, url).href);
  }

  private async send(url: URL, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      ...(init.headers as Record<string, string> | undefined),
      ...(cookie ? { cookie } : {}),
    };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) this.keep(line);
    return answer;
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    const value = pair.slice(at + 1).trim();
    const gone =
      value === '' ||
      attributes.some((one) => /^\s*max-age=0$/i.test(one) || /expires=Thu, 01 Jan 1970/i.test(one));
    if (gone) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  private async pageOf(url: URL, answer: Response): Promise<Page> {
    const html = await answer.text();
    return { url: url.href, status: answer.status, html, text: textOf(html), forms: formsOf(html) };
  }
}
