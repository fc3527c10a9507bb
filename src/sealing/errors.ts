export type SealingFault = 'unknown-key-version' | 'cannot-open' | 'bad-key-material';

/**
 * Raised when something sealed cannot be opened or a key is missing or unusable. It carries a code and versions
 * only: never plaintext, ciphertext or key bytes, so that it may be logged as it is.
 */
export class SealingError extends Error {
  override readonly name = 'SealingError';

  constructor(
    readonly code: SealingFault,
    message: string,
  ) {
    super(message);
  }
}
