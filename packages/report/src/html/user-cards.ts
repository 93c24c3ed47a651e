import { formatFigure, printable } from '../format';
import type { Recommendations, ShownItem } from '../run-summary';
import { kindOf, nameOf } from '../sections/serving-sections';
import { html, type Markup } from './html';

/** As many of each list as fit side by side on one screen. */
const SHOWN = 10;

/** Histories beside recommendations, one card for each user. */
export function userCards(users: readonly Recommendations[]): Markup {
  return html`<section aria-labelledby="recommendations">
    <h2 id="recommendations">Histories and recommendations</h2>
    ${users.map(card)}
  </section>`;
}

function card({ userId, history, items }: Recommendations): Markup {
  const title = userId === undefined ? 'A user' : `User ${userId}`;
  return html`<article class="user">
    <h3>${printable(title)}</h3>
    <div>
      <h4>Last in the history, newest first</h4>
      <ol>
        ${history
          .toReversed()
          .slice(0, SHOWN)
          .map((item) => html`<li>${describe(item)}</li>`)}
      </ol>
    </div>
    <div>
      <h4>Recommended, with scores</h4>
      <ol>
        ${items
          .slice(0, SHOWN)
          .map((item) => html`<li>${describe(item)} <span class="score">${formatFigure(item.score, 3)}</span></li>`)}
      </ol>
    </div>
  </article>`;
}

function describe(item: ShownItem): Markup {
  const details = [item.name === undefined ? '' : `id ${item.id}`, kindOf(item)].filter((text) => text !== '');
  return html`${printable(nameOf(item))}${details.length === 0 ? '' : html` <small>${printable(details.join(' · '))}</small>`}`;
}
