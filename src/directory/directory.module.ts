import { Module } from '@nestjs/common';
import { Contacts } from './contacts.service.js';
import { Desks } from './desks.service.js';

const EXPORTED = [Contacts, Desks];

@Module({ providers: EXPORTED, exports: EXPORTED })
export class DirectoryModule {}
