import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CONFIG, type Config } from '../../config/config.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { isUuid } from '../common/ids.js';
import type { ImportSource } from './import/import-line.js';

/** Above the largest register (60 MB) with room; a form with more is refused while it arrives. */
export const UPLOAD_LIMIT_BYTES = 250 * 1024 * 1024;
/** What nobody confirmed or finished by then is deleted, whatever became of its run. */
const KEPT_HOURS = 48;

/** Files that wait for their import: for this account only, never below anything that is served, deleted when read. */
@Injectable()
export class Uploads implements OnModuleInit {
  private readonly folder: string;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly clock: Clock,
  ) {
    this.folder = config.uploadsFolder;
  }

  /** What a crash left behind. */
  async onModuleInit(): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    for (const name of names.filter(isUuid)) {
      const found = await stat(this.path(name)).catch(() => null);
      const keptMs = found ? this.clock.realNow().getTime() - found.mtimeMs : 0;
      if (keptMs > KEPT_HOURS * 3_600_000) await this.remove(name);
    }
  }

  /** @returns its size. @throws DomainError when it is too large; nothing is left then */
  async save(id: string, content: AsyncIterable<Buffer>): Promise<number> {
    await this.openFolder();
    const file = await open(this.path(id), 'wx', 0o600);
    let bytes = 0;
    try {
      for await (const chunk of content) {
        bytes += chunk.length;
        if (bytes > UPLOAD_LIMIT_BYTES) throw tooLarge();
        await file.write(chunk);
      }
    } catch (error) {
      await this.remove(id);
      throw error;
    } finally {
      await file.close();
    }
    return bytes;
  }

  /** @returns null when there is no such file on this machine */
  async source(id: string): Promise<ImportSource | null> {
    const found = await stat(this.path(id)).catch(() => null);
    return found?.isFile() ? () => createReadStream(this.path(id), { highWaterMark: 256 * 1024 }) : null;
  }

  async remove(id: string): Promise<void> {
    await rm(this.path(id), { force: true });
  }

  private path(id: string): string {
    return join(this.folder, id);
  }

  /** @throws Error when somebody else made the folder: in a shared place it could be a trap */
  private async openFolder(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const found = await lstat(this.folder);
    if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)
      throw new Error(`UPLOADS_FOLDER ${this.folder} must be a folder of this account alone (mode 0700)`);
  }
}

export function tooLarge(): DomainError {
  const limit = Math.round(UPLOAD_LIMIT_BYTES / 1024 / 1024);
  return new DomainError('upload-too-large', `The file is larger than ${limit} MB. Nothing was kept.`, 422);
}
