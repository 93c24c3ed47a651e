import { standingLimits, type Standing } from '@vector-recall/recall-service';
import { SHORT_REQUEST_BYTES, STANDING_REQUEST_BYTES } from '../contract/limits';
import type { ModelAdmin, ServedStanding } from '../contract/model-source';
import { StandingOffError } from '../errors';
import {
  GetStandingRequest,
  ListVersionsRequest,
  ListVersionsResponse,
  ReloadModelRequest,
  ReloadModelResponse,
  SetStandingResponse,
  type ModelVersion,
} from '../gen/recall/v1/admin';
import type { Method } from '../pipeline/call';
import { decodeGenerated } from '../wire/decode-generated';
import { IdLists, type Id } from '../wire/id-lists';
import { readMessage, type ProtoReader } from '../wire/proto-reader';
import { delimited } from '../wire/tags';

/** How each method of `AdminService` is served. */
export function adminMethods(admin: ModelAdmin): readonly Method[] {
  const listVersions: Method<ListVersionsRequest, readonly ModelVersion[]> = {
    name: 'ListVersions',
    maxRequestBytes: SHORT_REQUEST_BYTES,
    decode: (bytes) => decodeGenerated('ListVersionsRequest', ListVersionsRequest, bytes),
    answer: () => admin.versions(),
    encode: (versions) => Buffer.from(ListVersionsResponse.encode({ versions: [...versions] }).finish()),
  };
  const reloadModel: Method<ReloadModelRequest, Awaited<ReturnType<ModelAdmin['reload']>>> = {
    name: 'ReloadModel',
    maxRequestBytes: SHORT_REQUEST_BYTES,
    decode: (bytes) => decodeGenerated('ReloadModelRequest', ReloadModelRequest, bytes),
    answer: ({ version }) => admin.reload(version === '' ? undefined : version),
    encode: ({ version, previousVersion = '', loadMs }) => {
      const response = { modelVersion: version, previousVersion, loadMillis: Math.round(loadMs) };
      return Buffer.from(ReloadModelResponse.encode(response).finish());
    },
  };
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
  return [listVersions, reloadModel, getStanding, setStanding];
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
