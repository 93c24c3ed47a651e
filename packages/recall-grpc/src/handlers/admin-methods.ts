import { standingLimits, type Standing } from '@vector-recall/recall-service';
import { SHORT_REQUEST_BYTES, STANDING_REQUEST_BYTES } from '../contract/limits';
import type { ModelAdmin, ServedStanding, VersionAdmin } from '../contract/model-source';
import { StandingOffError, WireRequestError } from '../errors';
import {
  GetStandingRequest,
  ListVersionsRequest,
  ListVersionsResponse,
  PromoteModelRequest,
  PromoteModelResponse,
  ReloadModelRequest,
  ReloadModelResponse,
  RollBackModelRequest,
  SetStandingResponse,
  type ModelVersion,
} from '../gen/recall/v1/admin';
import type { Method } from '../pipeline/call';
import { decodeGenerated } from '../wire/decode-generated';
import { IdLists, type Id } from '../wire/id-lists';
import { readMessage, type ProtoReader } from '../wire/proto-reader';
import { delimited } from '../wire/tags';

type Reload = Awaited<ReturnType<ModelAdmin['reload']>>;

/** How each method of `AdminService` is served. */
export function adminMethods(admin: ModelAdmin): readonly Method[] {
  return [...versionMethods(admin), reloadMethod(admin), ...standingMethods(admin)];
}

/** Those that list, promote and roll back versions, which other ports serve too. */
export function versionMethods(admin: VersionAdmin): readonly Method[] {
  const listVersions: Method<ListVersionsRequest, readonly ModelVersion[]> = {
    name: 'ListVersions',
    maxRequestBytes: SHORT_REQUEST_BYTES,
    decode: (bytes) => decodeGenerated('ListVersionsRequest', ListVersionsRequest, bytes),
    answer: () => admin.versions(),
    encode: (versions) => Buffer.from(ListVersionsResponse.encode({ versions: [...versions] }).finish()),
  };
  const promoteModel: Method<string, Reload> = {
    name: 'PromoteModel',
    maxRequestBytes: SHORT_REQUEST_BYTES,
    decode: (bytes) => {
      const { version } = decodeGenerated('PromoteModelRequest', PromoteModelRequest, bytes);
      if (version === '') throw new WireRequestError('version', 'version is not set; name the version to promote.');
      return version;
    },
    answer: (version) => admin.promote(version),
    encode: encodePromoted,
  };
  const rollBackModel: Method<RollBackModelRequest, Reload> = {
    name: 'RollBackModel',
    maxRequestBytes: SHORT_REQUEST_BYTES,
    decode: (bytes) => decodeGenerated('RollBackModelRequest', RollBackModelRequest, bytes),
    answer: () => admin.rollBack(),
    encode: encodePromoted,
  };
  return [listVersions, promoteModel, rollBackModel];
}

/** A response to a promotion; that to a rollback is the same. */
function encodePromoted({ version, previousVersion = '' }: Reload): Buffer {
  return Buffer.from(PromoteModelResponse.encode({ modelVersion: version, previousVersion }).finish());
}

function reloadMethod(admin: ModelAdmin): Method {
  const reloadModel: Method<ReloadModelRequest, Reload> = {
    name: 'ReloadModel',
    maxRequestBytes: SHORT_REQUEST_BYTES,
    decode: (bytes) => decodeGenerated('ReloadModelRequest', ReloadModelRequest, bytes),
    answer: ({ version }) => admin.reload(version === '' ? undefined : version),
    encode: ({ version, previousVersion = '', loadMs }) => {
      const response = { modelVersion: version, previousVersion, loadMillis: Math.round(loadMs) };
      return Buffer.from(ReloadModelResponse.encode(response).finish());
    },
  };
  return reloadModel;
}

function standingMethods(admin: ModelAdmin): readonly Method[] {
  const standing = (): ServedStanding => {
    if (admin.standing === undefined) throw new StandingOffError();
    return admin.standing;
  };
  const getStanding: Method<GetStandingRequest, Standing | undefined> = {
    name: 'GetStanding',
    maxRequestBytes: SHORT_REQUEST_BYTES,
    decode: (bytes) => decodeGenerated('GetStandingRequest', GetStandingRequest, bytes),
    answer: async () => Promise.resolve(standing().current),
    encode: encodeStanding,
  };
  const setStanding: Method<Standing, Standing | undefined> = {
    name: 'SetStanding',
    maxRequestBytes: STANDING_REQUEST_BYTES,
    decode: readStanding,
    answer: async (rules) => {
      await standing().set(rules);
      return standing().current;
    },
    encode: encodeStanding,
  };
  return [getStanding, setStanding];
}

/** Rules as they are sent: ids are counted before they are built. */
function readStanding(bytes: Buffer): Standing {
  return readMessage('SetStandingRequest', bytes, (request) => {
    const ids = new IdLists(standingLimits.maxDenied, 'hide more by a filter on an attribute');
    let deniedItemIds: Id[] = [];
    let filter = '';
    const readRules = (rules: ProtoReader): void => {
      while (!rules.isDone) {
        const tag = rules.tag();
        if (tag === delimited(1)) deniedItemIds = ids.read('denied_item_ids', rules, deniedItemIds);
        else if (tag === delimited(2)) filter = rules.text();
        else rules.skip(tag);
      }
    };
    while (!request.isDone) {
      const tag = request.tag();
      if (tag === delimited(1)) readRules(request.message());
      else request.skip(tag);
    }
    return { deniedItemIds, ...(filter === '' ? {} : { filter }) };
  });
}

function encodeStanding(standing: Standing | undefined): Buffer {
  const { deniedItemIds = [], filter = '' } = standing ?? {};
  const integerIds = deniedItemIds.filter((id) => typeof id === 'number');
  const stringIds = deniedItemIds.filter((id) => typeof id === 'string');
  // That of GetStanding is the same.
  const response = { rules: { deniedItemIds: { integerIds, stringIds }, filter } };
  return Buffer.from(SetStandingResponse.encode(response).finish());
}
