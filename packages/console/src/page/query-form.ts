import type { ModelInfo, Query } from './contract.ts';
import { byId, h } from './dom.ts';
import { placeOf, sentenceOf } from './filter-place.ts';

/** The form that a query is put together in. */
export class QueryForm {
  readonly #form = byId('query', HTMLFormElement);
  readonly #id = byId('id', HTMLInputElement);
  readonly #idLabel = byId('id-label', HTMLElement);
  readonly #topK = byId('top-k', HTMLInputElement);
  readonly #filter = byId('filter', HTMLInputElement);
  readonly #filterError = byId('filter-error', HTMLElement);
  readonly #attributes = byId('attributes', HTMLElement);
  readonly #seen = byId('exclude-seen', HTMLInputElement);
  readonly #capAttribute = byId('cap-attribute', HTMLSelectElement);
  readonly #capMost = byId('cap-most', HTMLInputElement);
  readonly #diversity = byId('diversity', HTMLInputElement);
  readonly #diversityValue = byId('diversity-value', HTMLOutputElement);

  /** @param onQuery hears of each query that is asked */
  constructor(onQuery: (query: Query) => void) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      onQuery(this.read());
    });
    for (const from of ['user', 'item']) {
      byId(`from-${from}`, HTMLInputElement).addEventListener('change', () => {
        this.#nameId();
      });
    }
    this.#diversity.addEventListener('input', () => {
      this.#showDiversity();
    });
  }

  /** Offers what a model takes. */
  fit({ maxTopK, attributes, takesUsers }: ModelInfo): void {
    this.#topK.max = String(maxTopK);
    byId('from-user', HTMLInputElement).disabled = !takesUsers;
    if (!takesUsers) this.#choose('item');
    const names = attributes.map(({ name, kind }) => `${name} (${kind})`);
    this.#attributes.textContent =
      names.length === 0 ? 'This model has no attributes: filter by id alone.' : `Attributes: ${names.join(', ')}.`;
    const chosen = this.#capAttribute.value;
    const labels = attributes.filter(({ kind }) => kind === 'labels');
    this.#capAttribute.replaceChildren(
      h('option', { value: '' }, 'no cap'),
      ...labels.map(({ name }) => h('option', { value: name, selected: name === chosen }, name)),
    );
  }

  read(): Query {
    const lambda = 1 - Number(this.#diversity.value);
    const attribute = this.#capAttribute.value;
    return {
      from: byId('from-item', HTMLInputElement).checked ? 'item' : 'user',
      id: this.#id.value.trim(),
      topK: Number(this.#topK.value),
      filter: this.#filter.value.trim(),
      excludeSeen: this.#seen.checked,
      ...(attribute === '' ? {} : { cap: { attribute, most: Number(this.#capMost.value) } }),
      ...(lambda === 1 ? {} : { lambda }),
    };
  }

  /** Shows a query, as from the address of the page. */
  write({ from, id, topK, filter }: Pick<Query, 'from' | 'id' | 'topK' | 'filter'>): void {
    this.#choose(from);
    this.#id.value = id;
    this.#topK.value = String(topK);
    this.#filter.value = filter;
  }

  /** Takes a refusal of the filter back. */
  accept(): void {
    this.#filter.removeAttribute('aria-invalid');
    this.#filterError.replaceChildren();
  }

  /** Says what is wrong with the filter, marks the place and puts the cursor there. */
  refuseFilter(message: string): void {
    const text = this.#filter.value;
    const place = placeOf(message, text);
    this.#filter.setAttribute('aria-invalid', 'true');
    const parts: (Node | string)[] = [h('span', {}, sentenceOf(message))];
    if (place !== undefined) {
      const wrong = text.slice(place.start, place.end);
      const mark = wrong === '' ? h('mark', {}, '…') : h('mark', {}, wrong);
      parts.push(h('code', {}, text.slice(0, place.start), mark, text.slice(place.end)));
    }
    this.#filterError.replaceChildren(...parts);
    this.#filter.focus();
    if (place !== undefined) this.#filter.setSelectionRange(place.start, place.end);
  }

  #choose(from: Query['from']): void {
    byId(`from-${from}`, HTMLInputElement).checked = true;
    this.#nameId();
  }

  #nameId(): void {
    const isItem = byId('from-item', HTMLInputElement).checked;
    this.#idLabel.textContent = isItem ? 'Item id' : 'User id';
    // The history of an item is nobody's.
    this.#seen.disabled = isItem;
  }

  #showDiversity(): void {
    const value = Number(this.#diversity.value);
    this.#diversityValue.textContent = value === 0 ? 'off' : value.toFixed(2);
  }
}
