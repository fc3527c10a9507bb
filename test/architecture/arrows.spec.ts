import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

const here = dirname(fileURLToPath(import.meta.url));

interface Graph {
  rules: string[];
  files: number;
  imports: number;
  wrong: { rule: string; from: string; to: string }[];
}

async function drawImportGraph(folder: string): Promise<Graph> {
  const script = join(here, 'import-graph.mjs');
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, [script, folder], {
    env,
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout) as Graph;
}

describe('the import graph', () => {
  it('has no wrong arrow', async () => {
    const graph = await drawImportGraph(join(here, '..', '..'));
    // A graph that was not drawn would have none either.
    expect(graph.files).toBeGreaterThan(100);
    expect(graph.imports).toBeGreaterThan(graph.files);
    expect(graph.wrong.map(({ rule, from, to }) => `${rule}: ${from} -> ${to}`)).toEqual([]);
  }, 120_000);
});

describe('a tree with one wrong arrow for every rule', () => {
  let graph: Graph;

  beforeAll(async () => {
    graph = await drawImportGraph(join(here, 'fixtures'));
  }, 120_000);

  it('breaks each rule once: no rule is asleep', () => {
    expect(graph.wrong.map(({ rule }) => rule).sort()).toEqual([...graph.rules].sort());
  });

  it.each([
    ['domain-is-pure', 'src/notices/domain/reads-a-file.ts', 'fs'],
    ['no-cycle', 'src/notices/here.ts', 'src/notices/there.ts'],
    ['foundation-knows-no-feature', 'src/jobs/relay.ts', 'src/notices/notices.service.ts'],
    [
      'feature-through-its-front-door',
      'src/delivery/delivery.service.ts',
      'src/notices/notices.repository.ts',
    ],
    ['edge-asks-a-service', 'src/notices/notices.controller.ts', 'src/notices/notices.repository.ts'],
    ['repository-is-the-bottom', 'src/notices/notices.repository.ts', 'src/notices/notices.service.ts'],
  ])('%s names the file: %s', (rule, from, to) => {
    expect(graph.wrong).toContainEqual(expect.objectContaining({ rule, from, to }));
  });

  it('leaves the right arrows alone', () => {
    const fromDelivery = graph.wrong.filter(({ from }) => from === 'src/delivery/delivery.service.ts');
    expect(fromDelivery.map(({ to }) => to).sort()).toEqual([
      'src/notices/notice.entity.ts',
      'src/notices/notices.repository.ts',
    ]);
  });
});
