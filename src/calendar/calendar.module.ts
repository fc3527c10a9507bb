import { Module } from '@nestjs/common';
import { Calendars } from './calendars.repository.js';

@Module({ providers: [Calendars], exports: [Calendars] })
export class CalendarModule {}
