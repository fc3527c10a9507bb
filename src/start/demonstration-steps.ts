import { Clock } from '../common/clock.js';
import { DemoFile } from '../demonstration/demo-file.service.js';
import { LoadDemonstration } from '../demonstration/load-demonstration.service.js';
import { whereToGo } from '../demonstration/where-to-go.js';
import type { StartContext, StartStep } from './start-steps.js';

export const loadDemonstration: StartStep = {
  name: 'demonstration area',
  async run({ app, say }) {
    say('Loading the demonstration area (an invented place, once) ...');
    await app.get(LoadDemonstration, { strict: false }).load();
  },
};

export const writeDemoFile: StartStep = {
  name: 'demo.json',
  async run({ app, config, home }) {
    await app.get(DemoFile, { strict: false }).write(home, config.http.publicUrl);
  },
};

export async function demonstrationLines({ app, home }: StartContext): Promise<string[]> {
  const demo = await app.get(DemoFile, { strict: false }).read(home);
  return demo ? whereToGo(demo, app.get(Clock, { strict: false }).now()) : [];
}
