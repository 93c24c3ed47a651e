import type { Standing } from '@vector-recall/recall-service';
import {
  AdminServiceClient,
  type ModelVersion,
  type PromoteModelResponse,
  type StandingRules,
} from '../gen/recall/v1/admin';
import { Caller } from './caller';
import type { RecallClientOptions } from './client-options';
import { idList } from './id-list';
import type { ClientCallOptions } from './unary-call';

/** What a server answers from after a reload. */
export interface ReloadAnswer {
  readonly modelVersion: string;
  /** Equal to `modelVersion` where there was nothing to switch, absent where no version was in use. */
  readonly previousVersion?: string;
  readonly loadMillis: number;
}

/** What a server answers from after a promotion, which is the promoted version too. */
export type PromoteAnswer = Pick<ReloadAnswer, 'modelVersion' | 'previousVersion'>;

/** Calls the admin service of a recall server. A reload is not repeated: only the caller knows whether it should be. */
export class AdminClient {
  readonly #stub: AdminServiceClient;
  readonly #caller: Caller;

  /**
   * @param target `host:port` of the admin service
   * @throws SecretFileError
   */
  constructor(target: string, options: RecallClientOptions = {}) {
    this.#caller = new Caller(target, { ...options, maxAttempts: 1 });
    this.#stub = new AdminServiceClient(...this.#caller.connection);
  }

  /**
   * Has the server load a version and switch to it; default: the promoted one.
   * @throws RecallCallError
   */
  async reload(version = '', options?: ClientCallOptions): Promise<ReloadAnswer> {
    const stub = this.#stub;
    const answer = await this.#caller.call(stub.reloadModel.bind(stub), { version }, options);
    const { modelVersion, previousVersion, loadMillis } = answer;
    return { modelVersion, ...(previousVersion === '' ? {} : { previousVersion }), loadMillis };
  }

  /**
   * Has the server load a version, switch to it and promote it in the store.
   * @throws RecallCallError
   */
  async promote(version: string, options?: ClientCallOptions): Promise<PromoteAnswer> {
    const stub = this.#stub;
    return promoteAnswer(await this.#caller.call(stub.promoteModel.bind(stub), { version }, options));
  }

  /**
   * Does so with the version that was promoted before.
   * @throws RecallCallError
   */
  async rollBack(options?: ClientCallOptions): Promise<PromoteAnswer> {
    const stub = this.#stub;
    return promoteAnswer(await this.#caller.call(stub.rollBackModel.bind(stub), {}, options));
  }

  /** The versions in the server's store, newest first. @throws RecallCallError */
  async versions(options?: ClientCallOptions): Promise<readonly ModelVersion[]> {
    const stub = this.#stub;
    return (await this.#caller.call(stub.listVersions.bind(stub), {}, options)).versions;
  }

  /**
   * The rules that hold for every request; without ids and filter, none do.
   * @throws RecallCallError
   */
  async standing(options?: ClientCallOptions): Promise<Standing> {
    const stub = this.#stub;
    return standingOf((await this.#caller.call(stub.getStanding.bind(stub), {}, options)).rules);
  }

  /**
   * Puts rules in the place of all before, for every request that begins once this has resolved.
   * @throws RecallCallError, ClientRequestError
   */
  async setStanding({ deniedItemIds, filter = '' }: Standing, options?: ClientCallOptions): Promise<Standing> {
    const stub = this.#stub;
    const request = { rules: { deniedItemIds: idList('deniedItemIds', deniedItemIds), filter } };
    return standingOf((await this.#caller.call(stub.setStanding.bind(stub), request, options)).rules);
  }

  /** Ends the connection; calls in flight fail. */
  close(): void {
    this.#stub.close();
  }
}

function promoteAnswer({ modelVersion, previousVersion }: PromoteModelResponse): PromoteAnswer {
  return { modelVersion, ...(previousVersion === '' ? {} : { previousVersion }) };
}

function standingOf(rules: StandingRules | undefined): Standing {
  const { deniedItemIds, filter = '' } = rules ?? {};
  const { integerIds = [], stringIds = [] } = deniedItemIds ?? {};
  return { deniedItemIds: [...integerIds, ...stringIds], ...(filter === '' ? {} : { filter }) };
}
