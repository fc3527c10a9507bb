import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { Clock } from '../../common/clock.js';
import { DemoFile, type DemoJson, type DemoPerson } from '../../demonstration/demo-file.service.js';
import type { DemoGroup, LandingView } from '../presenters/landing.view-model.js';
import { portalPaths } from '../presenters/paths.js';
import { demoCurl } from './demo-curl.js';

const ROLES: Readonly<Record<string, string>> = {
  dsl: 'Designated Safeguarding Lead',
  deputy: 'Deputy DSL',
  head: 'Head',
  'triage officer': 'Triage desk: finds the school',
  'duty officer': 'Duty desk: rings the school',
  'home-education officer': 'Home-education desk',
  'early-years officer': 'Early-years desk',
  'operator officer': 'The operator’s own desk',
  administrator: 'Administrator of this installation',
  force: 'Police force',
};
/** The first of each of these is enough to see everything. */
const AT_AN_AUTHORITY = ['triage officer', 'duty officer', 'home-education officer'];
const ELSEWHERE = ['force', 'administrator'];

/** The start page; in the embedded default it says how to try everything. */
@Injectable()
export class Landing {
  constructor(
    private readonly demoFile: DemoFile,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async view(): Promise<LandingView> {
    const { home } = this.config;
    const demo = home === null ? null : await this.demoFile.read(home);
    const curl = demo && demoCurl(demo, this.clock.now());
    if (!demo || !curl) return { demo: null };
    return {
      demo: { groups: groupsOf(demo), curl, mailHref: portalPaths.mail(), docsHref: portalPaths.apiDocs() },
    };
  }
}

function groupsOf(demo: DemoJson): DemoGroup[] {
  const [school] = demo.settings;
  const first = (roles: readonly string[]): DemoPerson[] =>
    roles.flatMap((role) => demo.people.find((person) => person.role === role) ?? []);
  const groups = [
    { heading: school ? `At ${school.name}` : '', people: school?.contacts ?? [] },
    { heading: `At the authority, ${demo.authorities[0]?.name ?? ''}`, people: first(AT_AN_AUTHORITY) },
    { heading: 'At the force, and running Firstbell', people: first(ELSEWHERE) },
  ];
  return groups
    .filter(({ people }) => people.length > 0)
    .map(({ heading, people }) => ({
      heading,
      people: people.map(({ name, email, role }) => ({ name, email, post: ROLES[role] ?? role })),
    }));
}
