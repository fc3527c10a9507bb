import { Module } from '@nestjs/common';
import { StaffIdentityModule } from '../identity/staff/staff-identity.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { Pages } from './pages.service.js';
import { NoticeContents } from './reading/notice-content.service.js';
import { SchoolNotices } from './reading/school-notices.repository.js';
import { SchoolReading } from './reading/school-reading.service.js';
import { SchoolController } from './school/school.controller.js';
import { SignInController } from './sign-in/sign-in.controller.js';

@Module({
  imports: [StaffIdentityModule, NoticesModule],
  controllers: [SignInController, SchoolController],
  providers: [Pages, NoticeContents, SchoolNotices, SchoolReading],
})
export class PortalModule {}
