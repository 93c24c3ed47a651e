// @ts-check
'use strict';

const { run } = require('./command.cjs');

const node = process.execPath;

describe('run', () => {
  it('returns what the command printed', async () => {
    const result = await run(node, ['-e', 'console.log("yes")'], { timeoutMs: 10_000 });
    expect(result).toEqual({ ok: true, output: 'yes\n', reason: '' });
  });

  it('gives the last line of a failure as its reason', async () => {
    const script = 'console.error("first"); console.error("the reason"); process.exit(3)';
    const result = await run(node, ['-e', script], { timeoutMs: 10_000 });
    expect(result).toMatchObject({ ok: false, reason: 'the reason' });
  });

  it('names a command that is not there', async () => {
    const result = await run('no-such-command', [], { timeoutMs: 10_000 });
    expect(result).toMatchObject({
      ok: false,
      reason: expect.stringContaining('no-such-command could not be started'),
    });
  });

  it('tells a crash from a failure', async () => {
    const result = await run(node, ['-e', 'process.kill(process.pid, "SIGSEGV")'], { timeoutMs: 10_000 });
    expect(result).toMatchObject({ ok: false, reason: `${node} was ended by SIGSEGV` });
  });

  it('ends a command past its limit together with the commands it started', async () => {
    // The grandchild holds the pipe open: if it lived on, the call would not come back.
    const grandchild = `require('child_process').spawn('sleep', ['60'], { stdio: 'inherit' }); setTimeout(() => {}, 60_000)`;
    const started = performance.now();
    const result = await run(node, ['-e', grandchild], { timeoutMs: 500 });
    expect(result).toMatchObject({ ok: false, reason: `${node} did not end within 0.5 s` });
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
