import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { z } from 'zod';

export const widths = [390, 820, 1280] as const;
export const colourSchemes = ['light', 'dark'] as const;

/** The Chromium of this machine; `undefined` where it has none. */
export const chromiumPath = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)))
  .find(existsSync);

/** A page, and what the browser has complained of on it. */
export interface Watched {
  readonly page: Page;
  /** Errors and warnings of the console, and what scripts threw. */
  readonly complaints: string[];
}

export interface Look {
  readonly width: number;
  readonly colourScheme?: 'light' | 'dark';
  /** Kept for the time of the tab, as a page keeps it. */
  readonly session?: Readonly<Record<string, string>>;
}

export async function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath });
}

export async function open(browser: Browser, url: string, look: Look): Promise<Watched> {
  const { width, colourScheme = 'light', session = {} } = look;
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: colourScheme });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const entries = JSON.stringify(Object.entries(session));
  if (entries !== '[]') await page.addInitScript(`for (const [k, v] of ${entries}) sessionStorage.setItem(k, v)`);
  await page.goto(url, { waitUntil: 'load' });
  return { page, complaints };
}

/** Pixels by which a page is wider than its window. */
export async function sidewaysScroll(page: Page): Promise<number> {
  const { scrolled, seen } = z
    .object({ scrolled: z.number(), seen: z.number() })
    .parse(
      await page.evaluate(
        '({ scrolled: document.documentElement.scrollWidth, seen: document.documentElement.clientWidth })',
      ),
    );
  return scrolled - seen;
}

const violationsSchema = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});

/** What axe finds wrong for people who use a keyboard, a screen reader or bad eyes. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = violationsSchema.parse(await page.evaluate('axe.run()'));
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
