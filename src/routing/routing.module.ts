import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { NoPupilBase, PupilBase } from './pupil-base.js';
import { RouteNoticeProcessor } from './route-notice.processor.js';
import { RouteNotice } from './route-notice.service.js';
import { RoutingFactsRepository } from './routing-facts.repository.js';
import { UnroutableNotice } from './unroutable-notice.service.js';

@Module({
  imports: [NoticesModule, DirectoryModule],
  providers: [
    { provide: PupilBase, useClass: NoPupilBase },
    RoutingFactsRepository,
    RouteNotice,
    UnroutableNotice,
    RouteNoticeProcessor,
  ],
  exports: [RouteNotice, RoutingFactsRepository],
})
export class RoutingModule {}
