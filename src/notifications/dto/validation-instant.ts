let instant: Date | undefined;

/**
 * Runs a validation "as of" an instant of the injected Clock. class-validator hands its rules no context, and validation is
 * synchronous from end to end, so that one variable, set and restored here, cannot be seen by another request.
 */
export function validateAt<T>(now: Date, validate: () => T): T {
  const before = instant;
  instant = now;
  try {
    return validate();
  } finally {
    instant = before;
  }
}

/** The instant of the running validation. @throws Error outside `validateAt`: a rule must not fall back to the machine's clock. */
export function validationInstant(): Date {
  if (!instant) throw new Error('a rule about now was checked outside validateAt()');
  return instant;
}
