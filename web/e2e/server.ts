import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** Somebody of the demonstration company, as the server's first line of output names them. */
export type Account = { employee_number: string; password: string; role: string; team: string };

export type Server = {
  url: string;
  /** The address of the first start; only of an empty server. */
  setupLink: string | undefined;
  /** Only of a demonstration. */
  accounts: Account[];
  stop: () => Promise<void>;
};

const PROGRAM = resolve(process.env.CHENGDAN_BIN ?? '../target/local/chengdan');
const START_MS = 60_000;

/** The product itself, on a free port and in a folder of its own that goes when it stops. */
export async function startServer(demoNow?: string): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'chengdan-e2e-'));
  const demo = demoNow ? ['--demo', '--now', demoNow] : [];
  const child = spawn(
    PROGRAM,
    ['serve', '--data-dir', folder, '--listen', '127.0.0.1:0', '--intranet-hosts', '127.0.0.1', ...demo],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CHENGDAN_LOG: process.env.CHENGDAN_LOG ?? 'warn' },
    },
  );
  const told: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => told.push(line));
  const stop = async () => {
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const line = JSON.parse(await firstLine(child, told)) as { url: string; accounts?: Account[] };
    const setupLink = told.map((one) => /https?:\S+\/setup\?token=\S+/.exec(one)?.[0]).find(Boolean);
    return { url: line.url, setupLink, accounts: line.accounts ?? [], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function firstLine(child: ChildProcess, told: string[]): Promise<string> {
  return new Promise((resolveLine, reject) => {
    const fail = (reason: string) => reject(new Error(`${PROGRAM}: ${reason}\n${told.join('\n')}`));
    const timer = setTimeout(() => fail('no answer'), START_MS);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`ended with ${code}`));
    if (!child.stdout) throw new Error('the output is not piped');
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      resolveLine(line);
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((gone) => {
    const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', () => {
      clearTimeout(force);
      gone();
    });
    child.kill('SIGTERM');
  });
}
