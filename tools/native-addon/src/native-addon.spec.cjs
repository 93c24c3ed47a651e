// @ts-check
'use strict';

const { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { buildAddon } = require('./native-addon.cjs');
const { sanitizeAddon } = require('./sanitize.cjs');

const ADDON = `
  #include <node_api.h>
  #include "answer.h"
  NAPI_MODULE_INIT() {
    napi_value value;
    napi_create_int32(env, answer(), &value);
    return value;
  }`;

/** A program whose only check looks at the entry after the last one where `at` is 3. */
const checks = (/** @type {number} */ at) => `
  #include <vector>
  #include "check.h"
  int main(int count, char**) {
    std::vector<int> values(2 + count, 7);
    CHECK(values.data()[${at}] == 7);
  }`;

describe('a native addon', () => {
  /** @type {string} */
  let folder;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'native-addon-'));
    mkdirSync(join(folder, 'src'));
    mkdirSync(join(folder, 'test'));
    write('src/answer.h', 'int answer();');
    write('src/answer.cc', 'int answer() { return 42; }');
    write('src/addon.cc', ADDON);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (/** @type {string} */ file, /** @type {string} */ text) => {
    writeFileSync(join(folder, file), text);
  };
  const addon = () => ({ folder, name: 'test-addon', includes: [] });

  it('is compiled, and again only when something has changed', async () => {
    const file = await buildAddon(addon());
    const load = /** @type {(path: string) => unknown} */ (require);
    expect(load(file)).toBe(42);
    const { mtimeMs, ino } = statSync(file);
    await buildAddon(addon());
    expect(statSync(file)).toMatchObject({ mtimeMs, ino });
    write('src/answer.h', 'int answer(); // changed');
    await buildAddon(addon());
    expect(statSync(file).ino).not.toBe(ino);
  });

  it('that does not compile is refused with the line that says why, and the last one stays', async () => {
    const file = await buildAddon(addon());
    write('src/answer.cc', 'int answer() { return missing; }');
    await expect(buildAddon(addon())).rejects.toThrow(/could not be compiled \(.*missing/);
    expect(statSync(file).isFile()).toBe(true);
  });

  it('needs a compiler', async () => {
    await expect(buildAddon(addon(), { CXX: '/nowhere/c++' })).rejects.toThrow(
      'the C++ compiler /nowhere/c++ cannot be run',
    );
  });

  it('is searched for faults by its checks', async () => {
    write('test/main.cc', checks(2));
    await expect(sanitizeAddon(addon(), () => undefined)).resolves.toBeUndefined();
    write('test/main.cc', checks(3));
    await expect(sanitizeAddon(addon(), () => undefined)).rejects.toThrow('under the sanitizer of address');
  });
});
