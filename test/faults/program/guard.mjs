// Runs one program and ends it when standard input closes: nothing outlives the harness, however that ends.
import { spawn } from 'node:child_process';

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: 'ignore' });
const end = () => child.kill('SIGKILL');
process.stdin.on('end', end);
process.stdin.on('error', end);
process.stdin.resume();
child.once('error', () => process.exit(1));
child.once('exit', () => process.exit(0));
process.stdout.write(`${child.pid}\n`);
