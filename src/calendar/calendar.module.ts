import { Module } from '@nestjs/common';
import { BankHolidayHorizon } from './bank-holiday-horizon.service.js';
import { BankHolidays } from './bank-holidays.service.js';
import { CalendarChanges } from './calendar-changes.service.js';
import { CalendarEntries } from './calendar-entries.repository.js';
import { CalendarReading } from './calendar-reading.service.js';
import { Calendars } from './calendars.service.js';
import { ChangeCalendar } from './change-calendar.service.js';
import { ImportBankHolidays } from './import-bank-holidays.service.js';
import { OpenDays } from './open-days.service.js';
import { TermDatesHorizon } from './term-dates-horizon.service.js';

const EXPORTED = [
  Calendars,
  BankHolidayHorizon,
  BankHolidays,
  CalendarChanges,
  CalendarReading,
  ChangeCalendar,
  ImportBankHolidays,
  OpenDays,
  TermDatesHorizon,
];

@Module({ providers: [...EXPORTED, CalendarEntries], exports: EXPORTED })
export class CalendarModule {}
