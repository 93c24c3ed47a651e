import { addressOf, queryIn } from './address.ts';
import { Api, CallError } from './api.ts';
import { Contract, type ModelInfo, type Query } from './contract.ts';
import { byId } from './dom.ts';
import { isFilterProblem } from './filter-place.ts';
import { formatCount } from './format.ts';
import { MetricsPanel } from './metrics-panel.ts';
import { QueryForm } from './query-form.ts';
import { recommend } from './recommend.ts';
import { ResultsView } from './results-view.ts';
import { VersionsPanel } from './versions-panel.ts';

const TOKEN = 'vector-recall-token';

const api = new Api();
const contract = new Contract(api);
const results = new ResultsView();
const form = new QueryForm((query) => void ask(query));
const versions = new VersionsPanel(contract, () => void refresh());
const metrics = new MetricsPanel(
  api,
  () => info !== undefined,
  (served) => {
    if (info !== undefined && served.length > 0 && !served.includes(info.version)) void refresh();
  },
);

let info: ModelInfo | undefined;
/** What was asked last and answered; asked again when another version is served. */
let answered: Query | undefined;
/** Queries that were asked so far: an answer is shown while no later one was asked. */
let asked = 0;

async function ask(query: Query): Promise<void> {
  const turn = ++asked;
  form.accept();
  results.showBusy();
  try {
    info ??= await loadInfo();
    const recommended = await recommend(contract, query, info);
    if (turn !== asked) return;
    results.show(recommended);
    answered = query;
    history.replaceState(null, '', addressOf(query));
  } catch (error) {
    if (turn !== asked) return;
    const message = messageOf(error);
    const isFilter = query.filter !== '' && isFilterProblem(message);
    if (isFilter) form.refuseFilter(message);
    results.showFailure(isFilter ? 'The filter is wrong; see below it.' : message);
  }
}

async function loadInfo(): Promise<ModelInfo> {
  const loaded = await contract.modelInfo();
  form.fit(loaded);
  const { version, itemCount, userCount } = loaded;
  byId('model', HTMLElement).textContent =
    `Version ${version} · ${formatCount(itemCount)} items · ${formatCount(userCount)} users`;
  return loaded;
}

/** Reads everything anew: another version is served, or another token is used. */
async function refresh(): Promise<void> {
  const listing = versions.refresh(api.token !== '');
  try {
    info = await loadInfo();
    if (answered !== undefined) await ask(answered);
  } catch (error) {
    info = undefined;
    byId('model', HTMLElement).textContent = messageOf(error);
  }
  await listing;
}

function useToken(input: HTMLInputElement): void {
  api.token = input.value.trim();
  // Gone with the tab.
  sessionStorage.setItem(TOKEN, api.token);
  void refresh();
}

function messageOf(error: unknown): string {
  return error instanceof CallError ? error.message : String(error);
}

async function start(): Promise<void> {
  const token = byId('token', HTMLInputElement);
  token.value = sessionStorage.getItem(TOKEN) ?? '';
  api.token = token.value;
  token.addEventListener('change', () => {
    useToken(token);
  });
  byId('access', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
  });
  const shared = queryIn(location.search);
  if (shared !== undefined) form.write(shared);
  // Read now: the form is open to whoever types while the page loads.
  const first = form.read();
  await refresh();
  metrics.start();
  if (shared !== undefined && info !== undefined && asked === 0) await ask(first);
}

void start();
