/** The force under which test notices are kept: it is no police force, and nobody ever signs in for it. */
export const TEST_FORCE = 'TEST';

const HOUR_MS = 3_600_000;

/** What a test notice says: plainly invented, and it says so wherever a reader might begin. */
export function testContent(test: { urn: string; forceReference: string; now: Date }): object {
  return {
    forceReference: test.forceReference,
    version: 1,
    category: 'domestic-abuse',
    incident: {
      startedAt: new Date(test.now.getTime() - HOUR_MS).toISOString(),
      risk: 'medium',
      circumstances:
        'THIS IS A TEST. Nothing has happened and there is no such child. It was sent so that you and your colleagues know that a real notice ' +
        'would reach you. Please acknowledge it as you would a real one. You need do nothing else.',
      policeAction: 'None: this is a test. The police have not sent it and are not told of it.',
    },
    children: [
      {
        reference: '1',
        forename: 'Test',
        surname: 'Notice (no such child)',
        dateOfBirth: '2015-01-01',
        presence: 'unknown',
        education: 'registered',
        settings: [{ urn: test.urn }],
      },
    ],
  };
}
