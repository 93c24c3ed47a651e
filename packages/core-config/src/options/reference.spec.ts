import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listOptions } from './list-options';
import { renderOptionReference } from './reference';

it('is what docs/configuration.md holds', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/configuration.md'), 'utf8');
  expect(page).toBe(renderOptionReference());
});

it('shows each option once', () => {
  const page = renderOptionReference();
  for (const { flag, path } of listOptions()) {
    expect(page.split(`\`--${flag}\``)).toHaveLength(2);
    expect(page.split(`\`${path}\``)).toHaveLength(2);
  }
});
