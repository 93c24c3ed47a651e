import { FilterSyntaxError } from '../errors';
import { filterLimits, type Bounds, type Filter } from '../filter';
import { tokensOf, type Token } from './tokens';

/**
 * Reads a filter from text:
 *
 *     category in ("shoes", "boots") and price < 50 and not brand = "x"
 *     tags has all ("new", "red") or age(added) <= 7d
 *     price in [10, 50) and added >= 2026-01-31 and id not in (17, "b")
 *
 * `or` binds weakest, then `and`, then `not`. Names with other characters than letters, digits, `_`, `.` and `-`, and
 * the names of the language, stand in backticks. Which attributes there are is `checkFilter`'s to say.
 *
 * @throws FilterSyntaxError
 */
export function parseFilter(source: string): Filter {
  return new FilterParser(source).parse();
}

type Numeric = 'number' | 'duration';

class FilterParser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(private readonly source: string) {
    this.#tokens = tokensOf(source);
  }

  parse(): Filter {
    const filter = this.#or();
    if (this.#token.kind !== 'end') this.#fail('expected and, or, or the end');
    return filter;
  }

  get #token(): Token {
    return this.#tokens[this.#next];
  }

  #fail(problem: string): never {
    throw new FilterSyntaxError(this.source, this.#token.start, problem);
  }

  #or(): Filter {
    const filters = [this.#and()];
    while (this.#take('word', 'or')) filters.push(this.#and());
    return filters.length === 1 ? filters[0] : { kind: 'anyOf', filters };
  }

  #and(): Filter {
    const filters = [this.#unary()];
    while (this.#take('word', 'and')) filters.push(this.#unary());
    return filters.length === 1 ? filters[0] : { kind: 'allOf', filters };
  }

  #unary(): Filter {
    // Parentheses and negations that mean nothing would pass the check of depth, but not the stack.
    if (++this.#depth > 4 * filterLimits.maxDepth) this.#fail('this is nested too deep');
    try {
      if (this.#take('word', 'not')) return { kind: 'not', filter: this.#unary() };
      if (!this.#take('sign', '(')) return this.#test();
      const filter = this.#or();
      this.#expect(')');
      return filter;
    } finally {
      this.#depth--;
    }
  }

  #test(): Filter {
    const token = this.#token;
    if (token.kind !== 'word' && token.kind !== 'attribute') this.#fail('expected an attribute, not or (');
    this.#next++;
    if (token.kind === 'word' && token.value === 'id') return this.#ids();
    if (token.kind === 'word' && token.value === 'age' && this.#take('sign', '(')) return this.#age();
    return this.#comparison(token.value);
  }

  #ids(): Filter {
    const isNegated = this.#take('word', 'not');
    if (!this.#take('word', 'in')) this.#fail('expected in or not in after id');
    const filter: Filter = { kind: 'ids', ids: this.#list(() => this.#id()) };
    return isNegated ? { kind: 'not', filter } : filter;
  }

  #id(): number | string {
    const token = this.#token;
    if (token.kind !== 'text' && !(token.kind === 'number' && Number.isSafeInteger(token.value))) {
      return this.#fail('expected an id: an integer, or text in double quotes');
    }
    this.#next++;
    return token.value;
  }

  #age(): Filter {
    const token = this.#token;
    if (token.kind !== 'word' && token.kind !== 'attribute') this.#fail('expected the name of a date');
    this.#next++;
    this.#expect(')');
    const bounds = this.#take('word', 'in') ? this.#interval('duration') : this.#bound('duration');
    return { kind: 'age', attribute: token.value, ...bounds };
  }

  #comparison(attribute: string): Filter {
    const labels = (values: readonly string[], mode: 'any' | 'all' | 'none'): Filter => {
      return { kind: 'labels', attribute, values, mode };
    };
    if (this.#take('word', 'in')) {
      if (this.#token.kind === 'sign' && this.#token.value === '[') {
        return { kind: 'range', attribute, ...this.#interval('number') };
      }
      // An interval without its lower bound looks like a list until its first value.
      const second = this.#tokens.at(this.#next + 1);
      if (second?.kind === 'number') return { kind: 'range', attribute, ...this.#interval('number') };
      return labels(this.#texts(), 'any');
    }
    if (this.#take('word', 'not')) {
      if (!this.#take('word', 'in')) this.#fail('expected in after not');
      return labels(this.#texts(), 'none');
    }
    if (this.#take('word', 'has')) {
      if (!this.#take('word', 'all')) this.#fail('expected all after has');
      return labels(this.#texts(), 'all');
    }
    const { value: operator } = { value: undefined, ...this.#token };
    const operand = this.#tokens.at(this.#next + 1);
    if ((operator === '=' || operator === '!=') && operand?.kind === 'text') {
      this.#next += 2;
      return labels([operand.value], operator === '=' ? 'any' : 'none');
    }
    return { kind: 'range', attribute, ...this.#bound('number') };
  }

  /** A comparison with one value. */
  #bound(kind: Numeric): Bounds {
    const token = this.#token;
    const operators = kind === 'number' ? 'in, not in, has all, =, !=, <, <=, > or >=' : 'in, <, <=, > or >=';
    if (token.kind !== 'sign' || !['=', '<', '<=', '>', '>='].includes(token.value))
      this.#fail(`expected ${operators}`);
    this.#next++;
    const value = this.#numeric(kind);
    switch (token.value) {
      case '<':
        return { max: value, excludesMax: true };
      case '<=':
        return { max: value };
      case '>':
        return { min: value, excludesMin: true };
      case '>=':
        return { min: value };
      default:
        return { min: value, max: value };
    }
  }

  /** `[1, 5)`: square brackets include a bound, round ones exclude it. */
  #interval(kind: Numeric): Bounds {
    const excludesMin = this.#take('sign', '(');
    if (!excludesMin) this.#expect('[');
    const min = this.#numeric(kind);
    this.#expect(',');
    const max = this.#numeric(kind);
    const excludesMax = this.#take('sign', ')');
    if (!excludesMax && !this.#take('sign', ']')) this.#fail('expected ] or )');
    return { min, max, ...(excludesMin ? { excludesMin } : {}), ...(excludesMax ? { excludesMax } : {}) };
  }

  #numeric(kind: Numeric): number {
    const token = this.#token;
    if (token.kind !== kind) {
      const wanted = kind === 'number' ? 'a number or a date' : 'a duration such as 30m, 12h or 7d';
      return this.#fail(`expected ${wanted}`);
    }
    this.#next++;
    return token.value;
  }

  #texts(): string[] {
    return this.#list(() => {
      const token = this.#token;
      if (token.kind !== 'text') return this.#fail('expected text in double quotes');
      this.#next++;
      return token.value;
    });
  }

  #list<Value>(read: () => Value): Value[] {
    this.#expect('(');
    const values = [read()];
    while (this.#take('sign', ',')) values.push(read());
    this.#expect(')');
    return values;
  }

  #take(kind: 'word' | 'sign', value: string): boolean {
    const token = this.#token;
    if (token.kind !== kind || token.value !== value) return false;
    this.#next++;
    return true;
  }

  #expect(value: string): void {
    if (!this.#take('sign', value)) this.#fail(`expected ${value}`);
  }
}
