import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { Conflicts } from './conflicts.service.js';
import { CheckNotification } from '../notifications/check-notification.service.js';
import { ContactChangedProcessor } from './contact-changed.processor.js';
import { ExplainRoute } from './explain-route.service.js';
import { PupilsModule } from '../pupils/pupils.module.js';
import { AliasRows } from './alias.repository.js';
import { Aliases } from './aliases.service.js';
import { AskRolls } from './ask-rolls.service.js';
import { Corrections } from './corrections.service.js';
import { LastPlacement } from './last-placement.service.js';
import { NamedSettings } from './named-settings.repository.js';
import { PupilBase, RollPupilBase } from './pupil-base.js';
import { OlderNotices } from './older-notices.service.js';
import { RouteNoticeProcessor } from './route-notice.processor.js';
import { RouteNotice } from './route-notice.service.js';
import { RoutingPolicies } from './routing-policy.service.js';
import { RoutingFactsRepository } from './routing-facts.repository.js';
import { UnroutableNotice } from './unroutable-notice.service.js';

@Module({
  imports: [NoticesModule, DirectoryModule, PupilsModule],
  providers: [
    { provide: PupilBase, useClass: RollPupilBase },
    AliasRows,
    NamedSettings,
    RoutingFactsRepository,
    CheckNotification,
    ExplainRoute,
    Aliases,
    Corrections,
    AskRolls,
    LastPlacement,
    RoutingPolicies,
    Conflicts,
    ContactChangedProcessor,
    OlderNotices,
    RouteNotice,
    UnroutableNotice,
    RouteNoticeProcessor,
  ],
  exports: [RouteNotice, RoutingFactsRepository, Conflicts, Aliases, LastPlacement],
})
export class RoutingModule {}
