// @ts-check
'use strict';

/**
 * Thrown when a way to a native runtime does not work on this machine.
 * The message is half a sentence that completes "native TensorFlow was not set up: …".
 */
class SetupError extends Error {
  /**
   * @param {string} message
   * @param {{ remedy?: string, cause?: unknown }} [options] remedy: what the user can do, as an imperative
   */
  constructor(message, options = {}) {
    super(message, { cause: options.cause });
    this.name = 'SetupError';
    this.remedy = options.remedy;
  }
}

module.exports = { SetupError };
