import { DomainError } from '../../common/errors.js';

/** Something typed that cannot be stored; `field` is the input it belongs to. */
export class ContactRefused extends DomainError {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(`contact-${field}`, message, 422);
  }
}
