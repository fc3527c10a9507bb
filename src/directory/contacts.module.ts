import { Module } from '@nestjs/common';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { Absences } from './absences.service.js';
import { AbsenceRows } from './absences.repository.js';
import { ContactCodeDelivery } from './contact-code-delivery.service.js';
import { ContactCodeRows } from './contact-codes.repository.js';
import { ContactPeople } from './contact-people.service.js';
import { ContactRows } from './contacts.repository.js';
import { Coverage } from './coverage.service.js';
import { CoverageReports } from './coverage-reports.service.js';
import { CoverageRows } from './coverage.repository.js';
import { CoverageWarningRows } from './coverage-warnings.repository.js';
import { DirectoryModule } from './directory.module.js';
import { KeepContacts } from './keep-contacts.service.js';
import { LookAhead } from './look-ahead.service.js';
import { LookAheadProcessor } from './look-ahead.processor.js';
import { PlaceKeeping } from './place-keeping.service.js';
import { Reminders } from './reminders.service.js';
import { SendContactCodeProcessor } from './send-contact-code.processor.js';
import { SendReminderProcessor } from './send-reminder.processor.js';
import { VerifyAddress } from './verify-address.service.js';

const EXPORTED = [Absences, Coverage, CoverageReports, KeepContacts, VerifyAddress];

/** Contacts kept by those they belong to. Apart from the directory itself, which delivery stands on: this sends mail. */
@Module({
  imports: [DeliveryModule, DirectoryModule],
  providers: [
    ...EXPORTED,
    AbsenceRows,
    ContactCodeDelivery,
    ContactCodeRows,
    ContactPeople,
    ContactRows,
    CoverageRows,
    CoverageWarningRows,
    LookAhead,
    LookAheadProcessor,
    PlaceKeeping,
    Reminders,
    SendContactCodeProcessor,
    SendReminderProcessor,
  ],
  exports: EXPORTED,
})
export class ContactsModule {}
