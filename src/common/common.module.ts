import { Global, Module, type DynamicModule } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Clock, ScaledClock, SystemClock } from './clock.js';
import { LOGGER, type Logger } from './logger.js';

export interface CommonParts {
  config: Config;
  logger: Logger;
  /** Tests and the demo bring a clock they move by hand; otherwise `config.clock` decides. */
  clock?: Clock;
}

/** What everything may inject: CONFIG, LOGGER and the Clock. */
@Global()
@Module({})
export class CommonModule {
  static register({ config, logger, clock }: CommonParts): DynamicModule {
    const chosen = clock ?? (config.clock ? new ScaledClock(config.clock) : new SystemClock());
    return {
      module: CommonModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: Clock, useValue: chosen },
      ],
      exports: [CONFIG, LOGGER, Clock],
    };
  }
}
