import { CallError } from './api.ts';
import type { Contract, Version } from './contract.ts';
import { byId, h } from './dom.ts';

/** The versions of the store, to promote and to roll back: for whoever has a token of the role admin. */
export class VersionsPanel {
  readonly #list = byId('versions', HTMLUListElement);
  readonly #status = byId('versions-status', HTMLElement);
  readonly #rollBack = byId('roll-back', HTMLButtonElement);
  readonly #dialog = byId('confirm', HTMLDialogElement);
  readonly #question = byId('confirm-question', HTMLElement);
  /** What was promoted here last. */
  #promoted?: string;

  constructor(
    private readonly contract: Contract,
    /** Hears that another version is served; to refresh what shows it, this panel too. */
    private readonly onSwitch: () => void,
  ) {
    this.#rollBack.addEventListener('click', () => {
      this.#ask('Roll back to the version that was promoted before?', () => this.contract.rollBack());
    });
  }

  /** Reads the list anew. @param hasToken whether there is a token to ask with */
  async refresh(hasToken: boolean): Promise<void> {
    if (!hasToken) {
      this.#show([]);
      this.#status.textContent = 'Enter a token of the role admin to see, promote and roll back versions.';
      return;
    }
    try {
      const versions = await this.contract.versions();
      this.#show(versions);
      const current = versions.find(({ promoted }) => promoted)?.version;
      const isOurs = current !== undefined && current === this.#promoted;
      this.#status.textContent = isOurs ? `${current} is promoted and served.` : '';
    } catch (error) {
      this.#show([]);
      this.#status.textContent = messageOf(error);
    }
  }

  #show(versions: readonly Version[]): void {
    this.#rollBack.hidden = versions.length === 0;
    this.#list.replaceChildren(...versions.map((version) => this.#row(version)));
  }

  #row({ version, promoted, serving }: Version): HTMLElement {
    const badges = [...(promoted ? ['promoted'] : []), ...(serving ? ['serving'] : [])];
    const row = h(
      'li',
      {},
      h('span', { class: 'name' }, version),
      ...badges.map((text) => h('span', { class: 'badge' }, text)),
    );
    if (!promoted) {
      const promote = h('button', { type: 'button', 'aria-label': `Promote ${version}` }, 'Promote');
      promote.addEventListener('click', () => {
        this.#ask(`Promote ${version}?`, () => this.contract.promote(version));
      });
      row.append(promote);
    }
    return row;
  }

  /** Has a person confirm what all servers on the store will follow. */
  #ask(question: string, act: () => Promise<string>): void {
    this.#question.textContent = question;
    this.#dialog.returnValue = '';
    const onClose = (): void => {
      if (this.#dialog.returnValue === 'yes') void this.#act(act);
    };
    this.#dialog.addEventListener('close', onClose, { once: true });
    this.#dialog.showModal();
  }

  async #act(act: () => Promise<string>): Promise<void> {
    this.#status.textContent = 'Loading the version…';
    try {
      this.#promoted = await act();
      this.onSwitch();
    } catch (error) {
      this.#status.textContent = messageOf(error);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof CallError ? error.message : String(error);
}
