import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { PoliceIdentityModule } from '../identity/police/police-identity.module.js';
import { DemoFile } from './demo-file.service.js';
import { LoadDemonstration } from './load-demonstration.service.js';

/** Inert unless the embedded default's start asks it to load. */
@Module({
  imports: [DirectoryModule, PoliceIdentityModule],
  providers: [DemoFile, LoadDemonstration],
  exports: [DemoFile, LoadDemonstration],
})
export class DemonstrationModule {}
