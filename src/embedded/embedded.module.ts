import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { MailCatcher } from './mail-catcher.js';

/** The Nest token of the built-in mail catcher; null where mail goes to a real server or this is a command. */
export const MAIL_CATCHER = Symbol('MAIL_CATCHER');

@Global()
@Module({})
export class EmbeddedModule {
  static register(mailCatcher: MailCatcher | null): DynamicModule {
    return {
      module: EmbeddedModule,
      providers: [{ provide: MAIL_CATCHER, useValue: mailCatcher }],
      exports: [MAIL_CATCHER],
    };
  }
}
