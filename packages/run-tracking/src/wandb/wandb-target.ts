import { TrackingTargetError } from '../errors';
import { WandbTracker, type WandbProject } from './wandb-tracker';

/** The interpreter that has the library, where it is not `python3`. */
const PYTHON_VARIABLE = 'VECTOR_RECALL_PYTHON';

/** Characters that a project's name may not have, by the library's own rule. */
const NAME = /^[^/\\#?%:\s]{1,128}$/;

/**
 * @throws TrackingTargetError where the target is not `wandb:PROJECT` or `wandb:ENTITY/PROJECT`
 * @throws TrackingLibraryError where Python or its library `wandb` is missing
 */
export function wandbTracker(target: string, env: Readonly<Record<string, string | undefined>>): Promise<WandbTracker> {
  return WandbTracker.create(projectOf(target), env[PYTHON_VARIABLE] ?? 'python3', env);
}

function projectOf(target: string): WandbProject {
  const names = target.replace(/^wandb:?/, '').split('/');
  const project = names.pop();
  const entity = names.pop();
  if (project === undefined || names.length > 0 || ![project, entity ?? project].every((name) => NAME.test(name))) {
    throw new TrackingTargetError(target, 'it must be wandb:PROJECT or wandb:ENTITY/PROJECT, such as wandb:films');
  }
  return { project, entity };
}
