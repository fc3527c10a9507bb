import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { Clock } from '../../common/clock.js';
import { AccessTokens } from './access-tokens.service.js';
import { ForceClientAccess } from './force-client-access.service.js';
import { ForceClientRows } from './force-clients.repository.js';
import { ForceClients } from './force-clients.service.js';
import { IssueToken } from './issue-token.service.js';
import { TokenController } from './token.controller.js';

@Module({
  controllers: [TokenController],
  providers: [
    ForceClientRows,
    ForceClients,
    IssueToken,
    ForceClientAccess,
    {
      provide: AccessTokens,
      useFactory: (config: Config, clock: Clock) => new AccessTokens(config.keys.tokenKeys, clock),
      inject: [CONFIG, Clock],
    },
  ],
  exports: [AccessTokens, ForceClientAccess, ForceClients],
})
export class PoliceIdentityModule {}
