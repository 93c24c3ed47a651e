import { printable } from '../format';
import type { ReproductionFigures } from '../run-summary';
import { drawFacts } from './draw-section';
import { html, type Markup } from './html';

/** What it takes to reach the same result again: command, seed, data, versions and every option. */
export function reproductionSection({ command, seed, dataSha256, versions, config }: ReproductionFigures): Markup {
  const facts = [['seed', String(seed)], ['SHA-256 of the data', dataSha256], ...Object.entries(versions)] as const;
  return html`<section aria-labelledby="reproduction">
    <h2 id="reproduction">Reproduction</h2>
    <pre tabindex="0" aria-label="Command"><code>${printable(command)}</code></pre>
    ${drawFacts(facts)}
    <details>
      <summary>All options</summary>
      ${Object.entries(config).map(
        ([section, options]) =>
          html`<h3>${printable(section)}</h3>
            ${drawFacts(Object.entries(options).map(([key, value]) => [key, textOf(value)] as const))}`,
      )}
    </details>
  </section>`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
