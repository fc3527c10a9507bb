import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { CorrectRoll } from './correct-roll.service.js';
import { EraseRoll } from './erase-roll.service.js';
import { FindPupil } from './find-pupil.service.js';
import { ImportRoll } from './import-roll.service.js';
import { RollRows } from './roll.repository.js';
import { SealPupil } from './seal-pupil.js';

@Module({
  imports: [DirectoryModule],
  providers: [RollRows, SealPupil, ImportRoll, EraseRoll, FindPupil, CorrectRoll],
  exports: [ImportRoll, EraseRoll, FindPupil, CorrectRoll],
})
export class PupilsModule {}
