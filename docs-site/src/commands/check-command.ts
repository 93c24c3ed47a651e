import { normaliseArguments } from '@vector-recall/command-line';
import { compileConfig, listOptions, type FlagValues } from '@vector-recall/core-config';
import { parseServerCall } from '@vector-recall/recall-server/program';
import { parseCall, type ParsedCall } from '@vector-recall/trainer-cli/program';
import { readProjects, readScripts, repositoryHas, repositoryPath } from './workspace';

const projects = readProjects();
const scripts = readScripts();

/** Programs that are not ours: their words are not looked at, apart from paths of the repository. */
const FOREIGN = new Set(
  (
    'cat cd cp curl docker export gh git go grep grpcurl gunzip head helm jq kill kubectl less ls mkdir mlflow mv nats-server node ' +
    'pip protoc python python3 sed source tail tensorboard test wandb . openssl echo printf'
  ).split(' '),
);

/** Commands of Nx that take projects and targets as options. */
const NX_COMMANDS = new Set(['affected', 'graph', 'release', 'reset', 'run-many', 'show', 'sync', 'sync:check']);

/**
 * What is wrong with a command of the documentation, in sentences: an unknown command, option or target, a value out of
 * range, or a file that the repository does not have.
 */
export function faultsOf(words: readonly string[]): string[] {
  const missing = words.flatMap((word) => {
    const path = repositoryPath(word);
    return path === undefined || repositoryHas(path) ? [] : [`The repository has no ${path}.`];
  });
  return [...missing, ...faultsOfProgram(words)];
}

function faultsOfProgram([program = '', ...args]: readonly string[]): string[] {
  switch (program) {
    case 'npx':
      return faultsOfProgram(args[0] === '--no-install' ? args.slice(1) : args);
    case 'vector-recall':
      return thrownBy(() => {
        const call = parseCall(normaliseArguments(args), '0', () => undefined);
        if (call !== undefined) compileConfig({ flags: optionsOf(call) });
      });
    case 'vector-recall-server':
      return thrownBy(() => {
        const call = parseServerCall(normaliseArguments(args), '0', () => undefined);
        if (call !== undefined) compileConfig({ flags: call.flags });
      });
    case 'nx':
      return faultsOfNx(args);
    case 'npm':
      return faultsOfNpm(args);
    case 'vector-recall-setup':
    case 'prettier':
      return [];
    default:
      return FOREIGN.has(program) || repositoryPath(program) !== undefined ? [] : [`There is no program ${program}.`];
  }
}

/** The flags that are options; a command may have one of the same name that is not. */
function optionsOf({ definition, given }: ParsedCall): FlagValues {
  const accepted = new Set(
    listOptions()
      .filter((option) => definition.accepts(option))
      .map(({ flag }) => flag),
  );
  return Object.fromEntries(Object.entries(given.flags).filter(([flag]) => accepted.has(flag)));
}

function thrownBy(parse: () => void): string[] {
  try {
    parse();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function faultsOfNx([first = '', ...args]: readonly string[]): string[] {
  if (NX_COMMANDS.has(first)) return [];
  const [project = '', target = '', ...rest] =
    first === 'run' ? [...(args[0] ?? '').split(':'), ...args.slice(1)] : [args[0] ?? '', first];
  const targets = projects.get(project);
  if (targets === undefined) return [`There is no project ${project}.`];
  if (!targets.has(target)) return [`The project ${project} has no target ${target}.`];
  if (project === 'trainer-cli' && target !== 'build')
    return faultsOfProgram(['vector-recall', ...trainerCommand(target), ...rest]);
  if (project === 'recall-server' && target === 'serve') return faultsOfProgram(['vector-recall-server', ...rest]);
  return [];
}

/** The words of the command that a target of trainer-cli runs: `index-build` runs `index build`. */
const trainerCommand = (target: string): string[] => (target.startsWith('index-') ? target.split('-') : [target]);

function faultsOfNpm([first = '', second = '']: readonly string[]): string[] {
  if (['audit', 'ci', 'install', 'pack', 'sbom'].includes(first)) return [];
  const script = first === 'run' ? second : first;
  return scripts.has(script) ? [] : [`There is no script ${script}.`];
}
