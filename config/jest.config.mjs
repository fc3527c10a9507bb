// One Jest project for every suite; `npm test` (config/scripts/test.mjs) starts what they need.
const summary = process.env.FIRSTBELL_TEST_SUMMARY;

export default {
  rootDir: '..',
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/config'],
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/fixtures/'],
  extensionsToTreatAsEsm: ['.ts'],
  resolver: '<rootDir>/test/support/typescript/jest-resolver.cjs',
  transform: { '^.+\\.ts$': '<rootDir>/test/support/typescript/jest-transformer.mjs' },
  setupFiles: ['reflect-metadata'],
  testTimeout: 30_000,
  reporters: summary
    ? ['default', ['<rootDir>/test/support/run/reporter.mjs', { file: summary }]]
    : ['default'],
};
