import type { Command } from 'commander';
import { systemActor } from '../common/actor.js';
import { WrongUse, type CommandRegistration } from '../common/command-line.js';
import { londonFullLabel } from '../calendar/domain/london-time.js';
import { previewLines } from './domain/preview-output.js';
import { Policies, type PolicyState } from './policies.service.js';
import { policyFile, saysWhatIsWrong } from './policy-file.js';
import type { PolicyOwner } from './policy-versions.repository.js';
import { PreviewPolicy } from './preview-policy.service.js';

interface Options {
  authority: string;
  setting?: string;
  with?: string;
  base?: string;
  standard?: true;
}

const ACTOR = systemActor('command-line');

/** `firstbell policy show|preview|save`: the escalation policy of an authority, and what a setting makes stricter. */
export const policyCommand: CommandRegistration = (program, context) => {
  const policy = program.command('policy').description('the ladder of an authority: show, preview, save');
  const sub = (name: string, description: string): Command =>
    policy
      .command(name)
      .description(description)
      .requiredOption('--authority <code>', 'the authority')
      .option('--setting <urn>', 'what this setting makes stricter for itself');

  sub('show', 'print the policy in force and who saved which version').action(async (options: Options) => {
    const state = await context.withApplication((app) =>
      saysWhatIsWrong(() => app.get(Policies, { strict: false }).look(ACTOR, ownerFrom(options))),
    );
    assertOfAuthority(state, options);
    context.print(stateJson(state), stateLines(state));
  });

  sub('preview', 'what a policy would change, against example instants; saves nothing')
    .option('--with <urn>', 'the setting to try it with (default: the first by name)')
    .argument('<file.json>', 'a whole policy; for a setting, the members that it makes stricter')
    .action(async (file: string, options: Options) => {
      const wanted = await policyFile(file);
      const preview = await context.withApplication((app) =>
        saysWhatIsWrong(() =>
          app
            .get(PreviewPolicy, { strict: false })
            .run(ACTOR, ownerFrom(options), wanted, options.with ?? null),
        ),
      );
      assertOfAuthority(preview.state, options);
      const value = {
        setting: preview.setting,
        policy: preview.policy,
        examples: preview.examples.map(({ title, receivedAt, risk, now, then }) => ({
          title,
          receivedAt: receivedAt.toISOString(),
          risk,
          now: instantsOf(now),
          then: instantsOf(then),
        })),
      };
      const place = preview.setting
        ? `Tried with ${preview.setting.name} (${preview.setting.urn})`
        : 'This authority has no open setting to try it with';
      context.print(value, [place, ...previewLines(preview.examples)]);
    });

  sub('save', 'save a new version; running ladders keep the policy they started with')
    .option('--base <number>', 'refuse unless this is still the newest version')
    .option('--standard', 'back to the standard policy, or to the authority’s; no file then')
    .argument('[file.json]')
    .action(async (file: string | undefined, options: Options) => {
      if ((file === undefined) === (options.standard === undefined)) {
        throw new WrongUse('Give a file, or --standard to go back to the standard policy.');
      }
      const base = options.base === undefined ? null : Number(options.base);
      if (base !== null && !Number.isInteger(base)) throw new WrongUse('--base is the number of a version.');
      const wanted = file === undefined ? null : await policyFile(file);
      const owner = ownerFrom(options);
      const saved = await context.withApplication((app) =>
        saysWhatIsWrong(async () => {
          const policies = app.get(Policies, { strict: false });
          const state = await policies.look(ACTOR, owner);
          assertOfAuthority(state, options);
          return policies.save(ACTOR, owner, wanted, base ?? state.number);
        }),
      );
      context.print(stateJson(saved), [`Saved as version ${saved.number}. New ladders use it from now on.`]);
    });
};

function ownerFrom(options: Options): PolicyOwner {
  return options.setting === undefined
    ? { authorityCode: options.authority.trim() }
    : { urn: options.setting.trim().toUpperCase() };
}

function assertOfAuthority(state: PolicyState, options: Options): void {
  if (state.authorityCode !== options.authority.trim()) {
    throw new WrongUse(`Setting ${options.setting} belongs to authority ${state.authorityCode}.`);
  }
}

function stateJson(state: PolicyState): unknown {
  return {
    version: state.number,
    inForce: state.inForce,
    history: state.history.map(({ number, savedAt, savedBy }) => ({
      number,
      savedAt: savedAt.toISOString(),
      savedBy,
    })),
  };
}

function stateLines(state: PolicyState): string[] {
  const what = state.number === 0 ? 'nobody has saved one: the standard policy' : `version ${state.number}`;
  return [
    `In force: ${what}`,
    JSON.stringify(state.inForce, null, 2),
    ...state.history.map(
      ({ number, savedAt, savedBy }) =>
        `version ${number}  ${londonFullLabel(savedAt)}  ${savedBy ?? 'command line'}`,
    ),
  ];
}

function instantsOf(plan: { rungs: { rung: string; at: Date }[] }): Record<string, string> {
  return Object.fromEntries(plan.rungs.map(({ rung, at }) => [rung, at.toISOString()]));
}
