import type { Item, Timings } from './contract.ts';
import { byId, h } from './dom.ts';
import { formatCount, formatMs, formatScore } from './format.ts';
import type { Recommendation, Recommended } from './recommend.ts';

const sources: Readonly<Record<string, string | undefined>> = {
  SOURCE_MODEL: 'The model knows this user.',
  SOURCE_HISTORY_AND_FEATURES: 'The model was not trained with this user: these rest on the history alone.',
  SOURCE_POPULARITY: 'Nothing is known of this user: these are the most popular items.',
};

const placements: Readonly<Record<string, string | undefined>> = {
  PLACEMENT_CAP: 'here because of the cap',
  PLACEMENT_DIVERSITY: 'here for diversity',
  PLACEMENT_PROMOTED: 'promoted',
};

/** Shown at first; the rest of a history is behind a button. */
const SHOWN_HISTORY = 12;

/** Recommendations, the history beside them, and where the time went. */
export class ResultsView {
  readonly #summary = byId('summary', HTMLElement);
  readonly #latency = byId('latency', HTMLElement);
  readonly #list = byId('recommendations', HTMLOListElement);
  readonly #historyTitle = byId('history-title', HTMLElement);
  readonly #history = byId('history', HTMLElement);

  showBusy(): void {
    this.#list.setAttribute('aria-busy', 'true');
  }

  /** Shows why there is no answer. */
  showFailure(message: string): void {
    this.#list.removeAttribute('aria-busy');
    this.#summary.replaceChildren(h('p', { class: 'problem' }, message));
  }

  show({ query, answer, recommendations, history, historyLength, roundTripMs }: Recommended): void {
    const { matches, pool, source } = answer;
    const count = recommendations.length;
    const facts = [
      query.from === 'user'
        ? `${formatCount(count)} ${count === 1 ? 'item' : 'items'} for user ${query.id}.`
        : `${formatCount(count)} items like ${query.id}.`,
      sources[source],
      matches === undefined ? undefined : `The filter selects ${formatCount(matches)} items.`,
      pool === undefined ? undefined : `The rules chose from ${formatCount(pool)} candidates.`,
    ];
    this.#summary.replaceChildren(h('p', {}, facts.filter((fact) => fact !== undefined).join(' ')));
    this.#latency.replaceChildren(...latency(answer.timings, roundTripMs));
    this.#list.removeAttribute('aria-busy');
    const most = Math.max(...recommendations.map(({ score }) => score));
    this.#list.replaceChildren(...recommendations.map((each) => recommendation(each, most)));
    this.#showHistory(query.from, history, historyLength);
  }

  #showHistory(from: 'user' | 'item', history: readonly Item[], length: number): void {
    this.#historyTitle.textContent = from === 'user' ? 'History' : 'Item';
    if (history.length === 0) {
      this.#history.replaceChildren(h('p', { class: 'quiet' }, 'No history is stored.'));
      return;
    }
    const rest = history.slice(SHOWN_HISTORY);
    const told = length > history.length ? `the newest ${formatCount(history.length)} of ${formatCount(length)}` : '';
    this.#history.replaceChildren(
      h('ul', {}, ...history.slice(0, SHOWN_HISTORY).map((item) => h('li', {}, ...described(item)))),
      ...(rest.length === 0
        ? []
        : [
            h(
              'details',
              {},
              h('summary', {}, `${formatCount(rest.length)} older${told === '' ? '' : ` (${told})`}`),
              h('ul', {}, ...rest.map((item) => h('li', {}, ...described(item)))),
            ),
          ]),
    );
  }
}

/** @param most the best score, for the length of the bar */
function recommendation({ score, placement, reasons, ...item }: Recommendation, most: number): HTMLElement {
  const bar = h('span', { class: 'bar', 'aria-hidden': 'true' });
  bar.style.setProperty('--share', String(most > 0 ? Math.max(0, score / most) : 0));
  const because = reasons.map(({ item: { id, name }, cosine }) =>
    h('li', {}, name || id, ' ', h('span', { class: 'quiet' }, cosine.toFixed(2))),
  );
  const why = placements[placement];
  return h(
    'li',
    {},
    h('div', { class: 'item' }, ...described(item), ...(why === undefined ? [] : [h('span', { class: 'badge' }, why)])),
    h('div', { class: 'score' }, h('span', { class: 'hidden' }, 'score '), formatScore(score), bar),
    because.length === 0 ? undefined : h('div', { class: 'reasons' }, 'near to', h('ul', {}, ...because)),
  );
}

function described({ id, name, category, tags }: Item): HTMLElement[] {
  // A category is often one of the tags.
  const about = [...new Set([category, ...tags])].filter((text) => text !== '');
  return [
    h('span', { class: 'name' }, name || id),
    ...(name === '' ? [] : [h('span', { class: 'id' }, id)]),
    ...(about.length === 0 ? [] : [h('span', { class: 'quiet' }, about.join(' · '))]),
  ];
}

/** Where the time of an answer went, as a bar and in words. */
function latency({ encode, search, total }: Timings, roundTripMs: number): HTMLElement[] {
  const stages = [
    { name: 'encode', micros: encode },
    { name: 'search', micros: search },
    { name: 'rest', micros: Math.max(0, total - encode - search) },
  ];
  const bar = h('div', { class: 'stages', 'aria-hidden': 'true' });
  for (const { name, micros } of stages) {
    const part = h('span', { class: `stage ${name}` });
    part.style.flexGrow = String(micros);
    bar.append(part);
  }
  const words = stages.map(({ name, micros }) =>
    h(
      'li',
      {},
      h('span', { class: `swatch ${name}`, 'aria-hidden': 'true' }),
      // A stored vector is not encoded.
      `${name} ${formatMs(micros === 0 ? undefined : micros / 1000)}`,
    ),
  );
  const whole = [`server ${formatMs(total / 1000)}`, `round trip ${formatMs(roundTripMs)}`];
  return [bar, h('ul', {}, ...words, ...whole.map((text) => h('li', {}, text)))];
}
