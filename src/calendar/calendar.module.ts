import { Module } from '@nestjs/common';
import { BankHolidays } from './bank-holidays.service.js';
import { Calendars } from './calendars.service.js';

@Module({ providers: [Calendars, BankHolidays], exports: [Calendars, BankHolidays] })
export class CalendarModule {}
