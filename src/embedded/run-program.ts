import { spawn } from 'node:child_process';

/** The unprivileged account PostgreSQL runs under when Firstbell itself runs as root. */
export interface RunAs {
  uid: number;
  gid: number;
}

export interface ProgramResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Nothing of the caller's environment reaches PostgreSQL: PGDATA, LD_PRELOAD or a locale would change what it does. */
export const cleanEnvironment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
});

/** Runs a program to its end; rejects only when it could not be started. */
export function runProgram(
  command: string,
  args: string[],
  options: { user: RunAs | null; input?: string; limitMs?: number },
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...(options.user ?? {}),
      // The working directory may be closed to the unprivileged user.
      cwd: '/',
      env: cleanEnvironment(),
      stdio: 'pipe',
      windowsHide: true,
    });
    // Not spawn's own `timeout`: when the program cannot be started, that keeps this process alive until it has run out.
    const limit = setTimeout(() => child.kill('SIGKILL'), options.limitMs ?? 120_000);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    // A program that ends without reading its input is judged by its exit code.
    child.stdin.on('error', () => undefined);
    child.once('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve({ code, stdout, stderr });
    });
    child.stdin.end(options.input ?? '');
  });
}

export const lastLines = (text: string, count = 12): string =>
  text.trim().split('\n').slice(-count).join('\n');
