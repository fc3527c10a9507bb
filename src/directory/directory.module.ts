import { Module } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { ContactImportRows } from './contact-import.repository.js';
import { Contacts } from './contacts.service.js';
import { DeskRows } from './desk.repository.js';
import { Desks } from './desks.service.js';
import { ImportCalendar } from './import-calendar.service.js';
import { ImportContacts } from './import-contacts.service.js';
import { ImportLinks } from './import-links.service.js';
import { ImportLists } from './import-lists.service.js';
import { ImportRunRows } from './import-run.repository.js';
import { ImportRuns } from './import-runs.service.js';
import { ImportSettings } from './import-settings.service.js';
import { ReadRoll } from './read-roll.service.js';
import { RegisterReadingRows } from './register-reading.repository.js';
import { RegisterReading } from './register-reading.service.js';
import { RegisterRows } from './register.repository.js';
import { ForgetImportProcessor, RunImportProcessor } from './run-import.processor.js';
import { RunImport } from './run-import.service.js';
import { Uploads } from './uploads.service.js';
import { VouchingRows } from './vouching.repository.js';
import { Vouching } from './vouching.service.js';

const EXPORTED = [
  Contacts,
  Desks,
  ImportCalendar,
  ImportContacts,
  ImportLinks,
  ImportLists,
  ImportRuns,
  ImportSettings,
  ReadRoll,
  RegisterReading,
  Vouching,
];

@Module({
  imports: [CalendarModule],
  providers: [
    ...EXPORTED,
    ContactImportRows,
    DeskRows,
    ForgetImportProcessor,
    ImportRunRows,
    RegisterReadingRows,
    RegisterRows,
    RunImport,
    RunImportProcessor,
    Uploads,
    VouchingRows,
  ],
  exports: [...EXPORTED, DeskRows],
})
export class DirectoryModule {}
