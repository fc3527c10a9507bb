import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { KEY_STORE, type KeyStore } from './key-ring.js';
import { SealedTexts } from './sealed-texts.js';
import { Sealer } from './sealer.js';

@Module({})
export class SealingModule {
  /** `keyStore` provides KEY_STORE, for example `{ provide: KEY_STORE, useFactory: …, inject: […] }`. */
  static register(keyStore: Provider<KeyStore>): DynamicModule {
    return {
      module: SealingModule,
      global: true,
      providers: [
        keyStore,
        { provide: Sealer, useFactory: (keys: KeyStore) => new Sealer(keys), inject: [KEY_STORE] },
        SealedTexts,
      ],
      exports: [Sealer, SealedTexts, KEY_STORE],
    };
  }
}
