import { readFile } from 'node:fs/promises';
import { CommandFailed, WrongUse, type CommandRegistration } from '../common/command-line.js';
import { ExplainRoute, type Explained, type ExplainedChild } from './explain-route.service.js';

/** `firstbell route --explain`: where the children of a notification would go, and why. Sends nothing. */
export const routeCommand: CommandRegistration = (program, context) => {
  program
    .command('route')
    .description('say where a notification would go, child by child, and why; nothing is kept or sent')
    .requiredOption('--explain <notification.json>', 'a notification as a force would post it')
    .option(
      '--force <code>',
      'the force it comes from: its default authority counts where the child names none',
    )
    .action(async ({ explain: path, force }: { explain: string; force?: string }) => {
      const body = await readNotification(path);
      const explained = await context.withApplication(async (app) => {
        const service = app.get(ExplainRoute, { strict: false });
        if (force !== undefined && !(await service.forceExists(force))) {
          throw new WrongUse(`There is no force ${force}. Leave --force out, or name one that may send.`);
        }
        return service.explain(body, force ?? null);
      });
      if (!explained.ok) throw refused(explained);
      const { children } = explained;
      const values = children.map(({ explanation }) => explanation);
      context.print(
        values.length === 1 ? values[0] : values,
        children.flatMap((child) => [...lines(child), '']).slice(0, -1),
      );
    });
};

async function readNotification(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CommandFailed(`${path} cannot be read: there is no such file.`);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new CommandFailed(`${path} is not JSON.`);
  }
}

function refused({ errors }: Extract<Explained, { ok: false }>): CommandFailed {
  const lines = errors.map(({ pointer, detail }) => `  ${pointer || '/'}: ${detail}`);
  return new CommandFailed(['The notification would be refused (422):', ...lines].join('\n'), { errors });
}

function lines({ reference, explanation: explained, steps }: ExplainedChild): string[] {
  const to =
    explained.decision === 'setting'
      ? `setting ${(explained.urns ?? [explained.urn]).join(' and ')}`
      : `${explained.desk} desk`;
  const whose = explained.authority === null ? 'of this installation' : `of authority ${explained.authority}`;
  const { score, margin, threshold } = explained;
  return [
    `Child ${reference}: to the ${to} ${whose}`,
    `  why: ${explained.why}`,
    ...steps.map((step) => `  ${step}`),
    ...(score === null
      ? []
      : [
          `  score ${figure(score)}, ahead of the next by ${figure(margin ?? 0)}; needed to go by itself: ${figure(threshold)}`,
        ]),
    ...explained.candidates.map(
      (one) => `  candidate ${one.urn} ${one.name}: ${figure(one.score)}, ${one.why}`,
    ),
  ];
}

const figure = (value: number): string => value.toFixed(2);
