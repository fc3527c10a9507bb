import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { AfterHandBack } from './after-hand-back.service.js';
import { AcknowledgeNotice } from './acknowledge-notice.service.js';
import { AnswerInSchool } from './answer-in-school.service.js';
import { mistakesIn, TRANSITIONS } from './domain/state.js';
import { ExcludeContact } from './exclude-contact.service.js';
import { ExclusionRows } from './exclusions.repository.js';
import { HandOn } from './hand-on.service.js';
import { IndependentRolls } from './independent-rolls.port.js';
import { NoticeReactions } from './notice-reactions.js';
import { Notices } from './notices.service.js';
import { PlaceNotice } from './place-notice.service.js';
import { RecordAction } from './record-action.service.js';
import { RedirectNotice } from './redirect-notice.service.js';
import { TakeCharge } from './take-charge.service.js';
import { WaitingChoices } from './waiting-choices.port.js';

const EXPORTED = [
  Notices,
  NoticeReactions,
  IndependentRolls,
  AfterHandBack,
  AcknowledgeNotice,
  AnswerInSchool,
  ExcludeContact,
  HandOn,
  RedirectNotice,
  PlaceNotice,
  RecordAction,
  TakeCharge,
  WaitingChoices,
];

@Module({ imports: [DirectoryModule], providers: [...EXPORTED, ExclusionRows], exports: EXPORTED })
export class NoticesModule implements OnApplicationBootstrap {
  constructor(private readonly reactions: NoticeReactions) {}

  /** @throws Error when the table has an unreachable or dead state, or acknowledging would stop nothing */
  onApplicationBootstrap(): void {
    const mistakes = mistakesIn(TRANSITIONS);
    if (mistakes.length > 0)
      throw new Error(`The transition table of notices is wrong: ${mistakes.join(' ')}`);
    this.reactions.assertComplete();
  }
}
