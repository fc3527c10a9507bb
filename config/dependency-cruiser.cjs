// The arrows of CONTRIBUTING.md as a failing check: `npm run check`, and test/architecture/arrows.spec.ts.

/** Know no feature; everything may stand on them. */
const FOUNDATIONS = ['common', 'database', 'jobs', 'sealing', 'audit', 'embedded'];
/** Puts features together; nothing but the programs may import it. */
const COMPOSITION = '^src/(start/|cli/|story/|[^/]+\\.ts$)';

const foundation = `^src/(${FOUNDATIONS.join('|')})/`;
/** Every other folder below src/ is a feature, also one that is added tomorrow. */
const feature = `^src/(?!(${FOUNDATIONS.join('|')}|start|cli|story)/)([^/]+)/`;
/** What a feature shows to others: use cases, module, pure domain, and the ports that others implement or call. */
const PORTS = [
  'notices/notice-reactions',
  'delivery/delivery-events',
  'delivery/mail-sender',
  'delivery/public-url',
  'delivery/sms-sender',
  'health/health-checks',
  'health/metrics',
  'identity/staff/staff-access',
];
const shownToOthers = ['\\.(service|module|port)\\.ts$', '/domain/', `^src/(${PORTS.join('|')})\\.ts$`];
const shapes = '\\.(entity|dto)\\.ts$';
/** Pure functions that stand beside the sealing they were written for. */
const pureHelpers = '^src/sealing/(normalise-name|canonical-json)\\.ts$';
const tests = '(\\.spec\\.ts$|^test/)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Files that need each other are one file, or lack a third that both need.',
      severity: 'error',
      from: {},
      // Types are gone at run time; a cycle of values is what breaks decorators and start order.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'domain-is-pure',
      comment: 'domain/ decides from what it is given: no framework, no database, no queue, no I/O.',
      severity: 'error',
      from: { path: '^src/[^/]+/domain/', pathNot: tests },
      to: {
        dependencyTypesNot: ['local', 'type-only'],
        pathNot: '^node_modules/(temporal-polyfill|temporal-spec)/',
      },
    },
    {
      name: 'domain-knows-only-domain',
      comment:
        'domain/ uses other domain/, the plain words of common/ and pure helpers; of the rest it may know types.',
      severity: 'error',
      from: { path: '^src/[^/]+/domain/', pathNot: tests },
      to: {
        path: '^(src|config|test)/',
        pathNot: ['^src/[^/]+/domain/', '^src/common/[^/]+\\.ts$', pureHelpers],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'foundation-knows-no-feature',
      comment: 'common, database, jobs, sealing, audit and embedded know no feature: features know them.',
      severity: 'error',
      from: { path: foundation, pathNot: tests },
      to: { path: feature },
    },
    {
      name: 'config-knows-no-feature',
      comment: 'The configuration is read before there is any feature.',
      severity: 'error',
      from: { path: '^config/[^/]+\\.ts$', pathNot: tests },
      to: { path: feature },
    },
    {
      name: 'feature-through-its-front-door',
      comment: 'A feature touches another only through its services, module, ports or domain/.',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: [tests, COMPOSITION] },
      to: { path: feature, pathNot: ['^src/$1/', ...shownToOthers, shapes] },
    },
    {
      name: 'shapes-of-others-only-as-types',
      comment:
        'The shape of a row or of JSON may be known; reading, writing and validating it is for the feature that has it.',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: [tests, COMPOSITION] },
      to: { path: shapes, pathNot: '^src/$1/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'edge-asks-a-service',
      comment:
        'Controllers, processors and commands call services; only services and sweeps reach a repository.',
      severity: 'error',
      from: { path: '\\.(controller|processor|command|presenter|dto)\\.ts$' },
      to: { path: '\\.repository\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'repository-is-the-bottom',
      comment: 'A repository is SQL: it never calls back into services, controllers, processors or modules.',
      severity: 'error',
      from: { path: '\\.repository\\.ts$' },
      to: {
        path: '\\.(service|controller|processor|presenter|module|command)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'composition-is-the-top',
      comment:
        'start/, cli/, story/ and the files directly in src/ put everything together; nothing below may know them.',
      severity: 'error',
      from: { path: '^(src/[^/]+/|config/)', pathNot: [tests, COMPOSITION] },
      to: { path: COMPOSITION },
    },
    {
      name: 'product-knows-no-test',
      comment: 'What is shipped never imports a test or its support.',
      severity: 'error',
      from: { path: '^(src|config)/', pathNot: '\\.spec\\.ts$' },
      to: { path: tests },
    },
    {
      name: 'product-has-its-packages',
      comment: 'A devDependency is absent where Firstbell runs; a package not listed is there by luck.',
      severity: 'error',
      from: { path: '^(src|config)/', pathNot: ['\\.spec\\.ts$', '^config/scripts/', '\\.(mjs|cjs)$'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'import-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage)/|^test/architecture/fixtures/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
