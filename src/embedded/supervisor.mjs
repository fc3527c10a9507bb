// Runs PostgreSQL in a process session of its own, starts it again on the same port when it crashes, and stops it when
// the process that started this one is gone, however that ended: the channel to it closes also after kill -9.
// Plain JavaScript with no imports but Node's: it runs the same from dist/ and from the sources under test.
import { spawn } from 'node:child_process';
import { copyFileSync, lutimesSync, readFileSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const FAST_SHUTDOWN_MS = 15_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;
const STEADY_MS = 30_000;
const HOUSEKEEPING_MS = 60 * 60 * 1000;
const LONGEST_LOG_BYTES = 20 * 1024 * 1024;

let config = null;
let server = null;
let wanted = false;
let ending = false;
let backoffMs = FIRST_BACKOFF_MS;
let restartTimer = null;
let readyTimer = null;
let shutdownTimers = [];
let wasReady = false;

function tell(message) {
  if (process.connected) process.send(message, () => undefined);
}

// PostgreSQL writes its state into line 8 of postmaster.pid; pg_ctl waits for it in the same way.
function isReady(pid) {
  try {
    const lines = readFileSync(join(config.dataDir, 'postmaster.pid'), 'latin1').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

function launch() {
  restartTimer = null;
  if (!wanted || server) return;
  const startedAt = Date.now();
  const child = spawn(config.command, config.args, {
    ...(config.user ?? {}),
    cwd: '/',
    env: config.env,
    stdio: ['ignore', 'inherit', 'inherit'],
    windowsHide: true,
  });
  server = child;
  readyTimer = setInterval(() => {
    if (!isReady(child.pid)) return;
    clearInterval(readyTimer);
    wasReady = true;
    tell({ type: 'ready', pid: child.pid });
  }, 10);
  let ended = false;
  const onEnd = (code, signal) => {
    if (ended) return;
    ended = true;
    clearInterval(readyTimer);
    shutdownTimers.forEach(clearTimeout);
    shutdownTimers = [];
    server = null;
    tell({ type: 'exit', code, signal, expected: !wanted });
    if (ending) return process.exit(0);
    if (!wanted) return;
    // A first start that fails is for the caller to judge: another port may be all it takes.
    if (!wasReady) wanted = false;
    else {
      if (Date.now() - startedAt > STEADY_MS) backoffMs = FIRST_BACKOFF_MS;
      restartTimer = setTimeout(launch, backoffMs);
      backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS);
    }
  };
  child.once('exit', onEnd);
  child.once('error', (error) => onEnd(null, error.code ?? 'error'));
}

function shutDown() {
  wanted = false;
  clearTimeout(restartTimer);
  if (!server) return tell({ type: 'exit', code: null, signal: null, expected: true });
  if (shutdownTimers.length > 0) return;
  const child = server;
  child.kill('SIGINT');
  shutdownTimers = [
    setTimeout(() => child.kill('SIGQUIT'), FAST_SHUTDOWN_MS),
    setTimeout(() => child.kill('SIGKILL'), FAST_SHUTDOWN_MS + IMMEDIATE_SHUTDOWN_MS),
  ];
}

function end() {
  ending = true;
  shutDown();
  if (!server) process.exit(0);
}

// A log that grows for ever fills the disk; folders below /var/tmp are emptied of files untouched for a month.
function keepHouse() {
  try {
    if (statSync(config.logFile).size > LONGEST_LOG_BYTES) {
      copyFileSync(config.logFile, `${config.logFile}.1`);
      truncateSync(config.logFile);
    }
    if (config.keepFresh) touchTree(config.keepFresh);
  } catch (error) {
    console.error(`housekeeping: ${error.message}`);
  }
}

function touchTree(dir) {
  const now = new Date();
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) touchTree(path);
    try {
      lutimesSync(path, now, now);
    } catch (error) {
      // PostgreSQL removes files all the time.
      if (error.code !== 'ENOENT') throw error;
    }
  }
}

process.on('message', (message) => {
  if (message.type === 'run') {
    config = message.config;
    wasReady = false;
    wanted = true;
    launch();
    setImmediate(keepHouse);
  } else if (message.type === 'resume') {
    wanted = true;
    backoffMs = FIRST_BACKOFF_MS;
    clearTimeout(restartTimer);
    if (server && isReady(server.pid)) tell({ type: 'ready', pid: server.pid });
    launch();
  } else if (message.type === 'halt') shutDown();
  else if (message.type === 'end') end();
});
process.on('disconnect', end);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, end);
setInterval(() => config && keepHouse(), HOUSEKEEPING_MS).unref();
