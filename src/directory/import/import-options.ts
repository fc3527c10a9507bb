import { systemActor, type Actor } from '../../common/actor.js';

export interface ImportOptions {
  actor?: Actor;
  /** Called now and then with the number of lines read. */
  progress?: (lines: number) => void;
}

/** For imports that nobody's name stands for: the command line, and the demonstration area. */
export const IMPORT_ACTOR = systemActor('import');
