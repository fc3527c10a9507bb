import type { TestApp } from './app.js';

export interface Page {
  status: number;
  /** Path and query after redirects. */
  path: string;
  html: string;
  /** Text without markup, white space collapsed. */
  text: string;
  forms: Form[];
}

export interface Form {
  action: string;
  method: string;
  /** Names and values as rendered, hidden ones included. */
  fields: Record<string, string>;
}

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: '\u00a0',
};
const decode = (text: string): string =>
  text.replace(/&(#39|\w+);/g, (all, name: string) => ENTITIES[name] ?? all);
const attribute = (tag: string, name: string): string | undefined => {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : decode(value);
};

function readForms(html: string, path: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, tag = '', content = '']) => {
    const fields: Record<string, string> = {};
    for (const [input] of content.matchAll(/<(?:input|button)\b[^>]*>/g)) {
      const [name, type] = [attribute(input, 'name'), attribute(input, 'type')];
      const chosen = !['radio', 'checkbox'].includes(type ?? '') || /\schecked\b/.test(input);
      if (name && chosen) fields[name] = attribute(input, 'value') ?? '';
    }
    const method = (attribute(` ${tag}`, 'method') ?? 'get').toLowerCase();
    return { action: attribute(` ${tag}`, 'action') || path, method, fields };
  });
}

const plain = (html: string): string =>
  decode(html.replace(/<(script|style|head)\b[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]+>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();

/** A person with a browser that has no JavaScript: cookies, redirects, and the forms of the page in front of them. */
export class Visitor {
  private readonly cookies = new Map<string, string>();
  /** What they see now. */
  page: Page = { status: 0, path: '/', html: '', text: '', forms: [] };

  constructor(private readonly app: Pick<TestApp, 'fetch' | 'mail'>) {}

  async visit(path: string): Promise<Page> {
    return this.go(path, { method: 'GET' });
  }

  /**
   * Fills in and submits the form that goes to `action` (a substring or a pattern; default: the only form that posts). Several
   * values are several ticks.
   */
  async submit(fields: Record<string, string | string[]> = {}, action?: string | RegExp): Promise<Page> {
    const posting = this.page.forms.filter(({ method }) => method === 'post');
    const form =
      action === undefined
        ? posting.find(({ action: to }) => !to.includes('sign-out'))
        : posting.find(({ action: to }) =>
            typeof action === 'string' ? to.includes(action) : action.test(to),
          );
    if (!form)
      throw new Error(
        `No form to ${String(action ?? 'post')} on ${this.page.path}: ${this.page.text.slice(0, 300)}`,
      );
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...form.fields, ...fields }))
      for (const one of [value].flat()) body.append(name, one);
    return this.go(form.action, { method: 'POST', body });
  }

  /** By the e-mailed one-time code. */
  async signIn(email: string): Promise<Page> {
    await this.visit('/sign-in');
    await this.submit({ email });
    const mail = await this.app.mail.waitFor({ to: email, text: /\b\d{6}\b/ });
    const code = /\b(\d{6})\b/.exec(mail.text)?.[1] ?? '';
    return this.submit({ code });
  }

  private async go(path: string, init: RequestInit): Promise<Page> {
    let next = { path, init };
    for (let hops = 0; hops < 10; hops += 1) {
      const answer = await this.app.fetch(next.path, { ...next.init, headers: this.headers() });
      this.keepCookies(answer);
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status >= 400 || location === null)
        return this.show(answer, next.path);
      await answer.arrayBuffer();
      const { pathname, search } = new URL(location, 'http://127.0.0.1');
      next = { path: pathname + search, init: { method: 'GET' } };
    }
    throw new Error(`Redirected in circles from ${path}`);
  }

  /** For a real browser that goes on where this one is. */
  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private headers(): Record<string, string> {
    const cookie = this.cookieHeader();
    return cookie ? { cookie, accept: 'text/html' } : { accept: 'text/html' };
  }

  private keepCookies(answer: Response): void {
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }

  private async show(answer: Response, path: string): Promise<Page> {
    const html = await answer.text();
    this.page = { status: answer.status, path, html, text: plain(html), forms: readForms(html, path) };
    return this.page;
  }
}
