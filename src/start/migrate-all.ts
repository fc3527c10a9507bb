import { StartRefused } from '../../config/problems.js';
import { unreachable } from '../database/database.module.js';
import { databaseErrorCode, isConnectionLoss } from '../database/database.js';
import { migrate } from '../database/migrate.js';
import { migrateQueueSchema } from '../jobs/queue/migrate-queue-schema.js';

/**
 * Brings the whole schema up to date as the owner: ours, and BullMQ's for its PostgreSQL backend (also with Redis, so
 * that an installation may change its mind).
 * @returns names of our migrations applied now
 * @throws StartRefused when the owner cannot connect
 */
export async function migrateAll(ownerUrl: string): Promise<string[]> {
  try {
    const applied = await migrate(ownerUrl);
    await migrateQueueSchema(ownerUrl);
    return applied;
  } catch (error) {
    const code = databaseErrorCode(error);
    if (!isConnectionLoss(error) && !/^(28|3D)/.test(code ?? '')) throw error;
    throw new StartRefused([unreachable(ownerUrl, code, 'DATABASE_OWNER_URL')]);
  }
}
