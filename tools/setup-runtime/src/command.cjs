// @ts-check
'use strict';

const { spawn } = require('node:child_process');

/** Only the end of a command's output is kept: the reason for a failure stands there. */
const KEPT_OUTPUT = 64 * 1024;

/**
 * The process groups of the commands that run now: they are ended with this process, since Ctrl-C does not reach them.
 * @type {Set<number>}
 */
const running = new Set();

/**
 * @typedef {object} CommandResult
 * @property {boolean} ok the command ran, in time, and ended with 0
 * @property {string} output the end of stdout
 * @property {string} reason why it is not ok: the last line it printed, or what happened to it
 */

/**
 * Runs a command without a shell and without input. Never throws; a command past its limit is ended with its children.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ timeoutMs: number, cwd?: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<CommandResult>}
 */
function run(command, args, { timeoutMs, cwd, env }) {
  return new Promise((done) => {
    // A process group of its own, so that a compiler started by make is ended with it.
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    if (child.pid !== undefined) running.add(child.pid);
    let output = '';
    let errors = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child.pid);
    }, timeoutMs);
    child.stdout.on(
      'data',
      (/** @type {Buffer} */ chunk) => (output = (output + chunk.toString()).slice(-KEPT_OUTPUT)),
    );
    child.stderr.on(
      'data',
      (/** @type {Buffer} */ chunk) => (errors = (errors + chunk.toString()).slice(-KEPT_OUTPUT)),
    );
    child.on('error', (error) => {
      finish(false, `${command} could not be started: ${error.message}`);
    });
    child.on('close', (code, signal) => {
      if (timedOut) finish(false, `${command} did not end within ${timeoutMs / 1000} s`);
      else if (signal) finish(false, `${command} was ended by ${signal}`);
      else finish(code === 0, lastLine(errors) || lastLine(output) || `${command} ended with exit code ${code}`);
    });

    /**
     * @param {boolean} ok
     * @param {string} reason
     */
    function finish(ok, reason) {
      clearTimeout(timer);
      if (child.pid !== undefined) running.delete(child.pid);
      done({ ok, output, reason: ok ? '' : reason });
    }
  });
}

/** @param {number | undefined} pid */
function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended between the timer and here.
  }
}

/** @param {string} text */
function lastLine(text) {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}

process.on('exit', () => {
  running.forEach(endGroup);
});

/** Lets Ctrl-C and a polite kill end this process and every command it started. */
function endOnSignals() {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
}

module.exports = { endOnSignals, run };
