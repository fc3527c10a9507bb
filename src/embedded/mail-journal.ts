import { open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import type { CaughtMail } from './caught-mail.js';
import { hasCode, PRIVATE_FILE } from './files.js';

interface Waiting {
  line: string;
  resolve: () => void;
  reject: (error: unknown) => void;
}

const toLine = (mail: CaughtMail): string => JSON.stringify(mail) + '\n';

function parseLine(line: string): CaughtMail | null {
  try {
    const mail = JSON.parse(line) as CaughtMail;
    return typeof mail.to === 'string' && typeof mail.at === 'string' ? mail : null;
  } catch {
    return null;
  }
}

/**
 * The caught mail on disk, one JSON line each, oldest first. Lines that arrive together are written together. A line
 * cut short by kill -9 is dropped when the file is read. Mail is caught for people to look at: it is not fsynced.
 */
export class MailJournal {
  private file: FileHandle | null = null;
  private lines = 0;
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;

  private constructor(
    private readonly path: string,
    private readonly kept: () => readonly CaughtMail[],
    private readonly keep: number,
  ) {}

  /** `kept` gives what must survive when the file has grown to twice `keep` and is written anew. */
  static async open(
    path: string,
    options: { keep: number; kept: () => readonly CaughtMail[] },
  ): Promise<{ journal: MailJournal; mails: CaughtMail[] }> {
    let content = '';
    try {
      content = await readFile(path, 'utf8');
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
    }
    const lines = content.split('\n').filter((line) => line !== '');
    const all = lines.map(parseLine).filter((mail): mail is CaughtMail => mail !== null);
    const mails = all.slice(-options.keep);
    const journal = new MailJournal(path, options.kept, options.keep);
    const isWhole = all.length === lines.length && (content === '' || content.endsWith('\n'));
    if (isWhole && lines.length <= options.keep) {
      journal.file = await open(path, 'a', PRIVATE_FILE);
      journal.lines = lines.length;
    } else await journal.rewrite(mails);
    return { journal, mails };
  }

  private async rewrite(mails: readonly CaughtMail[]): Promise<void> {
    const temporary = `${this.path}.new`;
    await rm(temporary, { force: true });
    const fresh = await open(temporary, 'ax', PRIVATE_FILE);
    // In pieces: one string of everything could be longer than a string may be.
    for (let i = 0; i < mails.length; i += 1000) {
      await fresh.appendFile(
        mails
          .slice(i, i + 1000)
          .map(toLine)
          .join(''),
      );
    }
    await rename(temporary, this.path);
    await this.file?.close();
    this.file = fresh;
    this.lines = mails.length;
  }

  /** Resolves when the operating system has the mail: it survives kill -9 of this process from then on. */
  append(mails: readonly CaughtMail[]): Promise<void> {
    const written = mails.map(
      (mail) =>
        new Promise<void>((resolve, reject) => this.waiting.push({ line: toLine(mail), resolve, reject })),
    );
    this.writing ??= this.write().finally(() => (this.writing = null));
    return Promise.all(written).then(() => undefined);
  }

  private async write(): Promise<void> {
    // One turn later, so that mails arriving together share a write.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        if (!this.file) throw new Error('The mail catcher is closed');
        await this.file.appendFile(batch.map((each) => each.line).join(''));
        this.lines += batch.length;
        batch.forEach((each) => each.resolve());
        // Whatever waits now is in memory already and would be written twice: it is part of `kept`, so it is done.
        if (this.lines >= this.keep * 2) await this.compact();
      } catch (error) {
        batch.forEach((each) => each.reject(error));
      }
    }
  }

  private async compact(): Promise<void> {
    const covered = this.waiting;
    this.waiting = [];
    const mails = [...this.kept()];
    try {
      await this.rewrite(mails);
      covered.forEach((each) => each.resolve());
    } catch (error) {
      covered.forEach((each) => each.reject(error));
    }
  }

  async close(): Promise<void> {
    await this.writing;
    await this.file?.close();
    this.file = null;
  }
}
