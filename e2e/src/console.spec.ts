import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ModelStore } from '@vector-recall/model-store';
import { RecallClient } from '@vector-recall/recall-grpc';
import type { Browser, Page } from 'playwright-core';
import { axeFindings, chromiumPath, colourSchemes, launch, open, sidewaysScroll, widths } from './browser';
import { run, temporaryFolder } from './cli';
import { Server } from './server';
import { tinyTraining, writeNamedLog } from './tiny-log';

const ADMIN = 'a-token-that-promotes';
const looks = colourSchemes.flatMap((colourScheme) => widths.map((width) => ({ width, colourScheme })));

const folder = temporaryFolder();
const store = new ModelStore(join(folder, 'store'));

(chromiumPath === undefined ? describe.skip : describe)('in Chromium (needs it installed)', () => {
  let browser: Browser;
  let server: Server;
  let address: string;
  let first: string;
  let second: string;

  beforeAll(async () => {
    await writeNamedLog(join(folder, 'log'));
    await mustRun('train', '--data', `files:${join(folder, 'log')}`, ...tinyTraining, '--output', store.root);
    first = (await store.currentVersion()) ?? '';
    await mustRun('build-index', '--index-preset', 'lowLatency', '--output', store.root);
    second = (await store.currentVersion()) ?? '';
    await store.promote(first);
    const port = await freePort();
    // With workers, what concerns all of them is asked of the primary process.
    server = await Server.start(store.root, ['--http-port', String(port), '--console', '--workers=2'], {
      VECTOR_RECALL_TOKENS: `admin:${ADMIN}`,
    });
    await server.serves(first, 2);
    address = `http://127.0.0.1:${port}/console/`;
    browser = await launch(chromiumPath ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  const openConsole = (search = '', look: { width: number; colourScheme?: 'light' | 'dark' } = { width: 1280 }) =>
    open(browser, address + search, { ...look, session: { 'vector-recall-token': ADMIN } });

  it('answers a user with names, scores, reasons and the history', async () => {
    const { page, complaints } = await openConsole();
    await page.getByLabel('User id').fill('user-7');
    await page.getByLabel('Items', { exact: true }).fill('5');
    await page.getByRole('button', { name: 'Recommend' }).click();
    const rows = page.locator('#recommendations > li');
    await rows.nth(4).waitFor();
    const client = new RecallClient(server.target, { token: ADMIN });
    const { itemIds, scores } = await client.recall({ userId: 'user-7', topK: 5 });
    client.close();
    expect(await rows.locator('.id').allTextContents()).toEqual(itemIds);
    expect(await rows.locator('.name').allTextContents()).toEqual(itemIds.map(nameOf));
    expect(await rows.locator('.score').allTextContents()).toEqual(scores.map((score) => `score ${score.toFixed(3)}`));
    // The history of user 7, newest first; the last event of a user is held out.
    const history = await page.locator('#history .id').allTextContents();
    expect(history.slice(-3)).toEqual(['sku-35', 'sku-32', 'sku-29']);
    const reasons = await rows.first().locator('.reasons li').allTextContents();
    expect(reasons).toHaveLength(2);
    for (const reason of reasons) {
      expect(reason).toMatch(/^[a-z]+ no\. \d+ -?\d\.\d\d$/);
      expect(history.map(nameOf)).toContain(reason.replace(/ -?\d\.\d\d$/, ''));
    }
    expect(await page.locator('#summary').innerText()).toBe('5 items for user user-7. The model knows this user.');
    expect(await page.locator('#latency').innerText()).toMatch(/search [\d.]+ ms/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('filters, applies rules, and finds what is like an item', async () => {
    const { page } = await openConsole('?user=user-7&k=40');
    await page.getByLabel('Filter').fill('price < 7');
    await page.getByText('Rules').click();
    await page.getByLabel('Cap by').selectOption('category');
    await page.getByLabel('at most').fill('1');
    await page.getByLabel('Filter').press('Enter');
    await page.getByText('The filter selects 12 items.').waitFor();
    expect(await page.locator('#recommendations > li').count()).toBe(6);
    expect(page.url()).toContain('filter=price+%3C+7');
    await page.getByLabel('an item').check();
    await page.getByLabel('Item id').fill('sku-3');
    await page.getByRole('button', { name: 'Recommend' }).click();
    await page.getByText('items like sku-3').waitFor();
    expect(await page.locator('#history .name').allTextContents()).toEqual(['shoes no. 3']);
    await page.close();
  });

  it('shows the answer to what was asked last, however late another one comes', async () => {
    const { page } = await openConsole();
    const held: (() => void)[] = [];
    await page.route('**/Recall', async (route) => {
      if (held.length === 0) await new Promise<void>((resolve) => held.push(resolve));
      await route.continue();
    });
    await page.getByLabel('User id').fill('user-7');
    await page.getByRole('button', { name: 'Recommend' }).click();
    await page.getByLabel('Filter').fill('price < 7');
    await page.getByLabel('Filter').press('Enter');
    await page.getByText('The filter selects 12 items.').waitFor();
    // The last that the page asks for before it shows an answer.
    const late = page.waitForResponse('**/EncodeItems');
    for (const release of held) release();
    await late;
    await page.waitForTimeout(500);
    expect(await page.locator('#summary').innerText()).toContain('The filter selects 12 items.');
    await page.close();
  });

  it('asks for what the address says, whatever is typed while the page loads', async () => {
    const { page } = await openConsole();
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/GetModelInfo', async (route) => {
      await released;
      await route.continue();
    });
    // The page has read its address by then.
    const loading = page.waitForRequest('**/GetModelInfo');
    await page.goto(`${address}?user=user-7&k=40`, { waitUntil: 'commit' });
    await loading;
    await page.getByLabel('Filter').fill('price < 7');
    release();
    await page.getByText(/items for user user-7/).waitFor();
    expect(await page.locator('#summary').innerText()).not.toContain('The filter selects');
    expect(await page.getByLabel('Filter').inputValue()).toBe('price < 7');
    await page.close();
  });

  it.each([
    ['price < cheap', 'cheap', 'expected a number or a date, at character 9.'],
    ['category = "hats" and colour = "red"', 'colour', 'There is no attribute "colour"'],
  ])('points at what is wrong with the filter %s', async (filter, wrong, message) => {
    const { page } = await openConsole('?user=user-7');
    await page.getByLabel('Filter').fill(filter);
    await page.getByLabel('Filter').press('Enter');
    await page.getByRole('alert').getByText(message).waitFor();
    expect(await page.locator('#filter-error mark').innerText()).toBe(wrong);
    expect(await page.evaluate('getSelection().toString()')).toBe(wrong);
    await page.close();
  });

  it('promotes a version and rolls back, for whoever has the token', async () => {
    const { page } = await open(browser, address, { width: 1280 });
    await page.getByText('Send a token that this server knows').waitFor();
    await page.getByLabel('Token').fill(ADMIN);
    await page.getByLabel('Token').press('Enter');
    await shows(page, first);
    await page.getByRole('button', { name: `Promote ${second}` }).click();
    await page.getByText(`Promote ${second}?`).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await shows(page, second);
    await page.getByText(`${second} is promoted and served.`).waitFor();
    expect(await store.currentVersion()).toBe(second);
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('button', { name: 'Confirm' }).click();
    await shows(page, first);
    expect(await store.currentVersion()).toBe(first);
    // Whatever process answers, the figures are those of both.
    expect(await page.locator('#figure-items').innerText()).toBe('120');
    // What others promote is seen by itself.
    await store.promote(second);
    await shows(page, second);
    await store.promote(first);
    await server.logs(({ msg, version }) => msg === 'Serving a version.' && version === first, 6);
    await page.close();
  });

  it.each(colourSchemes)('the console fits every width in %s, and axe finds nothing there', async (colourScheme) => {
    const watched = await openConsole('?user=user-7&k=12&filter=price+%3C+20', { width: widths[0], colourScheme });
    const { page } = watched;
    await page.locator('#recommendations > li').nth(11).waitFor();
    await page.getByText('Rules').click();
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      const [sideways, findings] = [await sidewaysScroll(page), await axeFindings(page)];
      expect({ width, sideways, findings }).toEqual({ width, sideways: 0, findings: [] });
    }
    expect(watched.complaints).toEqual([]);
    await page.close();
  });

  it.each(looks)('the report fits $width px in $colourScheme', async (look) => {
    const report = pathToFileURL(join(store.root, 'versions', first, 'report.html')).href;
    const { page, complaints } = await open(browser, report, look);
    expect({ sideways: await sidewaysScroll(page), complaints }).toEqual({ sideways: 0, complaints: [] });
    await page.close();
  });
});

/** Resolves when the page says that a version is served. */
async function shows(page: Page, version: string): Promise<void> {
  await page.locator('#model', { hasText: version }).waitFor();
}

/** As the log has it: twenty items in each category. */
function nameOf(id: number | string): string {
  const item = Number(String(id).replace('sku-', ''));
  const category = ['shoes', 'hats', 'bags', 'belts', 'scarves', 'gloves'][Math.floor(item / 20)];
  return `${category} no. ${item % 20}`;
}

async function mustRun(...args: string[]): Promise<void> {
  const { code, stderr } = await run(args);
  if (code !== 0) throw new Error(`vector-recall ${args.join(' ')} ended with ${code}:\n${stderr}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
