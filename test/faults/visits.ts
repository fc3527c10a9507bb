import { setTimeout as sleep } from 'node:timers/promises';
import { SESSION_COOKIE } from '../../src/identity/staff/staff-access.js';
import type { AreaContact } from './area.js';
import type { Program } from './program.js';

export interface Deed {
  kind: 'acknowledge' | 'redirect' | 'place' | 'act';
  noticeId: string;
  /** Status of the last answer; 0 where there was none. */
  status: number;
  /** Real milliseconds since the epoch. */
  answeredAt: number;
}

const PATIENCE_MS = 60_000;

interface Visit {
  cookie: string;
  token: string;
}

/** Signed-in people with a browser, who press again, on the other server, when the page does not come. */
export class Visits {
  private readonly visits = new Map<string, Visit>();
  readonly deeds: Deed[] = [];
  private turn = 0;

  constructor(private readonly webs: readonly Program[]) {}

  async acknowledge(person: AreaContact, noticeId: string): Promise<number> {
    await this.press(person, `/notices/${noticeId}`, `/notices/${noticeId}/open`);
    return this.deed('acknowledge', person, noticeId, `/notices/${noticeId}/acknowledge`);
  }

  async redirect(person: AreaContact, noticeId: string): Promise<number> {
    return this.deed('redirect', person, noticeId, `/notices/${noticeId}/not-our-pupil`, {
      where: 'not-known',
      do: 'hand-back',
    });
  }

  async act(person: AreaContact, noticeId: string): Promise<number> {
    return this.deed('act', person, noticeId, `/notices/${noticeId}/action`, {
      inSchool: 'yes',
      told: 'no-one-involved',
      seenSafeBy: '',
      seenHeardSaid: '',
      decision: 'The class teacher will keep an eye on the child today.',
    });
  }

  async place(officer: AreaContact, noticeId: string, urn: string): Promise<number> {
    return this.deed('place', officer, noticeId, `/authority/notices/${noticeId}/assign`, { urn });
  }

  private async deed(
    kind: Deed['kind'],
    person: AreaContact,
    noticeId: string,
    path: string,
    fields: Record<string, string> = {},
  ): Promise<number> {
    const page = kind === 'place' ? `/authority/notices/${noticeId}` : `/notices/${noticeId}`;
    const status = await this.press(person, page, path, fields);
    this.deeds.push({ kind, noticeId, status, answeredAt: Date.now() });
    return status;
  }

  /** @returns the status of the answer, or 0 when patience ended */
  private async press(
    person: AreaContact,
    page: string,
    path: string,
    fields: Record<string, string> = {},
  ): Promise<number> {
    const limit = Date.now() + PATIENCE_MS;
    while (Date.now() < limit) {
      const web = this.webs[(this.turn += 1) % this.webs.length];
      try {
        const visit = this.visits.get(person.id) ?? (await this.look(web, person, page));
        if (!visit) return 404;
        const answer = await fetch(`${web.url}${path}`, {
          method: 'POST',
          redirect: 'manual',
          headers: { cookie: visit.cookie, accept: 'text/html' },
          body: new URLSearchParams({ ...fields, _csrf: visit.token }),
          signal: AbortSignal.timeout(15_000),
        });
        await answer.arrayBuffer();
        if (answer.status < 500) return answer.status;
      } catch {
        // The server went away in the middle: pressed again.
      }
      await sleep(300);
    }
    return 0;
  }

  /** The page with the form, and its token; null when the page is not theirs (any more). @throws while servers are away */
  private async look(web: Program, person: AreaContact, page: string): Promise<Visit | null> {
    const session = `${SESSION_COOKIE}=${person.session}`;
    const answer = await fetch(`${web.url}${page}`, {
      redirect: 'manual',
      headers: { cookie: session, accept: 'text/html' },
      signal: AbortSignal.timeout(15_000),
    });
    const html = await answer.text();
    if (answer.status >= 500) throw new Error('no page');
    const token = /name="_csrf" value="([^"]+)"/.exec(html)?.[1];
    if (answer.status !== 200 || !token) return null;
    const set = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
    const visit = { cookie: [session, ...set].join('; '), token };
    this.visits.set(person.id, visit);
    return visit;
  }
}
