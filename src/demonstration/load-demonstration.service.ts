import { Injectable } from '@nestjs/common';
import { ImportCalendar } from '../directory/import-calendar.service.js';
import { ImportContacts } from '../directory/import-contacts.service.js';
import { ImportLinks } from '../directory/import-links.service.js';
import { ImportLists } from '../directory/import-lists.service.js';
import { ImportSettings, type LineProblem } from '../directory/import-settings.service.js';
import {
  DEMONSTRATION_FILES,
  demonstrationSource,
  demonstrationText,
  type DemonstrationFile,
} from './demonstration-files.js';

/** Loads the invented area with the imports that an operator uses. A second run, also after a broken first, ends the same. */
@Injectable()
export class LoadDemonstration {
  constructor(
    private readonly settings: ImportSettings,
    private readonly links: ImportLinks,
    private readonly contacts: ImportContacts,
    private readonly calendar: ImportCalendar,
    private readonly lists: ImportLists,
  ) {}

  /** @throws Error when a shipped file has a bad line: a fault of the build, not of a person's file */
  async load(): Promise<void> {
    const source = demonstrationSource;
    const allowClosures = true;
    clean('gias', await this.settings.fromGias(source('gias'), { allowClosures }));
    clean('earlyYears', await this.settings.fromOfsted(source('earlyYears'), { allowClosures }));
    clean('links', await this.links.fromGias(source('links')));
    clean('schoolHours', await this.links.hours(source('schoolHours')));
    await this.lists.deskList(await demonstrationText('desks'));
    await this.lists.forces(await demonstrationText('forces'));
    await this.lists.people(await demonstrationText('people'));
    clean('calendar', await this.calendar.fromCsv(source('calendar')));
    clean('contacts', await this.contacts.run(source('contacts')));
  }
}

function clean(file: DemonstrationFile, { problems }: { problems: readonly LineProblem[] }): void {
  const [first] = problems;
  if (first) throw new Error(`${DEMONSTRATION_FILES[file]}, line ${first.line}: ${first.problem}`);
}
