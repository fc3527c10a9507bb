import { join } from 'node:path';
import { writeFileAtomic } from './files.js';
import type { Place } from './place.js';
import { clusterName } from './server-processes.js';

/** Rules outside the data folder, where the account PostgreSQL runs under cannot loosen them. */
export async function writeAccessRules(place: Place): Promise<string> {
  const path = join(place.dir, 'pg_hba.conf');
  await writeFileAtomic(path, 'host all all 127.0.0.1/32 scram-sha-256\n', 0o644);
  return path;
}

/** Given on the command line, where nothing in the data folder can override them. */
export function serverArguments(
  place: Place,
  options: { port: number; maxConnections: number; accessRules: string },
): string[] {
  const settings: Record<string, string | number> = {
    port: options.port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    hba_file: options.accessRules,
    cluster_name: clusterName(place.dataDir),
    max_connections: options.maxConnections,
    // "202 means kept" rests on these three.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    password_encryption: 'scram-sha-256',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    random_page_cost: '1.1',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    // No statement, parameter or key value reaches the log: they hold personal data.
    log_statement: 'none',
    log_min_error_statement: 'panic',
    log_min_duration_statement: '-1',
    log_parameter_max_length_on_error: '0',
    log_error_verbosity: 'terse',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', place.dataDir, ...flags];
}
